"""What no other feature knows: old, foreign or forged presses, and commands that do not exist."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.context import Context
from bot.speech import answer, shorten, toast
from core.words import say

_SHOWN = 40  # characters


async def press(update: Update, _: Context) -> None:
    await toast(update, say("This button is not yours, or it is too old."))


async def command(update: Update, _: Context) -> None:
    """Where others talk, too, it may be another bot's."""
    message = update.effective_message
    words = ((message.text if message else None) or "").split()
    name = shorten(words[0], _SHOWN) if words else "/"
    await answer(update, say("I do not know {command}. /help shows what I can do.", command=name))


HANDLERS = [
    CallbackQueryHandler(press),
    MessageHandler(
        filters.COMMAND & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE, command
    ),
]
