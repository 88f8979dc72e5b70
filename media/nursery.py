"""Where media children come from: each is forked from a template process, in milliseconds."""

import asyncio
import atexit
import os
import socket
import subprocess
import sys
from contextlib import suppress

from media.worker import JOBS

_LINE = 1 << 20


class Child:
    """A process for media jobs, and the way to talk with it."""

    def __init__(self, talk: socket.socket, leash: socket.socket, parent: int) -> None:
        self.parent = parent
        self.jobs = 0
        self._talk = talk
        self._leash = leash
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def streams(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not self._streams:
            self._streams = await asyncio.open_unix_connection(sock=self._talk, limit=_LINE)
        return self._streams

    @property
    def is_alive(self) -> bool:
        try:
            self._leash.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def kill(self) -> None:
        """Have it killed and wait for its end."""
        try:
            with suppress(OSError):  # it ended by itself
                self._leash.shutdown(socket.SHUT_WR)
            await self.end()
        finally:
            self.close()

    async def end(self) -> str:
        """Wait for its end; gives its exit code, or nothing where the template died as well."""
        with suppress(OSError):
            return (await asyncio.get_running_loop().sock_recv(self._leash, 16)).decode()
        return ""

    def close(self) -> None:
        """Have it killed without waiting for its end."""
        self._leash.close()
        if self._streams:
            self._streams[1].close()
        else:
            self._talk.close()


class Nursery:
    """Has children forked; the template is started with the first of them."""

    def __init__(self) -> None:
        self._template: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def fork(self, job: str) -> Child:
        """A new child; its first job tells the template what to import, unless it has."""
        talk, its_talk = socket.socketpair()
        leash, its_leash = socket.socketpair()
        leash.setblocking(False)
        order = bytes([list(JOBS).index(job)])
        with its_talk, its_leash:
            descriptors = [its_talk.fileno(), its_leash.fileno()]
            try:
                parent = self._order(order, descriptors)
            except OSError:  # it is gone
                self.close()
                parent = self._order(order, descriptors)
        return Child(talk, leash, parent)

    def _order(self, order: bytes, descriptors: list[int]) -> int:
        if not self._template or not self._orders:
            self._template, self._orders = _start()
        socket.send_fds(self._orders, [order], descriptors)
        return self._template.pid

    def close(self) -> None:
        """End the template, and with it every child."""
        if self._template and self._orders:
            self._orders.close()
            self._template.kill()
            self._template.wait()
        self._template = self._orders = None


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, its = socket.socketpair()
    with its:
        template = subprocess.Popen(  # noqa: S603  # our own
            [sys.executable, "-m", "media.template", str(os.getpid())],
            stdin=its.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    return template, ours


def _environment() -> dict[str, str]:
    """What a child needs to start; tokens and keys of ours are not among it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Thread pools of the numerics library would eat the child's address space, and a process
    # with threads must not be forked.
    return kept | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}


SHARED = Nursery()  # one for the process: a template costs more than a child
atexit.register(SHARED.close)
