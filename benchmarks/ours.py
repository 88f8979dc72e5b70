"""The bot between an accepted order and a finished video, for benchmarks; Telegram only takes notes."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.emulated import KINDS, SECONDS
from core.access import Policy
from core.request import Picture, VideoRequest
from core.task import NewTask, Place, Task, TaskId
from core.words import Sentence
from jobs.dispatcher import LocalDispatcher
from jobs.ports import Clip, Front, Progress, Way
from jobs.story import DELIVERY
from jobs.worker import Worker
from jobs.workshop import Workshop
from media.runner import MediaRunner
from providers import catalog
from providers.base import Answer, Kit, Order, Provider, Refused, RemoteId
from providers.web.wire import Web
from storage import orders, renders
from storage.database import Database
from storage.media import MediaFolder

_SAMPLES = Path(__file__).parents[1] / "playground" / "samples"
_PHOTOS = ("cat.jpg", "coffee.jpg", "astronaut.jpg")
_LEARNT = 20  # renders that are known before, so that looks are planned as they usually are


class NotingFront(Front):
    def __init__(self) -> None:
        self.delivered: dict[TaskId, Clip] = {}
        self.wanted = 0
        self.done = asyncio.Event()

    async def expect(self, count: int) -> None:
        self.wanted = len(self.delivered) + count
        self.done.clear()
        await self.done.wait()

    async def deliver(self, task: Task, clip: Clip, way: Way = Way.VIDEO) -> Mapping[str, Any]:
        self.delivered[task.id] = clip
        if len(self.delivered) == self.wanted:
            self.done.set()
        return {"message": task.id}

    async def ask_whether_arrived(self, task: Task) -> None:
        raise AssertionError(task.id)

    async def tell_end(self, task: Task, reason: Sentence, *, again: bool) -> None:
        print(f"task {task.id} failed: {reason}", file=sys.__stdout__)
        os._exit(1)

    async def report(self, text: str) -> None:
        print(text, file=sys.__stdout__)

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        return


def note_looks(provider: Provider) -> dict[RemoteId, list[float]]:
    """Seconds after each order at which it is looked at, noted from now on."""
    looks: dict[RemoteId, list[float]] = {}
    ordered: dict[RemoteId, float] = {}
    submit, look = provider.submit, provider.look

    async def noted_submit(order: Order) -> RemoteId | Refused:
        remote = await submit(order)
        if not isinstance(remote, Refused):
            ordered[remote], looks[remote] = time.perf_counter(), []
        return remote

    async def noted_look(remote: RemoteId, order: Order) -> Answer:
        looks[remote].append(time.perf_counter() - ordered[remote])
        return await look(remote, order)

    vars(provider).update(submit=noted_submit, look=noted_look)
    return looks


class Bot:
    """The bot between an accepted order and a finished video, with lanes `at_once` wide."""

    def __init__(
        self, folder: Path, name: str, environment: Mapping[str, str], at_once: int
    ) -> None:
        free = {f"{name}.running": at_once, f"{name}.rps": 1e6, f"{name}.looks": 1e6}
        self.model = KINDS[name].model
        self.front = NotingFront()
        self.runner = MediaRunner(seats=max(1, os.cpu_count() or 1), jobs=50)  # as the bot has it
        self.web = Web(private=True)
        kit = Kit(environment=environment, runner=self.runner, web=self.web, limits=free)
        self.catalog = catalog.build(kit)
        self.database = Database(folder / "bot.db")
        self.folder = MediaFolder(folder / "media")
        workshop = Workshop(
            database=self.database,
            folder=self.folder,
            runner=self.runner,
            catalog=self.catalog,
            front=self.front,
        )
        lanes = {**self.catalog.providers[name].lanes, DELIVERY: at_once}
        self.dispatcher = LocalDispatcher(self.database, lanes, Worker(workshop).run)
        self.looks = note_looks(self.catalog.providers[name])

    async def take_in_photos(self) -> Sequence[Picture]:
        taken = []
        for photo in _PHOTOS:
            files = {"source": str(_SAMPLES / photo), "target": str(self.folder.new(".jpg"))}
            taken.append(Picture(**await self.runner.run("take_in_picture", files)))
        return taken

    async def learn(self) -> None:
        for number in range(_LEARNT):
            await self.database.write(
                renders.add,
                TaskId(-1 - number),
                model=self.model,
                resolution="",
                length=0,
                seconds=SECONDS[0] + (SECONDS[1] - SECONDS[0]) * number / (_LEARNT - 1),
                now=datetime.now(UTC),
            )

    def request(self, photo: Picture, number: int) -> VideoRequest:
        """An order for a photo of its own."""
        model = self.catalog.model(self.model)
        assert model
        own = self.folder.new(".jpg")
        shutil.copy(self.folder.path(photo.file), own)
        return VideoRequest(
            model=model.model,
            prompt=f"the light changes slowly, take {number}",
            first_frame=replace(photo, file=own.name),
            seconds=model.default_seconds,
            resolution=model.default_resolution,
        )

    async def work(self, requests: Sequence[VideoRequest], start: int = 0) -> None:
        """Accept all orders at once, and wait until their videos are delivered."""
        policy = Policy(closed=False, daily_credits=10**6, daily_budget=10**9)
        accept = partial(orders.accept, put=self.dispatcher.put)
        model = self.catalog.model(self.model)
        assert model

        async def order(number: int, request: VideoRequest) -> None:
            user = 1 + number % 50
            new = NewTask(
                origin=f"bench:{number}",
                sender=user,
                place=Place(chat=user, user=user),
                request=request,
                lane=model.lane or model.provider,
                cost=5,
            )
            await self.database.write(accept, new, policy, datetime.now(UTC))
            self.dispatcher.wake()

        delivered = asyncio.create_task(self.front.expect(len(requests)))
        await asyncio.gather(*(order(start + at, one) for at, one in enumerate(requests)))
        await delivered

    async def close(self) -> None:
        await self.runner.close()
        await self.catalog.close()
        await self.web.close()
        await self.database.close()
