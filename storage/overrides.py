"""Settings that owners changed while the bot ran; each beats its variable of the environment."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.prepared import Prepared
from storage.tables import overrides
from storage.upsert import insert_or_update

_ALL = Prepared(sa.select(overrides.c.name, overrides.c.value))


def read_all(connection: Connection) -> dict[str, Any]:
    return {row["name"]: row["value"] for row in _ALL.rows(connection)}


def put(connection: Connection, name: str, value: Any, *, by: int, now: datetime) -> None:
    statement = insert_or_update(connection, overrides, "name", ("value", "by", "at"))
    statement.count(connection, name=name, value=value, by=by, at=now)


def drop(connection: Connection, name: str) -> bool:
    """Go back to the variable; False where nothing was set."""
    found = connection.execute(sa.delete(overrides).where(overrides.c.name == name))
    return found.rowcount == 1
