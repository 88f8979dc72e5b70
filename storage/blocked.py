"""The owners' block list, and the check of an order's words against it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.blocking import fold, is_blocked
from core.errors import BlockedError
from core.request import VideoRequest
from core.words import say
from storage import audit
from storage.tables import blocked_words
from storage.upsert import insert_new

_WORDS = sa.select(blocked_words.c.word).order_by(blocked_words.c.word)


def words(connection: Connection) -> Sequence[str]:
    """The whole list, folded, in the order of its letters."""
    return connection.execute(_WORDS).scalars().all()


def block(connection: Connection, phrase: str, *, by: int, now: datetime) -> bool:
    """Put a word or phrase on the list; False where it is there already."""
    word = fold(phrase)
    new = {"word": word, "by": by, "at": now}
    added = insert_new(connection, blocked_words).count(connection, **new) == 1
    if added:
        audit.record(connection, by=by, action="block", now=now, detail=word)
    return added


def unblock(connection: Connection, phrase: str, *, by: int, now: datetime) -> bool:
    """Take a word or phrase off the list; False where it is not there."""
    word = fold(phrase)
    gone = sa.delete(blocked_words).where(blocked_words.c.word == word)
    removed = connection.execute(gone).rowcount == 1
    if removed:
        audit.record(connection, by=by, action="unblock", now=now, detail=word)
    return removed


def check(connection: Connection, request: VideoRequest) -> None:
    """Raise BlockedError where the words of an order hold one of the list.

    It does not say which: the person may write in front of others, and the list is the owners'.
    """
    if is_blocked((request.prompt, request.negative_prompt), words(connection)):
        raise BlockedError(
            say(
                "Your words contain something that the owners of this bot do not allow. "
                "Please write it differently."
            )
        )
