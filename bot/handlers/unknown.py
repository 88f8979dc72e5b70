"""A press that no other feature knows: old, foreign or forged. It gets an answer all the same."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.speech import toast
from core.words import say


async def press(update: Update, _: Context) -> None:
    await toast(update, say("This button is not yours, or it is too old."))


HANDLERS = [CallbackQueryHandler(press)]
