"""The audit: who of the owners and their helpers did what, to whom, and why. It only grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act; `account` is whom it was done to, `detail` what exactly, in a few words."""

    at: datetime
    by: int
    action: str
    account: int | None = None
    detail: str = ""
    reason: str = ""


_COLUMNS = [audit.c[name] for name in Entry.__dataclass_fields__]


def record(
    connection: Connection,
    *,
    by: int,
    action: str,
    now: datetime,
    account: int | None = None,
    detail: str = "",
    reason: str = "",
) -> None:
    """Write an act down, in the transaction that does it."""
    connection.execute(
        sa.insert(audit),
        {
            "at": now,
            "by": by,
            "action": action,
            "account": account,
            "detail": detail,
            "reason": reason,
        },
    )


def newest(
    connection: Connection,
    limit: int,
    *,
    account: int | None = None,
    action: str | None = None,
    offset: int = 0,
) -> Sequence[Entry]:
    """The latest acts, newest first; with `account`, those by or to that one."""
    wanted = sa.select(*_COLUMNS).where(_fits(account, action)).order_by(audit.c.id.desc())
    found = connection.execute(wanted.limit(limit).offset(offset))
    return [Entry(**row) for row in found.mappings()]


def count(connection: Connection, *, account: int | None = None) -> int:
    wanted = sa.select(sa.func.count()).select_from(audit).where(_fits(account, None))
    return connection.execute(wanted).scalar_one()


def _fits(account: int | None, action: str | None) -> sa.ColumnElement[bool]:
    found: list[sa.ColumnElement[bool]] = [sa.true()]
    if account is not None:
        found.append(sa.or_(audit.c.account == account, audit.c.by == account))
    if action is not None:
        found.append(audit.c.action == action)
    return sa.and_(*found)
