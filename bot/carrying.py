"""A question that stands in the way of a button's order: its answers carry what was pressed."""

import re

from telegram import Message, Update

from bot.context import Context
from bot.place import reply_options
from bot.questions import CONSENT, NO, YES
from bot.results import in_rows
from bot.translations import translate
from core.errors import UserError
from core.task import Place
from core.words import say

_ANSWER = re.compile(rf"^{CONSENT}:({YES}|{NO}):")


class RightNeededError(UserError):
    """A face or a voice of a person comes to life, and nobody has asked this account yet."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "Here a person comes to life. Do you have the right to use this face and this "
                "voice? I ask only once; a label will say that AI made the video."
            )
        )


async def ask_for_right(
    context: Context, place: Place, needed: RightNeededError, pressed: str
) -> None:
    """Ask in a message of its own, an answer to that with the button or the words."""
    answers = [
        (say("Yes, I have the right"), f"{CONSENT}:{YES}:{pressed}"),
        (say("No"), f"{CONSENT}:{NO}:{pressed}"),
    ]
    await context.bot.send_message(
        text=translate(needed.sentence, place.language),
        reply_markup=in_rows(answers, place.language),
        **reply_options(place),
    )


def data_of(update: Update) -> str:
    """What a button stands for: an answer to such a question, for what was pressed before it."""
    query = update.callback_query
    return _ANSWER.sub("", (query.data if query else None) or "")


def is_carried(update: Update) -> bool:
    query = update.callback_query
    return bool(query and _ANSWER.match(query.data or ""))


def asked_under(update: Update) -> int | None:
    """The message that such a question answers, as long as Telegram says so."""
    message = update.callback_query.message if update.callback_query else None
    under = message.reply_to_message if isinstance(message, Message) else None
    return under.message_id if under else None
