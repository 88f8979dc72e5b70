"""Faults that a test orders in advance, one per bot and method."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from playground.telegram.errors import ApiError

Drop = Literal["", "before", "after"]
FLOOD = 429


@dataclass(eq=False, slots=True)
class Fault:
    """What goes wrong with the next fitting call; `times` 0 means every call until removed."""

    method: str
    bot_id: int = 0
    code: int = 0
    description: str = ""
    retry_after: int = 0
    delay: float = 0.0
    drop: Drop = ""
    hold: bool = False
    zero_id: bool = False
    contains: str = ""
    times: int = 1
    id: int = 0
    used: int = 0
    waiting: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, bot_id: int, method: str, text: str) -> bool:
        return (
            self.method.lower() in {method.lower(), "*"}
            and self.bot_id in {0, bot_id}
            and self.contains in text
            and (not self.times or self.used < self.times)
        )

    @property
    def label(self) -> str:
        parts = [str(self.code or "")]
        parts += [f"drop {self.drop}" if self.drop else "", "hold" if self.hold else ""]
        parts += [f"delay {self.delay}" if self.delay else "", "zero_id" if self.zero_id else ""]
        return ", ".join(part for part in parts if part) or "none"

    def raise_error(self) -> None:
        if self.retry_after:
            raise ApiError(
                FLOOD,
                f"retry after {self.retry_after}",
                retry_after=self.retry_after,
            )
        if self.code:
            error = ApiError(self.code)
            error.description = self.description or error.description
            raise error


class Faults:
    def __init__(self) -> None:
        self.all: list[Fault] = []
        self._last = 0

    def add(self, fault: Fault) -> Fault:
        self._last += 1
        fault.id = self._last
        self.all.append(fault)
        return fault

    def take(self, bot_id: int, method: str, text: str) -> Fault | None:
        for fault in self.all:
            if fault.fits(bot_id, method, text):
                fault.used += 1
                return fault
        return None

    def get(self, fault_id: int) -> Fault | None:
        return next((fault for fault in self.all if fault.id == fault_id), None)

    def clear(self) -> None:
        """Forget every fault and let go of every call that is held."""
        for fault in self.all:
            fault.released.set()
        self.all.clear()
