"""Handing out tasks in one process: fair turns, a limit per lane, asleep until something is due."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from core.errors import SettingsError, StorageError
from core.task import Task
from jobs.patience import patiently
from jobs.ports import now
from storage import lines, tasks
from storage.database import Database

log = structlog.get_logger()

_PATIENCE = 20.0  # seconds
_GIVEN_BACK = timedelta(seconds=30)  # until a task is tried again whose runner died


class Dispatcher(Protocol):
    """The seam between the task table and whoever hands its tasks out."""

    def put(self, connection: Connection, task: Task) -> None:
        """Announce a task inside the transaction that stores it."""

    def wake(self) -> None:
        """Look again now: something changed."""

    def seats(self) -> Mapping[str, int]:
        """How many tasks of each lane may run at a time."""

    async def serve(self) -> None:
        """Hand out tasks until cancelled."""


class LocalDispatcher:
    """The dispatcher of the embedded mode: the table is the queue, this process its only reader.

    `lanes` says how many tasks of each lane may run at a time, also when that changes; those of
    `patient` lanes are given `_PATIENCE` to finish at the end, for interrupting them would leave
    a question.
    """

    def __init__(
        self,
        database: Database,
        lanes: MutableMapping[str, int],
        run: Callable[[Task], Awaitable[None]],
        *,
        patient: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._lanes = lanes
        self._run = run
        self._patient = patient
        self._clock = clock
        self._wake = asyncio.Event()
        self._running: dict[asyncio.Task[None], str] = {}

    def put(self, connection: Connection, task: Task) -> None:
        """Nothing to write: the task's row is its place in the queue."""

    def wake(self) -> None:
        self._wake.set()

    def seats(self) -> Mapping[str, int]:
        """How many tasks of each lane may run at a time."""
        return self._lanes

    def set_seats(self, lane: str, count: int) -> None:
        """Change a lane's limit; tasks that run already go on."""
        self._lanes[lane] = count
        self.wake()

    async def serve(self) -> None:
        """Hand out tasks until cancelled; claims of a process that died are given up first."""
        freed = await patiently(self._database.write)(tasks.free_all)
        # A service that was switched off leaves tasks behind: they must come to an end as well.
        for lane in await self._database.read(lines.lanes):
            self._lanes.setdefault(lane, 1)
        log.info("serving", lanes=self._lanes, resumed=freed)
        try:
            while True:
                self._wake.clear()
                due = await self._hand_out()
                await self._sleep_until(due)
        finally:
            await self._end()

    async def _end(self) -> None:
        patient = {work for work, lane in self._running.items() if lane in self._patient}
        for work in self._running.keys() - patient:
            work.cancel()
        if patient:
            await asyncio.wait(patient, timeout=_PATIENCE)
        running = list(self._running)
        for work in running:
            work.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @patiently
    async def _hand_out(self) -> datetime | None:
        """Fill the free seats; gives when the next waiting task of a free lane comes due."""
        moment = self._clock()
        taken = list(self._running.values())
        seats = {lane: limit - taken.count(lane) for lane, limit in self._lanes.items()}
        free = {lane: count for lane, count in seats.items() if count > 0}
        if not free:
            return None
        claimed, due = await self._database.write(tasks.claim_all, free, moment)
        for task in claimed:
            work = asyncio.create_task(self._work_on(task))
            self._running[work] = task.lane
            work.add_done_callback(self._finished)
        return due

    async def _work_on(self, task: Task) -> None:
        """Run a task; one whose state could not be saved is claimed anew when that works again."""
        try:
            await self._run(task)
        except StorageError as error:
            log.warning("not saved", task=task.id, reason=str(error))
            due = self._clock() + _GIVEN_BACK
            await patiently(self._database.write)(tasks.give_back, task, due)

    def _finished(self, work: "asyncio.Task[None]") -> None:
        del self._running[work]
        self._wake.set()
        if not work.cancelled() and (error := work.exception()):
            log.error("task runner died", exc_info=error)

    async def _sleep_until(self, due: datetime | None) -> None:
        pause = None if due is None else max(0.0, (due - self._clock()).total_seconds())
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            return


def lock(database: Path) -> FileLock:
    """Keep a second process away from an embedded database; raises SettingsError if it is there."""
    guard = FileLock(database.with_suffix(".lock"))
    try:
        guard.acquire(timeout=0)
    except Timeout:
        raise SettingsError(
            f"DATABASE_URL: another bot is already running on {database}"
        ) from None
    return guard
