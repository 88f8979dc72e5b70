"""The buttons under a finished video."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.translations import translate
from core.task import Task
from core.words import say


def keyboard(task: Task) -> InlineKeyboardMarkup:
    """What a person may do with the video of a task, in the language of its place."""
    again = translate(say("Again"), task.place.language)
    return InlineKeyboardMarkup([[InlineKeyboardButton(again, callback_data=f"again:{task.id}")]])
