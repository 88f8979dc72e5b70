"""The lines that tasks stand in: how long they are, and who stands before whom."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import Task
from storage.prepared import Prepared
from storage.tables import Moment, tasks

_UNFINISHED = Prepared(
    sa.select(sa.func.count()).where(
        tasks.c.account == sa.bindparam("of"), tasks.c.due.is_not(None)
    )
)
_THIS = sa.bindparam("this", type_=tasks.c.id.type)
_MINE = sa.select(tasks.c.rank).where(tasks.c.id == _THIS).scalar_subquery()
_runs = tasks.c.claimed.is_(sa.true())
_is_before = sa.or_(tasks.c.rank < _MINE, (tasks.c.rank == _MINE) & (tasks.c.id < _THIS))
_waits_before = ~_runs & (tasks.c.due <= sa.bindparam("now", type_=Moment)) & _is_before
_AROUND = Prepared(
    sa.select(
        sa.func.count(sa.case((_runs & (tasks.c.id == _THIS), 1))).label("begun"),
        sa.func.count(sa.case((_runs, 1))).label("running"),
        sa.func.count(sa.case((_waits_before, 1))).label("before"),
    ).where(tasks.c.lane == sa.bindparam("of"), tasks.c.due.is_not(None))
)


def lanes(connection: Connection) -> set[str]:
    """The lanes that unfinished tasks stand in."""
    return set(
        connection.execute(
            sa.select(tasks.c.lane).where(tasks.c.due.is_not(None)).distinct()
        ).scalars()
    )


def place(connection: Connection, task: Task, seats: int, now: datetime) -> int:
    """Where a task stands among those that wait for one of its lane's seats; 0: it starts now.

    They are taken as they are counted here, by rank and age; who is due later takes no seat yet.
    """
    (around,) = _AROUND.rows(connection, this=task.id, of=task.lane, now=now)
    if around["begun"]:
        return 0
    free = max(0, seats - around["running"])
    standing: int = max(0, around["before"] + 1 - free)
    return standing


def queues(connection: Connection) -> dict[str, int]:
    """How many unfinished tasks stand in each lane."""
    found = sa.select(tasks.c.lane, sa.func.count()).where(tasks.c.due.is_not(None))
    return {row[0]: row[1] for row in connection.execute(found.group_by(tasks.c.lane))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A lane as it stands; `oldest` is when the one that waits longest was ordered."""

    waiting: int
    running: int
    oldest: datetime | None


EMPTY = Line(waiting=0, running=0, oldest=None)


def overview(connection: Connection) -> dict[str, Line]:
    """The lanes that unfinished tasks stand in."""
    waits = tasks.c.claimed.is_(sa.false())
    found = sa.select(
        tasks.c.lane,
        sa.func.sum(sa.case((waits, 1), else_=0)),
        sa.func.sum(sa.case((waits, 0), else_=1)),
        sa.func.min(sa.case((waits, tasks.c.created)), type_=Moment),
    ).where(tasks.c.due.is_not(None))
    rows = connection.execute(found.group_by(tasks.c.lane))
    return {
        lane: Line(waiting=waiting, running=running, oldest=oldest)
        for lane, waiting, running, oldest in rows
    }


def count_unfinished(connection: Connection, account: int) -> int:
    count: int = _UNFINISHED.value(connection, of=account)
    return count
