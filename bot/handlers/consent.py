"""The right to use faces and voices, confirmed where a button's order asked for it first."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.place import sender_of
from bot.questions import CONSENT, YES
from bot.speech import toast
from core.words import say
from jobs.ports import now
from storage import accounts


async def decide(update: Update, context: Context) -> None:
    """Remember a yes; whoever presses speaks for themselves."""
    query, sender = update.callback_query, sender_of(update)
    if query is None or sender is None:
        return
    if query.data != f"{CONSENT}:{YES}":
        await toast(update, say("All right, nothing is made."))
        return
    await context.tools.workshop.database.write(accounts.consent, sender, now())
    await toast(update, say("Thank you. Now do the same once more, and I make it."))


HANDLERS = [CallbackQueryHandler(decide, pattern=r"^consent:(yes|no)$")]
