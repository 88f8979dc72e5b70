"""The question for other words carries the number of its video as a link.

It comes back with every answer, so an answer is understood after any time and without memory.
"""

import re

from telegram import Message, MessageEntity

from core.task import TaskId

_LINK = re.compile(r"https?://t\.me/\w+\?start=words_(\d{1,18})")


def link_of(task: TaskId, bot: str) -> str:
    """An address that also asks the question anew."""
    return f"https://t.me/{bot}?start=words_{task}"


def number_asked(message: Message) -> str | None:
    """The number of the video whose words a message answers for; None for any other message."""
    question = message.reply_to_message
    author = question.from_user if question else None
    if question is None or author is None or author.id != message.get_bot().id:
        return None
    links = (one.url for one in question.entities if one.type == MessageEntity.TEXT_LINK)
    found = next(filter(None, (_LINK.fullmatch(url or "") for url in links)), None)
    return found.group(1) if found else None
