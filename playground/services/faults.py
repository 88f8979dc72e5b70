"""Faults that a test orders in advance for one route of an emulated service."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

Drop = Literal["", "before", "after"]


@dataclass(eq=False, slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next fitting requests; `times` 0 means all until removed.

    `drop` cuts the connection before the request is taken or after its work was done; with
    `work` false the request is answered with `status`, `body` and `headers` instead of being
    taken, with `work` true the work is done first and only the answer is replaced. `hold`
    keeps the answer back until `released` is set; `worked` is set once the work is done.
    """

    route: str
    status: int = 500
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drop: Drop = ""
    work: bool = False
    hold: bool = False
    contains: bytes = b""
    times: int = 1
    used: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    worked: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, route: str, body: bytes) -> bool:
        return (
            self.route in {route, "*"}
            and self.contains in body
            and (not self.times or self.used < self.times)
        )


class Faults:
    """The faults in waiting, oldest first."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._all.append(fault)
        return fault

    def take(self, route: str, body: bytes) -> Fault | None:
        for fault in self._all:
            if fault.fits(route, body):
                fault.used += 1
                fault.reached.set()
                return fault
        return None

    def clear(self) -> None:
        """Forget every fault, and let go of every answer that is held back."""
        for fault in self._all:
            fault.released.set()
        self._all.clear()
