"""The inbox of updates: written and committed before Telegram hears that we have them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import inbox
from storage.upsert import insert_new

MAX_ATTEMPTS = 3

_THIS = inbox.c.update_id == sa.bindparam("this")
_BEGIN = (
    sa.update(inbox).where(_THIS).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
)
_FINISH = sa.update(inbox).where(_THIS)


def add(connection: Connection, updates: Sequence[dict[str, Any]], now: datetime) -> None:
    """Keep a batch of updates; one that came before is kept once."""
    if not updates:
        return
    connection.execute(
        insert_new(connection, inbox),
        [
            {"update_id": update["update_id"], "payload": update, "received": now, "attempts": 0}
            for update in updates
        ],
    )


def unread(connection: Connection, updates: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """Updates nobody has dealt with yet, oldest first; all of them, or only those named."""
    statement = sa.select(inbox.c.payload).where(inbox.c.done.is_(None))
    if updates is not None:
        statement = statement.where(inbox.c.update_id.in_(updates))
    return list(connection.execute(statement.order_by(inbox.c.update_id)).scalars())


def begin(connection: Connection, update: int) -> bool:
    """Count an attempt; False once an update has brought the bot down too often."""
    return bool(connection.execute(_BEGIN, {"this": update}).scalar_one() <= MAX_ATTEMPTS)


def finish(connection: Connection, update: int, now: datetime) -> None:
    connection.execute(_FINISH, {"this": update, "done": now})


def clear(connection: Connection, before: datetime) -> int:
    """Drop updates that were dealt with long ago."""
    return connection.execute(sa.delete(inbox).where(inbox.c.done < before)).rowcount
