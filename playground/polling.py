"""getUpdates that really waits, and the conflicts between those who ask."""

import asyncio
from collections.abc import Callable

from playground.telegram import ApiError, Fault, Telegram
from playground.telegram.request import Request
from playground.telegram.state import Json
from playground.telegram.updates import begin_poll, finish_poll

MAX_WAIT = 50
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
SET_WEBHOOK = "terminated by setWebhook request"


async def long_poll(
    telegram: Telegram, request: Request, fault: Fault | None, alive: Callable[[], bool]
) -> list[Json]:
    """Answer as soon as there is an update, or with nothing when the time is up."""
    bot = request.bot
    if fault or bot.webhook or bot.logged_out:
        refused: list[Json] = telegram.execute(request, "getUpdates", fault)
        return refused
    begin_poll(request)
    bot.poll_ticket += 1
    ticket = bot.poll_ticket
    telegram.journal.wake()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + min(max(request.number("timeout"), 0), MAX_WAIT)
    while bot.poll_ticket == ticket and not bot.webhook and not bot.mailbox.waiting:
        if not await telegram.journal.changed(max(deadline - loop.time(), 0)):
            break

    def work(req: Request) -> list[Json]:
        if bot.poll_ticket != ticket:
            raise ApiError(409, OTHER_POLL)
        if bot.webhook:
            raise ApiError(409, SET_WEBHOOK)
        # Nobody is listening any more: leave the updates for the next poll.
        return finish_poll(req) if alive() else []

    batch: list[Json] = telegram.execute(request, "getUpdates", None, work)
    return batch
