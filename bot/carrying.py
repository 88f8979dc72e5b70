"""A question that stands in the way of a button's order: its answers carry what was pressed."""

import re
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.context import Context
from bot.place import reply_options
from bot.questions import CONSENT, NO, SUBJECT, VALUES, YES, Question
from bot.translations import translate
from core.task import Place

SPEAKER = rf"{SUBJECT}:({VALUES[SUBJECT]})"
_ANSWER = re.compile(rf"^(?:{CONSENT}:(?:{YES}|{NO})|{SPEAKER}):")


async def ask(context: Context, place: Place, question: Question, pressed: str) -> None:
    """Ask in a message of its own, an answer to that with the button or the words."""
    text = "\n".join(translate(sentence, place.language) for sentence in question.texts)
    rows = [
        [
            InlineKeyboardButton(
                translate(answer.label, place.language),
                callback_data=f"{question.kind}:{answer.value}:{pressed}",
            )
            for answer in row
        ]
        for row in question.rows
    ]
    more: dict[str, Any] = {"reply_markup": InlineKeyboardMarkup(rows), **reply_options(place)}
    if question.picture is None:
        await context.bot.send_message(text=text, **more)
        return
    try:
        picture = question.picture.read_bytes()
        await context.bot.send_photo(photo=picture, caption=text, **more)
    finally:
        context.tools.workshop.folder.remove([question.picture.name])


def data_of(update: Update) -> str:
    """What a button stands for: an answer to such a question, for what was pressed before it."""
    return _ANSWER.sub("", _data(update))


def is_carried(update: Update) -> bool:
    return _ANSWER.match(_data(update)) is not None


def speaker_in(update: Update) -> int | None:
    """Who speaks, where a button says so."""
    found = _ANSWER.match(_data(update))
    return int(found[1]) if found and found[1] else None


def asked_under(update: Update) -> int | None:
    """The message that such a question answers, as long as Telegram says so."""
    message = update.callback_query.message if update.callback_query else None
    under = message.reply_to_message if isinstance(message, Message) else None
    return under.message_id if under else None


def _data(update: Update) -> str:
    return (update.callback_query.data if update.callback_query else None) or ""
