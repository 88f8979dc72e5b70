"""The video of ours that a message answers."""

import re

from telegram import Message, Update

from bot.calling import answers
from bot.context import Context
from bot.place import sender_of
from bot.speech import own_task
from core.task import Task
from storage import collection

_NUMBER = re.compile(r":(\d{1,18})(?=:|$)", re.ASCII)


def answers_our_video(message: Message) -> bool:
    """Whether a message is a reply to a video, or a file, that this bot has sent."""
    answered = message.reply_to_message
    if answered is None or not answers(message):
        return False
    return bool(answered.video or answered.animation or answered.document)


async def answered_video(update: Update, context: Context, message: Message) -> Task | None:
    """The task whose video is answered, if this person may use it."""
    answered, sender = message.reply_to_message, sender_of(update)
    if answered is None or sender is None:
        return None
    if task := await own_task(update, context, _number_under(answered)):
        return task
    database = context.tools.workshop.database
    task = await database.read(collection.by_result, sender, answered.message_id)
    return task if task and task.place.chat == message.chat_id else None


def _number_under(message: Message) -> str | None:
    """The number of a video in the buttons under it."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    found = (_NUMBER.search(str(button.callback_data)) for row in rows for button in row)
    return next((number[1] for number in found if number), None)
