"""What no other feature knows gets an answer all the same: a press, in private also a command."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.context import Context
from bot.speech import answer, shorten, toast
from core.words import say

_SHOWN = 40  # characters


async def press(update: Update, _: Context) -> None:
    await toast(update, say("This button is not yours, or it is too old."))


async def command(update: Update, _: Context) -> None:
    message = update.effective_message
    name = (((message and message.text) or "").split() or ["/"])[0]
    shown = shorten(name, _SHOWN)
    await answer(update, say("There is no command {name}. /help shows what I can do.", name=shown))


HANDLERS = [
    CallbackQueryHandler(press),
    MessageHandler(
        filters.COMMAND & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE, command
    ),
]
