"""How people call the bot where others talk too: /video, @name, #video; and the words left over."""

import re

from telegram import Message
from telegram.constants import ChatType

_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?!\S)\s*")
_TAG = re.compile(r"(?<![\w#])#video(?!\w)", re.IGNORECASE)
_EDGES = " \t\r\n,:，：、"


def command_of(message: Message) -> str | None:
    """The command a text or caption begins with, in lower case; None for another bot's."""
    found = _COMMAND.match(_text(message))
    if found is None:
        return None
    name = found.group(2)
    is_mine = name is None or name.lower() == message.get_bot().username.lower()
    return found.group(1).lower() if is_mine else None


def calls(message: Message) -> bool:
    """Whether somebody asks for a video in so many words: /video, or in a channel #video."""
    if command_of(message) == "video":
        return True
    return message.chat.type == ChatType.CHANNEL and bool(_TAG.search(_text(message)))


def mentions(message: Message) -> bool:
    return bool(_mention(message).search(_text(message)))


def answers(message: Message) -> bool:
    """Whether a message is a reply to one of the bot's own."""
    replied = message.reply_to_message
    sender = replied.from_user if replied else None
    return sender is not None and sender.id == message.get_bot().id


def words_of(message: Message) -> str | None:
    """What should happen in the video: the text or caption without the call; None if nothing.

    Where others talk too, a caption that neither calls nor answers the bot is not meant for it.
    Nobody can be asked in a channel, so there a bare call is an order without words.
    """
    text, place = _text(message), message.chat.type
    if command_of(message) == "video":
        text = _COMMAND.sub("", text, count=1)
    elif place == ChatType.CHANNEL:
        if not _TAG.search(text):
            return None
        text = _TAG.sub(" ", text)
    elif place != ChatType.PRIVATE:
        if not mentions(message) and not answers(message):
            return None
        parts = _mention(message).split(text)
        text = " ".join(filter(None, (part.strip(_EDGES) for part in parts)))
    text = text.strip()
    return text if text or place == ChatType.CHANNEL else None


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _mention(message: Message) -> re.Pattern[str]:
    name = re.escape(message.get_bot().username)
    return re.compile(rf"(?<![\w@/])@{name}(?!\w)", re.IGNORECASE)
