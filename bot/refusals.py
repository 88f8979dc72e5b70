"""What Telegram means by a refusal: the topic, the chat, or the file."""

import re
from enum import Enum, auto

from telegram import error as telegram


class Refusal(Enum):
    TOPIC = auto()  # closed or deleted, the chat itself may be open
    SHUT = auto()  # nothing (or nothing of this kind) can be sent to this chat now
    TOO_LARGE = auto()
    FILE = auto()  # not in this form
    OTHER = auto()


# Nothing is wrong with what was to be said: it may be taken elsewhere, or later.
NOT_HERE = frozenset({Refusal.TOPIC, Refusal.SHUT})

# The server's own words, which the library hands on in lower case or not.
_MEANINGS = {
    Refusal.TOPIC: r"topic_closed|topic_deleted|message thread not found",
    Refusal.SHUT: (
        r"not enough rights|no rights|need administrator rights|_forbidden|chat_restricted"
        r"|chat_admin_required|banned_in_channel|channel_private|chat not found|peer_id_invalid"
        r"|deactivated"
    ),
    Refusal.TOO_LARGE: r"entity too large|\(413\)|file is too big|file_parts_invalid",
    Refusal.FILE: r"video|document|media|file|thumb|image_process|content_type",
}


def refusal_of(error: telegram.TelegramError) -> Refusal | None:
    """What a "no" of Telegram's is about; None for trouble on the way, which is no "no"."""
    if isinstance(error, telegram.Forbidden):
        return Refusal.SHUT
    found = next(
        (
            one
            for one, words in _MEANINGS.items()
            if re.search(words, error.message, re.IGNORECASE)
        ),
        Refusal.OTHER,
    )
    if isinstance(error, telegram.BadRequest):
        return found
    # The library knows no error of its own for 413.
    return found if found is Refusal.TOO_LARGE else None
