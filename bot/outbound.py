"""When each message may go out: within what Telegram takes, and the urgent ones first."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import structlog
from telegram import error as telegram
from telegram.ext import BaseRateLimiter

from bot.pace import Lane, Lanes
from bot.wire import seconds_of

log = structlog.get_logger()

_TRIES = 5  # of one answer that Telegram keeps off
_LONGEST_REST = 60.0  # seconds that an answer waits for Telegram before it is given up
_TOGETHER, _TROUBLED = 10.0, 3  # within seconds so many chats kept off mean all of them
_COUNTED = ("send", "edit", "copy", "forward")


class Urgency(Enum):
    """Who goes first: those of more urgency pass for so many seconds, then it is their turn."""

    RESULT = 0
    REPLY = 5
    PROGRESS = 15  # leaves room for others, and gives way to a newer edit of the same message
    BULK = 60  # leaves room for others
    GRANTED = -1  # has had its turn already

    @property
    def is_modest(self) -> bool:
        return self in {Urgency.PROGRESS, Urgency.BULK}


@dataclass(eq=False, slots=True)
class _Ticket:
    lane: Lane
    urgency: Urgency
    cost: int
    deadline: float
    message: int | None
    granted: asyncio.Future[bool]

    def opens(self, overall: Lane) -> float:
        firm = max(self.lane.opens(), overall.opens())
        if not self.urgency.is_modest:
            return firm
        # Modesty ends with the deadline: nobody waits for ever.
        modest = max(self.lane.opens(modest=True), overall.opens(modest=True))
        return min(modest, max(firm, self.deadline))


class Outbound(BaseRateLimiter[Any]):
    """The rate limiter of our bot: `rate_limit_args` of a call is its Urgency, REPLY by default.

    What is no message (an answer to a press, a file, an update) is never held back. A 429 rests
    its chat alone; several chats in trouble at once rest all. An edit of PROGRESS that a newer one
    has overtaken is dropped: its call gives True instead of a message.
    """

    def __init__(self, limits: Mapping[str, float] | None = None) -> None:
        self._lanes = Lanes(limits or {})
        self._waiting: dict[_Ticket, None] = {}
        self._troubled: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        if self._timer:
            self._timer.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        chat, cost = data.get("chat_id"), _cost(endpoint, data)
        if chat is None or not cost:
            return await callback(*args, **kwargs)
        urgency = rate_limit_args or Urgency.REPLY
        message = data.get("message_id") if urgency is Urgency.PROGRESS else None
        tries = 0
        while urgency is Urgency.GRANTED or await self.turn(
            chat, urgency, cost=cost, message=message
        ):
            try:
                return await callback(*args, **kwargs)
            except telegram.RetryAfter as error:
                tries += 1
                pause = seconds_of(error)
                self.rest(chat, pause)
                # Nothing was sent. Videos are tried again by their worker, edits by the board.
                if urgency is not Urgency.REPLY or pause > _LONGEST_REST or tries == _TRIES:
                    raise
        return True

    async def turn(
        self, chat: int | str, urgency: Urgency, *, cost: int = 1, message: int | None = None
    ) -> bool:
        """Wait until something may go out; False where a newer edit of the `message` has come."""
        loop = asyncio.get_running_loop()
        moment = loop.time()
        lane = self._lanes.of(chat, moment)
        deadline = moment + urgency.value
        if message is not None:
            deadline = min([deadline, *self._overtake(lane, message)])
        ticket = _Ticket(lane, urgency, cost, deadline, message, loop.create_future())
        self._waiting[ticket] = None
        lane.waiting += 1
        self._wake(moment)
        try:
            return await ticket.granted
        finally:
            self._leave(ticket)

    def is_busy(self, chat: int) -> bool:
        """Whether somebody waits for a turn in a chat."""
        return self._lanes.of(chat, asyncio.get_running_loop().time()).waiting > 0

    def rest(self, chat: int | str, seconds: float) -> None:
        """Send a chat nothing for a while: Telegram asked for it."""
        moment = asyncio.get_running_loop().time()
        self._lanes.of(chat, moment).rest(moment + seconds)
        self._troubled[str(chat)] = moment
        recent = {one: at for one, at in self._troubled.items() if at > moment - _TOGETHER}
        self._troubled = recent
        if len(recent) >= _TROUBLED:
            log.warning("flood limit in several chats", chats=len(recent))
            self._lanes.overall.rest(moment + seconds)

    def _overtake(self, lane: Lane, message: int) -> list[float]:
        """Drop the waiting edits of a message; gives the deadlines they had."""
        older = [one for one in self._waiting if one.lane is lane and one.message == message]
        for ticket in older:
            self._leave(ticket)
            ticket.granted.set_result(False)
        return [ticket.deadline for ticket in older]

    def _leave(self, ticket: _Ticket) -> None:
        if ticket in self._waiting:
            del self._waiting[ticket]
            ticket.lane.waiting -= 1

    def _wake(self, moment: float) -> None:
        if self._timer and self._timer.when() <= moment:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(moment, self._hand_out)

    def _hand_out(self) -> None:
        """Let go whoever may: first the one whose deadline is nearest."""
        self._timer = None
        overall = self._lanes.overall
        moment = asyncio.get_running_loop().time()
        while self._waiting:
            opens = {ticket: ticket.opens(overall) for ticket in self._waiting}
            ready = [ticket for ticket, at in opens.items() if at <= moment]
            if not ready:
                self._wake(min(opens.values()))
                return
            first = min(ready, key=lambda ticket: ticket.deadline)
            self._leave(first)
            for lane in (first.lane, overall):
                lane.take(moment, first.cost)
            if not first.granted.done():
                first.granted.set_result(True)


def _cost(endpoint: str, data: Mapping[str, Any]) -> int:
    """How many messages a call counts as."""
    if endpoint == "sendChatAction" or not endpoint.startswith(_COUNTED):
        return 0
    several = data.get("media") if endpoint == "sendMediaGroup" else data.get("message_ids")
    return len(several) if isinstance(several, list | tuple) else 1
