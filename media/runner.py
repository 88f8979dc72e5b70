"""Running media jobs in child processes: a few at a time, bounded, and killed on cancel."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.errors import MediaCrashError, MediaError
from core.words import Sentence

_MEMORY = 2000  # MB of address space: a 48-megapixel photo decodes in about 1000
_FILE_BYTES = 2_000_000_000
_LINE = 1 << 20


class MediaRunner:
    """A few seats for media jobs, shared by everybody; `seats` follows the processor cores."""

    def __init__(self, seats: int = 2) -> None:
        self._seats = asyncio.Semaphore(seats)

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

    async def _run(
        self,
        job: str,
        arguments: dict[str, Any],
        limit: int,
        report: Callable[[float], None] | None,
    ) -> dict[str, Any]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "media.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE,
            env=_environment(),
        )
        assert child.stdin
        assert child.stdout
        try:
            order = {
                "job": job,
                "arguments": arguments,
                "memory": _MEMORY,
                "seconds": limit,
                "bytes": _FILE_BYTES,
                "parent": os.getpid(),
            }
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.close()
            async for line in child.stdout:
                answer = json.loads(line)
                if "result" in answer:
                    result: dict[str, Any] = answer["result"]
                    return result
                if "refused" in answer:
                    raise MediaError(Sentence(**answer["refused"]))
                if "failed" in answer:
                    raise MediaCrashError(f"{job}: {answer['failed']}")
                if report and "progress" in answer:
                    report(answer["progress"])
            raise MediaCrashError(f"{job}: the child ended with {await child.wait()}")
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


def _environment() -> dict[str, str]:
    """What a child needs to start; tokens and keys of ours are not among it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Thread pools of the numerics library would eat the child's address space.
    return kept | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
