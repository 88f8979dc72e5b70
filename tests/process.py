"""The bot as its own process, forked from one that has imported it: that is most of its start."""

import asyncio
import multiprocessing
import os
from collections import deque

from bot.__main__ import main
from tests.world import unhurried

_PATIENCE = 30  # seconds
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class Process:
    """The bot as its own process; its log is read line by line."""

    def __init__(self, environment):
        self._environment = environment
        self._child = None
        self.lines = deque(maxlen=2000)

    async def start(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment = {**kept, **unhurried({**self._environment, **more})}
        self._child, log = await asyncio.to_thread(_fork, environment)
        self._log = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self._log)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, log)
        return self

    async def says(self, *parts):
        """Read the log until a line holds all the parts."""
        async with asyncio.timeout(_PATIENCE):
            async for raw in self._log:
                line = raw.decode()
                self.lines.append(line)
                if all(part in line for part in parts):
                    return line
        raise AssertionError(f"never said {parts}:\n{''.join(self.lines)}")

    async def kill(self):
        """kill -9: nothing is saved, nothing is closed."""
        self._child.kill()
        return await self.ends()

    async def stop(self):
        self._child.terminate()
        return await self.ends()

    async def ends(self):
        """Read the log to its end; gives the exit code."""
        async with asyncio.timeout(_PATIENCE):
            rest = await self._log.read()
            self.lines.extend(rest.decode().splitlines(keepends=True))
            await asyncio.to_thread(self._child.join, _PATIENCE)
            return self._child.exitcode

    @property
    def is_running(self):
        return self._child is not None and self._child.exitcode is None


def _fork(environment):
    """The bot with these variables and no others; gives the process, and what it logs."""
    log, its_log = _FORKS.Pipe(duplex=False)
    with its_log:
        process = _FORKS.Process(target=_run, args=(environment, its_log))
        process.start()
    return process, log


def _run(environment, log):
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(log.fileno(), 2)
    log.close()
    main()
