"""Everything that happens, in order, and waiting for it without sleeping."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.telegram.clock import Clock

KEPT_CALLS = 20_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    time: float
    kind: str
    data: dict[str, Any]

    def json(self) -> dict[str, Any]:
        return {"seq": self.seq, "time": self.time, "kind": self.kind, **self.data}


@dataclass(slots=True)
class RecordedCall:
    """One Bot API call as it came in and as it was answered."""

    seq: int
    bot_id: int
    method: str
    params: dict[str, Any]
    time: float
    ok: bool = False
    result: Any = None
    error_code: int | None = None
    description: str | None = None
    fault: str | None = None
    answered: bool = True
    warnings: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: deque[Event] = deque(maxlen=KEPT_CALLS)
        self._waiters: set[asyncio.Future[None]] = set()
        self.calls: deque[RecordedCall] = deque(maxlen=KEPT_CALLS)
        self.seq = 0

    def add(self, kind: str, **data: object) -> Event:
        self.seq += 1
        event = Event(self.seq, self._clock.now(), kind, data)
        self._events.append(event)
        self.wake()
        return event

    def record(self, call: RecordedCall) -> None:
        self.calls.append(call)
        event = self.add(
            "call",
            bot_id=call.bot_id,
            method=call.method,
            params=call.params,
            ok=call.ok,
            error_code=call.error_code,
            description=call.description,
            fault=call.fault,
            answered=call.answered,
        )
        call.seq = event.seq

    def wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def after(self, seq: int) -> list[Event]:
        return [event for event in self._events if event.seq > seq]

    async def changed(self, timeout: float | None) -> bool:  # noqa: ASYNC109 - part of the interface
        """Wait until anything happens; False when the time is up first."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            done, _ = await asyncio.wait([waiter], timeout=timeout)
        finally:
            self._waiters.discard(waiter)
        return bool(done)

    async def wait_for(
        self,
        predicate: Callable[[], T],
        timeout: float = 10.0,  # noqa: ASYNC109 - part of the interface
    ) -> T:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not (found := predicate()):
            left = deadline - loop.time()
            if left <= 0 or not await self.changed(left):
                if found := predicate():
                    break
                raise TimeoutError(self._story(timeout))
        return found

    async def wait_for_after(self, seq: int, timeout: float) -> None:  # noqa: ASYNC109 - as above
        """Return when something newer happens, or quietly when the time is up."""
        with contextlib.suppress(TimeoutError):
            await self.wait_for(lambda: self.seq > seq, timeout)

    def _story(self, timeout: float) -> str:
        lines = [f"  {event.kind} {event.data}"[:300] for event in list(self._events)[-12:]]
        return f"nothing fitting within {timeout} s; last events:\n" + "\n".join(lines)
