"""The inbox of updates: written and committed before Telegram hears that we have them.

Of one that was dealt with nothing stays but its number, by which it is known if it comes again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.prepared import Prepared
from storage.tables import inbox
from storage.upsert import insert_new

MAX_ATTEMPTS = 3
_NEAR = 500  # updates: the parts of an album come within a second

_THIS = inbox.c.update_id == sa.bindparam("this")
_BEGIN = Prepared(
    sa.update(inbox).where(_THIS).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
)
_UNREAD = sa.select(inbox.c.payload).where(inbox.c.done.is_(None)).order_by(inbox.c.update_id)
_ALBUM: sa.BindParameter[str] = sa.bindparam("album")
_IS_PART = sa.or_(
    inbox.c.payload["message", "media_group_id"].as_string() == _ALBUM,
    inbox.c.payload["channel_post", "media_group_id"].as_string() == _ALBUM,
)
_OF_ALBUM = (
    sa.select(inbox.c.payload)
    .where(inbox.c.update_id.between(sa.bindparam("first"), sa.bindparam("last")), _IS_PART)
    .order_by(inbox.c.update_id)
)
_FINISH = Prepared(sa.update(inbox).where(_THIS))
_KEPT = inbox.c.kept.is_(sa.true())
_NOTHING: dict[str, Any] = {}


def add(
    connection: Connection, updates: Sequence[dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Keep a batch of updates; gives those that had not come before."""
    statement = insert_new(connection, inbox)
    fresh = []
    for update in updates:
        row = {"update_id": update["update_id"], "payload": update, "received": now, "attempts": 0}
        if statement.count(connection, **row):
            fresh.append(update)
    return fresh


def unread(connection: Connection) -> list[dict[str, Any]]:
    """Updates nobody has dealt with yet, oldest first."""
    return list(connection.execute(_UNREAD).scalars())


def begin(connection: Connection, update: int) -> bool:
    """Count an attempt; False once an update has brought the bot down too often."""
    return bool(_BEGIN.value(connection, this=update) <= MAX_ATTEMPTS)


def take_back(connection: Connection, updates: Collection[int]) -> None:
    """Count the last attempt at these updates as none."""
    waiting = inbox.c.update_id.in_(updates) & inbox.c.done.is_(None) & (inbox.c.attempts > 0)
    connection.execute(sa.update(inbox).where(waiting).values(attempts=inbox.c.attempts - 1))


def finish(connection: Connection, update: int, now: datetime, *, keep: bool = False) -> None:
    """Note that an update was dealt with, and forget what it said unless it is to be kept."""
    if keep:
        _FINISH.count(connection, this=update, done=now, kept=True)
    else:
        _FINISH.count(connection, this=update, done=now, payload=_NOTHING)


def of_album(connection: Connection, album: str, update: int) -> list[dict[str, Any]]:
    """The parts of an album that have come so far, around an update that is one of them."""
    values = {"album": album, "first": update - _NEAR, "last": update + _NEAR}
    return list(connection.execute(_OF_ALBUM, values).scalars())


def forget_kept(connection: Connection, before: datetime) -> int:
    """Forget what was kept of updates that were dealt with before; they stay known."""
    return _forget(connection, inbox.c.done < before)


def forget_album(connection: Connection, album: str) -> int:
    return _forget(connection, _IS_PART, album=album)


def forget_sender(connection: Connection, sender: int) -> int:
    return _forget(connection, inbox.c.payload["message", "from", "id"].as_integer() == sender)


def _forget(connection: Connection, which: sa.ColumnElement[bool], **values: Any) -> int:
    kept = sa.update(inbox).where(_KEPT, which).values(payload=_NOTHING, kept=False)
    return connection.execute(kept, values).rowcount


def clear(connection: Connection, before: datetime) -> int:
    """Drop updates that were dealt with long ago."""
    return connection.execute(sa.delete(inbox).where(inbox.c.done < before)).rowcount
