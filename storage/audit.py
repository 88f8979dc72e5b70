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


def newest(connection: Connection, limit: int, *, account: int | None = None) -> Sequence[Entry]:
    """The latest acts, newest first; with `account`, those by or to that one."""
    wanted = sa.select(*_COLUMNS).order_by(audit.c.id.desc()).limit(limit)
    if account is not None:
        wanted = wanted.where(sa.or_(audit.c.account == account, audit.c.by == account))
    return [Entry(**row) for row in connection.execute(wanted).mappings()]
