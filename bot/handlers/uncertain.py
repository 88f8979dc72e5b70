"""/uncertain: for owners, the orders of which nobody knows whether a service took them."""

from datetime import timedelta

from telegram import Update
from telegram.ext import CommandHandler

from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.words import say
from jobs.ports import now
from storage import doubts

_LATELY = timedelta(days=30)


async def show(update: Update, context: Context) -> None:
    """List what to compare with the bills of the services; nothing of it was charged."""
    sender, tools = sender_of(update), context.tools
    if sender is None or not tools.policy.is_owner(sender):
        await answer(update, say("Only the owners of this bot can do that."))
        return
    found = await tools.workshop.database.read(doubts.uncertain, now() - _LATELY)
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


HANDLERS = [CommandHandler("uncertain", show)]
