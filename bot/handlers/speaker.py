"""Who of several people speaks, chosen where a button's order asked for it first."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.carrying import SPEAKER, asked_under
from bot.context import Context
from bot.handlers.consent import CARRIED, proceed
from bot.pressing import owner_press
from bot.speech import toast
from core.words import say


async def choose(update: Update, context: Context) -> None:
    if await owner_press(update, context) is None:
        return
    if asked_under(update) is None:
        await toast(
            update, say("This question is too old. Press the button under the video again.")
        )
    else:
        await proceed(update, context)


HANDLERS = [CallbackQueryHandler(choose, pattern=rf"^{SPEAKER}:{CARRIED}$")]
