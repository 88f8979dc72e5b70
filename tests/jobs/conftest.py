"""A worker with real storage and real media, a scripted service, and someone who takes notes."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core.capabilities import Capabilities, Need, Stops
from core.request import VideoRequest
from core.task import NewTask, Place
from jobs.dispatcher import LocalDispatcher
from jobs.ports import Front, Way
from jobs.story import DELIVERY
from jobs.worker import Worker
from jobs.workshop import Workshop
from media.render.film import render
from media.runner import MediaRunner
from providers.base import Provider, Ready, RemoteId
from providers.offer import Catalog
from storage import ledger, orders, tasks, wishes
from storage.database import Database
from storage.media import MediaFolder
from tests.factories import policy

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
MODEL = Capabilities(
    model="scripted/one",
    title="Scripted",
    first_frame=Need.NONE,
    price=2,
    usual=0.01,
    cancel=Stops.ALWAYS,
    pushes=True,
)


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """A real, short MP4, as a service would hand it out."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    render(
        first=SAMPLES / "cat.jpg",
        target=path,
        prompt="",
        seconds=0.5,
        ratio="16:9",
        resolution="480p",
        seed=1,
        report=lambda _: None,
    )
    return path.read_bytes()


class Scripted(Provider):
    """A service that answers what the test says, and keeps count; unasked, all goes well."""

    name = "scripted"
    settles = timedelta(0)

    def __init__(self, film):
        self.models = (MODEL,)
        self.lanes = {"scripted": 2}
        self.film = film
        self.submits, self.looks, self.fetches, self.finds = [], [], [], []
        self.submitted, self.cancelled, self.taken = 0, [], set()
        self.keys, self.traces = [], []
        self.can_find = True
        self.waiting = asyncio.Event()
        self.stops = True

    async def submit(self, order):
        self.submitted += 1
        if self.keys:
            await order.chosen(self.keys.pop(0))
        answer = self.submits.pop(0) if self.submits else RemoteId(order.key)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            self.taken.add(answer)
        return answer

    async def look(self, remote, order):
        answer = self.looks.pop(0) if self.looks else Ready(url="film")
        if isinstance(answer, Exception):
            raise answer
        if answer == "for ever":
            self.waiting.set()
            await asyncio.Event().wait()
        return answer

    async def fetch(self, ready, order):
        answer = self.fetches.pop(0) if self.fetches else self.film
        if isinstance(answer, Exception):
            raise answer
        order.target.write_bytes(answer)

    async def find(self, order, trace):
        self.traces.append(trace)
        answer = self.finds.pop(0) if self.finds else None
        if callable(answer):
            answer = await answer(trace)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def cancel(self, remote):
        self.cancelled.append(remote)
        answer = self.stops.pop(0) if isinstance(self.stops, list) else self.stops
        if isinstance(answer, Exception):
            raise answer
        return answer


class Notes(Front):
    """Remembers what people were sent and told; `troubles` are raised first, one by one."""

    def __init__(self):
        self.delivered, self.asked, self.told, self.troubles = [], [], [], []
        self.reports, self.tried, self.ways = [], [], []
        self.question_troubles, self.telling_troubles = [], []
        self.moved = asyncio.Event()

    async def deliver(self, task, clip, way=Way.VIDEO):
        self.tried.append(way)
        if self.troubles:
            raise self.troubles.pop(0)
        assert clip.video.stat().st_size == clip.size
        self.delivered.append(task.id)
        self.ways.append(way)
        return {"chat": task.place.chat, "message": 100 + task.id}

    async def ask_whether_arrived(self, task):
        if self.question_troubles:
            raise self.question_troubles.pop(0)
        self.asked.append(task.id)

    async def tell_end(self, task, reason, *, again):
        if self.telling_troubles:
            raise self.telling_troubles.pop(0)
        self.told.append((task.id, str(reason), again))

    async def report(self, *lines):
        self.reports.append("\n".join(map(str, lines)))

    def show(self, task, progress=None):
        self.moved.set()


class Desk:
    """One database, and processes that come and go over it."""

    def __init__(self, tmp_path, film):
        self.database = Database(tmp_path / "bot.db")
        self.service = Scripted(film)
        self.notes = Notes()
        self.policy = policy(daily_credits=100)
        self.workshop = Workshop(
            database=self.database,
            folder=MediaFolder(tmp_path / "media"),
            runner=MediaRunner(),
            catalog=Catalog({"scripted": self.service}),
            front=self.notes,
        )
        self.serving = None

    def start(self, lanes=None):
        """A fresh process: nothing is remembered but what is stored."""
        self.worker = Worker(self.workshop)
        lanes = lanes or {"scripted": 2, DELIVERY: 4}
        self.dispatcher = LocalDispatcher(self.database, lanes, self.worker.run)
        self.serving = asyncio.create_task(self.dispatcher.serve())

    async def stop(self):
        if self.serving:
            self.serving.cancel()
            await asyncio.gather(self.serving, return_exceptions=True)
            self.serving = None

    async def order(self, user=7, cost=10):
        new = NewTask(
            origin=f"test:{user}",
            sender=user,
            place=Place(chat=user, user=user),
            request=VideoRequest(model=MODEL.model, prompt="x", seconds=5, seed=1),
            lane="scripted",
            cost=cost,
        )
        accept = partial(orders.accept, put=self.dispatcher.put)
        task = await self.database.write(accept, new, self.policy, self.workshop.now())
        self.dispatcher.wake()
        return task

    async def rendering(self):
        """A task that the service has taken and never brings to an end by itself."""
        self.service.looks = ["for ever"]
        self.start()
        task = await self.order()
        await self.service.waiting.wait()
        return task

    async def press_cancel(self, task):
        await self.database.write(wishes.ask_cancel, task.id, self.workshop.now())
        self.worker.stop(task.id)

    async def task(self, number):
        return await self.database.read(tasks.get, number)

    async def until(self, number, check):
        """Wait for a stored task to satisfy a condition, asked whenever one has moved."""
        async with asyncio.timeout(20):
            while True:
                self.notes.moved.clear()
                task = await self.task(number)
                if check(task):
                    return task
                await self.notes.moved.wait()

    async def end_of(self, number):
        return await self.until(number, lambda task: task.is_final)

    async def balance(self, user=7):
        return await self.database.read(
            ledger.balance, self.policy, user, self.workshop.now().date()
        )

    async def store(self, task, **changes):
        """Write a task as an earlier process left it behind."""
        claimed = (await self.database.write(tasks.claim, task.lane, 1, self.workshop.now()))[0]
        state = changes.pop("state")
        facts = {**claimed.facts, **changes}
        await self.database.write(
            tasks.save, claimed, state=state, facts=facts, now=self.workshop.now()
        )
        return replace(claimed, state=state, facts=facts)


@pytest.fixture
async def desk(tmp_path, migrated, film):
    shutil.copy(migrated, tmp_path / "bot.db")
    one = Desk(tmp_path, film)
    yield one
    await one.stop()
    await one.database.close()
