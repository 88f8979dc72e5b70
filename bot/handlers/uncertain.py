"""/uncertain: for owners, the orders of which nobody knows whether a service took them."""

from datetime import timedelta

from telegram import Update

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.speech import answer
from core.access import Role
from core.words import say
from jobs.ports import now
from storage import doubts

_LATELY = timedelta(days=30)


@needs(Role.SUPPORT)
async def show(update: Update, context: Context) -> None:
    """List what to compare with the bills of the services; nothing of it was charged."""
    found = await context.tools.workshop.database.read(doubts.uncertain, now() - _LATELY)
    if not found:
        await answer(update, say("No order of the last 30 days is uncertain."))
        return
    lines = [say("Orders that a service may have taken without our learning of it:")]
    for task in found:
        moment = f"{task.created:%Y-%m-%d %H:%M}"
        lines.append(
            say(
                "<b>{number}</b>: {model}, {moment} UTC",
                number=task.id,
                model=task.request.model,
                moment=moment,
            )
        )
    await answer(update, *lines)


HANDLERS = [command("uncertain", show)]
