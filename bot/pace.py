"""Turns in one chat: no more status messages than Telegram takes there, and none starves another."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Pace:
    """Gives one turn after another to whoever has waited longest.

    Turns come `pause` seconds apart on average; after a quiet time `burst` of them come at once.
    """

    def __init__(self, pause: float, *, burst: int = 2) -> None:
        self._pause = pause
        self._credit = pause * (burst - 1)
        self._turns = asyncio.Lock()
        self._next = -math.inf

    @property
    def is_taken(self) -> bool:
        """Whether somebody waits for a turn."""
        return self._turns.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        clock = asyncio.get_running_loop().time
        async with self._turns:
            await asyncio.sleep(max(0.0, self._next - clock()))
            self._next = max(self._next, clock() - self._credit) + self._pause
            yield

    def rest(self, seconds: float) -> None:
        """Give no turn for a while: Telegram asked for it."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)
