"""Tasks per second and CPU per task of the engine alone: real SQLite, a provider that does nothing.

Each task is accepted in a transaction of its own (credits held), claimed, runs its whole story
with every remembered step and fenced save, and is settled. Media jobs are replaced by a runner
that answers at once, Telegram by a front that only counts.
"""

import argparse
import asyncio
import logging
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from core.access import Policy
from core.capabilities import Capabilities, Need
from core.request import VideoRequest
from core.task import NewTask, Place, Task, TaskId
from core.words import Sentence
from jobs.dispatcher import LocalDispatcher
from jobs.ports import Clip, Front, Progress, Way
from jobs.story import DELIVERY
from jobs.worker import Worker
from jobs.workshop import Workshop
from media.runner import MediaRunner
from providers.base import Answer, Order, Provider, Ready, RemoteId
from providers.offer import Catalog
from storage import orders
from storage.database import Database
from storage.media import MediaFolder

MODEL = Capabilities(
    model="nothing/at-all", title="Nothing", first_frame=Need.NONE, price=1, pushes=True
)


class Nothing(Provider):
    name = "nothing"
    models = (MODEL,)

    async def submit(self, order: Order) -> RemoteId:
        return RemoteId(order.key)

    async def look(self, remote: RemoteId, order: Order) -> Answer:
        return Ready(url="")

    async def fetch(self, ready: Ready, order: Order) -> None:
        return


class InstantRunner(MediaRunner):
    async def run(
        self,
        job: str,
        arguments: dict[str, Any],
        *,
        limit: int = 0,
        report: Callable[[float], None] | None = None,
    ) -> dict[str, Any]:
        return {"width": 16, "height": 16, "seconds": 5.0, "size": 1, "silent": True}


class CountingFront(Front):
    def __init__(self, wanted: int) -> None:
        self.left = wanted
        self.done = asyncio.Event()

    async def deliver(self, task: Task, clip: Clip, way: Way = Way.VIDEO) -> Mapping[str, Any]:
        self.left -= 1
        if not self.left:
            self.done.set()
        return {"message": task.id}

    async def ask_whether_arrived(self, task: Task) -> None:
        raise AssertionError(task.id)

    async def tell_end(self, task: Task, reason: Sentence, *, again: bool) -> None:
        raise AssertionError(str(reason))

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        return


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def measure(folder: Path, count: int, at_once: int) -> tuple[float, float]:
    """Seconds and CPU seconds for `count` tasks of 50 users, `at_once` of them running."""
    database = Database(folder / "engine.db")
    front = CountingFront(count)
    workshop = Workshop(
        database=database,
        folder=MediaFolder(folder / "media"),
        runner=InstantRunner(),
        catalog=Catalog({"nothing": Nothing()}),
        front=front,
    )
    lanes = {"nothing": at_once, DELIVERY: at_once}
    dispatcher = LocalDispatcher(database, lanes, Worker(workshop).run)
    serving = asyncio.create_task(dispatcher.serve())
    policy = Policy(closed=False, daily_credits=10**6, daily_budget=10**9)
    accept = partial(orders.accept, put=dispatcher.put)

    async def order(number: int) -> None:
        user = 1 + number % 50
        request = VideoRequest(model=MODEL.model, prompt="x", seconds=5, seed=number)
        new = NewTask(
            origin=f"bench:{number}",
            sender=user,
            place=Place(chat=user, user=user),
            request=request,
            lane="nothing",
            cost=5,
        )
        await database.write(accept, new, policy, datetime.now(UTC))
        dispatcher.wake()

    wall, cpu = time.perf_counter(), _cpu()
    await asyncio.gather(*(order(number) for number in range(count)))
    await front.done.wait()
    took = time.perf_counter() - wall, _cpu() - cpu
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await database.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    table = Table("round", "tasks/s", "CPU ms per task", title="The engine alone")
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            wall, cpu = asyncio.run(measure(Path(folder), options.tasks, options.at_once))
        rate, each = options.tasks / wall, cpu / options.tasks * 1000
        table.add_row(str(number + 1), f"{rate:.0f}", f"{each:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
