"""Running media jobs in child processes: a few at a time, bounded, and killed on cancel."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from core.errors import MediaCrashError, MediaError
from core.words import Sentence

_MEMORY = 2000  # MB of address space: a 48-megapixel photo decodes in about 1000
_FILE_BYTES = 2_000_000_000
_LINE = 1 << 20
_IDLE = 30.0  # seconds that a child waits for its next job
# Their files are of our own making, or a service's: a child that has opened a stranger's file
# may do as that file says, and works for nobody else.
_FAMILIAR = {"fit_picture", "cut_picture", "finish_video", "draw_card"}


@dataclass(eq=False, slots=True)
class _Child:
    process: asyncio.subprocess.Process
    jobs: int = 0
    ending: asyncio.TimerHandle | None = field(default=None, repr=False)

    async def kill(self) -> None:
        if self.ending:
            self.ending.cancel()
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class MediaRunner:
    """A few seats for media jobs, shared by everybody; `seats` follows the processor cores.

    A child serves up to `jobs` of them one after the other, for starting it costs more than most;
    whatever goes wrong, or opens a stranger's file, is its last one. `close` ends those that wait.
    """

    def __init__(self, seats: int = 2, *, jobs: int = 1) -> None:
        self._seats = asyncio.Semaphore(seats)
        self._jobs = jobs
        self._idle: list[_Child] = []

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
        while self._idle:
            await self._idle.pop().kill()

    async def _run(
        self,
        job: str,
        arguments: dict[str, Any],
        limit: int,
        report: Callable[[float], None] | None,
    ) -> dict[str, Any]:
        child = self._take() or _Child(await _start())
        child.jobs += 1
        order = {
            "job": job,
            "arguments": arguments,
            "memory": _MEMORY,
            "seconds": limit,
            "bytes": _FILE_BYTES,
            "parent": os.getpid(),
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

    def _take(self) -> _Child | None:
        """A child that waits; one may have died meanwhile."""
        while self._idle:
            child = self._idle.pop()
            if child.ending:
                child.ending.cancel()
            if child.process.returncode is None:
                return child
        return None

    def _keep(self, child: _Child) -> None:
        child.ending = asyncio.get_running_loop().call_later(_IDLE, self._dismiss, child)
        self._idle.append(child)

    def _dismiss(self, child: _Child) -> None:
        self._idle.remove(child)
        with suppress(ProcessLookupError):
            child.process.kill()


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "media.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LINE,
        env=_environment(),
    )


async def _work(
    child: _Child, order: dict[str, Any], report: Callable[[float], None] | None
) -> dict[str, Any]:
    assert child.process.stdin
    assert child.process.stdout
    child.process.stdin.write(json.dumps(order).encode() + b"\n")
    async for line in child.process.stdout:
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
    raise MediaCrashError(f"{order['job']}: the child ended with {await child.process.wait()}")


def _environment() -> dict[str, str]:
    """What a child needs to start; tokens and keys of ours are not among it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Thread pools of the numerics library would eat the child's address space.
    return kept | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
