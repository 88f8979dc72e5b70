"""Running media jobs in child processes: a few at a time, bounded, and killed on cancel."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from core.errors import MediaCrashError, MediaError
from core.words import Sentence
from media.nursery import SHARED, Child, Nursery

_MEMORY = 2000  # MB of address space: a 48-megapixel photo decodes in about 1000
_FILE_BYTES = 2_000_000_000
_IDLE = 30.0  # seconds that a child waits for its next job
# Their files are of our own making, or a service's: a child that has opened a stranger's file
# may do as that file says, and works for nobody else.
_FAMILIAR = {"fit_picture", "cut_picture", "finish_video", "draw_card"}


class MediaRunner:
    """A few seats for media jobs, shared by everybody; `seats` follows the processor cores.

    A child serves up to `jobs` of them one after the other; whatever goes wrong, or opens a
    stranger's file, is its last one. `close` ends those that wait.
    """

    def __init__(self, seats: int = 2, *, jobs: int = 1, nursery: Nursery = SHARED) -> None:
        self._seats = asyncio.Semaphore(seats)
        self._jobs = jobs
        self._nursery = nursery
        self._idle: dict[Child, asyncio.TimerHandle] = {}  # and when each is sent home

    async def run(
        self,
        job: str,
        arguments: dict[str, Any],
        *,
        limit: int = 120,
        report: Callable[[float], None] | None = None,
    ) -> dict[str, Any]:
        """Run one job of `media.worker` with its arguments (paths as text) and give its result.

        `limit` in seconds bounds both its time and its processor time. Raises MediaError where the
        file is at fault, MediaCrashError where the child died or took too long.
        """
        async with self._seats:
            try:
                async with asyncio.timeout(limit):
                    return await self._run(job, arguments, limit, report)
            except TimeoutError:
                raise MediaCrashError(f"{job} took longer than {limit} s") from None

    async def close(self) -> None:
        """End the children that wait for a job."""
        while child := self._take():
            await child.kill()

    async def _run(
        self,
        job: str,
        arguments: dict[str, Any],
        limit: int,
        report: Callable[[float], None] | None,
    ) -> dict[str, Any]:
        child = self._take() or self._nursery.fork(job)
        child.jobs += 1
        order = {
            "job": job,
            "arguments": arguments,
            "memory": _MEMORY,
            "seconds": limit,
            "bytes": _FILE_BYTES,
            "parent": child.parent,
            "last": job not in _FAMILIAR or child.jobs >= self._jobs,
        }
        keep = False
        try:
            result = await _work(child, order, report)
            keep = not order["last"]
        finally:
            if not keep:
                await child.kill()
        if keep:
            self._keep(child)
        return result

    def _take(self) -> Child | None:
        """A child that waits; one may have died meanwhile."""
        while self._idle:
            child, ending = self._idle.popitem()
            ending.cancel()
            if child.is_alive:
                return child
            child.close()
        return None

    def _keep(self, child: Child) -> None:
        self._idle[child] = asyncio.get_running_loop().call_later(_IDLE, self._dismiss, child)

    def _dismiss(self, child: Child) -> None:
        del self._idle[child]
        child.close()


async def _work(
    child: Child, order: dict[str, Any], report: Callable[[float], None] | None
) -> dict[str, Any]:
    answers, orders = await child.streams()
    orders.write(json.dumps(order).encode() + b"\n")
    async for line in answers:
        answer = json.loads(line)
        if "result" in answer:
            result: dict[str, Any] = answer["result"]
            return result
        if "refused" in answer:
            raise MediaError(Sentence(**answer["refused"]))
        if "failed" in answer:
            raise MediaCrashError(f"{order['job']}: {answer['failed']}")
        if report and "progress" in answer:
            report(answer["progress"])
    raise MediaCrashError(f"{order['job']}: the child ended with {await child.end()}")
