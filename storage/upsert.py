"""INSERT with ON CONFLICT, which SQLAlchemy offers once per database."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from storage.prepared import Prepared


def insert_new(connection: Connection, table: sa.Table) -> Prepared:
    """An INSERT that leaves out rows whose key is there already."""
    return _insert_new(connection.dialect.name, table)


def insert_or_update(
    connection: Connection, table: sa.Table, key: str, columns: Sequence[str]
) -> Prepared:
    """An INSERT that, where the key is there already, renews the named columns."""
    return _insert_or_update(connection.dialect.name, table, key, tuple(columns))


@cache  # building a statement costs more than running it
def _insert_new(dialect: str, table: sa.Table) -> Prepared:
    return Prepared(_insert(dialect, table).on_conflict_do_nothing())


@cache
def _insert_or_update(
    dialect: str, table: sa.Table, key: str, columns: tuple[str, ...]
) -> Prepared:
    statement = _insert(dialect, table)
    renewed = {name: statement.excluded[name] for name in columns}
    return Prepared(statement.on_conflict_do_update(index_elements=[key], set_=renewed))


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
