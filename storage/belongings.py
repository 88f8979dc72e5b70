"""Everything the bot keeps about one person: handed out on request, and deleted on request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql import ColumnElement

from core.access import is_kept_out
from core.task import Task
from storage import inbox
from storage.tables import accounts, audit, blocked_words, drafts, ledger, overrides, tasks
from storage.tasks import read_tasks

NOBODY = 0  # whose number stands where a person's stood
ERASED = "erased:"  # begins the origin of a task that nobody's name stands by any more

# Facts that tell nothing of a person: when, and which order there is taken, so that nobody else
# is given its video.
_STAY = ("times", "remote", "intent", "intended", "unseen")
# Of a row of these tables, what is somebody else's business.
_WITHHELD = {"by", "note"}


def collect(connection: Connection, account: int) -> dict[str, list[dict[str, Any]]]:
    """Rows about a person, by table, as plain values."""
    found = {
        "account": sa.select(accounts).where(accounts.c.id == account),
        "videos": sa.select(tasks).where(_is_of(account)).order_by(tasks.c.id),
        "credits": sa.select(ledger).where(ledger.c.account == account).order_by(ledger.c.id),
        "drafts": sa.select(drafts).where(drafts.c.sender == account).order_by(drafts.c.id),
    }
    return {
        name: [_plain(dict(row)) for row in connection.execute(rows).mappings()]
        for name, rows in found.items()
    }


def videos_of(connection: Connection, account: int) -> Sequence[Task]:
    """Every task of a person, oldest first."""
    return read_tasks(connection, sa.select(tasks).where(_is_of(account)).order_by(tasks.c.id))


def leaving(connection: Connection, now: datetime) -> list[int]:
    """People whose day to change their mind is over, and whose videos have all come to an end."""
    busy = sa.exists().where(tasks.c.user == accounts.c.id, tasks.c.due.is_not(None))
    rows = connection.execute(sa.select(accounts.c.id).where(accounts.c.leaving <= now, ~busy))
    return list(rows.scalars())


def erase(connection: Connection, account: int, now: datetime) -> None:
    """Delete what can be traced to a person.

    Amounts and times stay under nobody's number, so that the bot's own sums still add up, and
    which orders of the services were theirs. Of somebody who is kept out, the number stays with
    that one fact.
    """
    for task in videos_of(connection, account):
        _strip(connection, task, account)
    connection.execute(sa.delete(drafts).where(drafts.c.sender == account))
    inbox.forget_sender(connection, account)
    connection.execute(
        sa.update(ledger).where(ledger.c.account == account).values(account=NOBODY, note="")
    )
    connection.execute(
        sa.update(audit)
        .where(audit.c.account == account)
        .values(account=NOBODY, detail="", reason="")
    )
    for table in (audit, ledger, blocked_words, overrides):
        connection.execute(sa.update(table).where(table.c.by == account).values(by=NOBODY))
    gone = sa.delete(accounts).where(accounts.c.id == account)
    row = connection.execute(
        gone.returning(accounts.c.banned, accounts.c.banned_until)
    ).one_or_none()
    if row and is_kept_out(banned=row.banned, until=row.banned_until, now=now):
        kept = {"banned": True, "banned_until": row.banned_until}
        connection.execute(
            sa.insert(accounts), {"id": account, **kept, "created": now, "choices": {}}
        )


def _strip(connection: Connection, task: Task, account: int) -> None:
    private = task.place.chat == account
    request = task.request
    kept = {"model": request.model, "seconds": request.seconds, "resolution": request.resolution}
    changes: dict[str, Any] = {
        "origin": f"{ERASED}{task.id}",
        "user": None,
        "reply_to": None,
        "status_message": None,
        "request": {name: value for name, value in kept.items() if value},
        "facts": {name: task.facts[name] for name in _STAY if name in task.facts},
    }
    if private:
        changes["chat"] = NOBODY
    if task.account == account:
        changes["account"] = NOBODY
    connection.execute(sa.update(tasks).where(tasks.c.id == task.id).values(**changes))


def _is_of(account: int) -> ColumnElement[bool]:
    return sa.or_(tasks.c.user == account, tasks.c.account == account)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | str | list | dict | None) else str(value)
        for name, value in row.items()
        if name not in _WITHHELD
    }
