"""The right to use faces and voices, confirmed where a button's order asked for it first."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.belonging import is_theirs
from bot.context import Context
from bot.place import sender_of
from bot.questions import NO
from bot.speech import toast
from bot.tidying import answered_by
from core.words import say
from jobs.ports import now
from storage import accounts


async def decide(update: Update, context: Context) -> None:
    """Remember a yes; whoever presses speaks for themselves, or for the chat that they run."""
    query, sender, chat = update.callback_query, sender_of(update), update.effective_chat
    if query is None or sender is None or chat is None:
        return
    _, value, *account = (query.data or "").split(":")
    tools = context.tools
    if value == NO:
        await toast(update, say("All right, nothing is made."))
        tools.tidying.seal(answered_by(update))
        return
    owner = int(account[0]) if account else sender
    if not await is_theirs(update, context, owner=owner, chat=chat.id):
        await toast(update, say("This button is not yours."))
        return
    await tools.workshop.database.write(accounts.consent, owner, now())
    await toast(update, say("Noted. Now do the same once more, and it is ordered."))
    tools.tidying.seal(answered_by(update))


HANDLERS = [CallbackQueryHandler(decide, pattern=r"^consent:(yes(:-\d{1,18})?|no)$")]
