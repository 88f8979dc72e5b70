"""Messages from the owners to everybody: how far each has come, so that a restart goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping
from sqlalchemy.sql import ColumnElement

from storage.tables import accounts, broadcasts


class Stage(StrEnum):
    DRAFT = "draft"  # shown to its author
    RUNNING = "running"
    STOPPED = "stopped"  # can go on
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """`message` in `chat` is what gets copied; `reached` is the last account that had its turn.

    `panel` in `panel_chat` is the message whose button moved it last: it shows how it stands.
    """

    id: int
    by: int
    chat: int
    message: int
    state: Stage
    reached: int
    sent: int
    failed: int
    panel_chat: int | None
    panel: int | None


_COLUMNS = [broadcasts.c[name] for name in Broadcast.__dataclass_fields__]
# Moves that a press may make; anything else is an old button.
_MOVES = {
    Stage.RUNNING: (Stage.DRAFT, Stage.STOPPED),
    Stage.STOPPED: (Stage.RUNNING,),
    Stage.DONE: (Stage.RUNNING,),
}


def create(
    connection: Connection, *, by: int, chat: int, message: int, now: datetime
) -> Broadcast:
    row = connection.execute(
        sa.insert(broadcasts).returning(*_COLUMNS),
        {"by": by, "chat": chat, "message": message, "state": Stage.DRAFT.value, "created": now},
    )
    return _read(row.mappings().one())


def get(connection: Connection, number: int) -> Broadcast | None:
    return _one(connection, broadcasts.c.id == number)


def latest(connection: Connection) -> Broadcast | None:
    return _one(connection, broadcasts.c.state != Stage.DRAFT.value)


def running(connection: Connection) -> Broadcast | None:
    """The oldest one that goes out now: one at a time is fast enough."""
    return _one(connection, broadcasts.c.state == Stage.RUNNING.value, oldest=True)


def move(connection: Connection, number: int, state: Stage, now: datetime) -> bool:
    """Begin, stop or end one; False where it is too late for that."""
    finished = now if state is Stage.DONE else None
    moved = connection.execute(
        sa.update(broadcasts)
        .where(
            broadcasts.c.id == number,
            broadcasts.c.state.in_([one.value for one in _MOVES[state]]),
        )
        .values(state=state.value, finished=finished)
    )
    return moved.rowcount == 1


def show_in(connection: Connection, number: int, chat: int, message: int) -> None:
    """Remember which message shows how a broadcast stands."""
    _set(connection, number, panel_chat=chat, panel=message)


def count_audience(connection: Connection) -> int:
    """How many people would get one now."""
    return connection.execute(
        sa.select(sa.func.count()).select_from(accounts).where(_wants_news())
    ).scalar_one()


def next_one(connection: Connection, number: int) -> int | None:
    """Who gets it next; None at its end, or where it does not go out."""
    this = _one(connection, broadcasts.c.id == number)
    if this is None or this.state is not Stage.RUNNING:
        return None
    account: int | None = connection.execute(
        sa.select(sa.func.min(accounts.c.id)).where(_wants_news(), accounts.c.id > this.reached)
    ).scalar_one()
    return account


def take(connection: Connection, number: int, account: int) -> bool:
    """Note who gets it before it is sent: better once too few than twice.

    False where they are not the next any more.
    """
    if next_one(connection, number) != account:
        return False
    _set(connection, number, reached=account, under_way=True)
    return True


def give_back(connection: Connection, number: int, account: int) -> None:
    """Have the person who was taken be the next again: they were certainly sent nothing."""
    _set(connection, number, reached=account - 1, under_way=False)


def count(connection: Connection, number: int, *, sent: bool) -> None:
    """Count the person who was taken."""
    column = broadcasts.c.sent if sent else broadcasts.c.failed
    _set(connection, number, under_way=False, **{column.name: column + 1})


def count_cut_off(connection: Connection) -> None:
    """At a start, count whom an earlier process took and did not count as not reached."""
    cut_off = sa.update(broadcasts).where(broadcasts.c.under_way.is_(sa.true()))
    connection.execute(cut_off.values(under_way=False, failed=broadcasts.c.failed + 1))


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(sa.update(broadcasts).where(broadcasts.c.id == number).values(**values))


def _wants_news() -> ColumnElement[bool]:
    """People who have written, can be reached, are welcome, and did not say no."""
    return sa.and_(
        accounts.c.id > 0,
        accounts.c.name != "",
        accounts.c.reachable.is_(sa.true()),
        accounts.c.banned.is_(sa.false()),
        accounts.c.quiet.is_(sa.false()),
        accounts.c.leaving.is_(None),
    )


def _one(
    connection: Connection, where: ColumnElement[bool], *, oldest: bool = False
) -> Broadcast | None:
    order = broadcasts.c.id if oldest else broadcasts.c.id.desc()
    found: Sequence[RowMapping] = (
        connection.execute(sa.select(*_COLUMNS).where(where).order_by(order).limit(1))
        .mappings()
        .all()
    )
    return _read(found[0]) if found else None


def _read(row: RowMapping) -> Broadcast:
    return Broadcast(**{**row, "state": Stage(row["state"])})
