"""/balance: what is free, what is held, and when the daily credits come back."""

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.credits import day_of
from core.words import say
from jobs.ports import now
from storage import ledger


async def show(update: Update, context: Context) -> None:
    sender = sender_of(update)
    if sender is None:
        return
    tools = context.tools
    database = tools.workshop.database
    balance = await database.read(ledger.balance, tools.policy, sender, day_of(now()))
    allowance = await database.read(ledger.allowance, tools.policy, sender)
    await answer(
        update,
        say(
            "<b>{free} credits</b> free: {daily} of today's {allowance}, and {granted} granted.\n"
            "{held} are held for videos being made.\n"
            "The daily credits come back at 00:00 UTC.",
            free=balance.free,
            daily=max(0, balance.daily),
            allowance=allowance,
            granted=balance.granted,
            held=balance.held,
        ),
    )


HANDLERS = [command("balance", show)]
