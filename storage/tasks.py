"""The task table: the one truth about every video that was asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.errors import StaleTaskError
from core.request import VideoRequest
from core.states import FINAL, State, may_move
from core.task import NewTask, Place, Task, TaskId
from storage import ledger
from storage.prepared import Prepared
from storage.tables import Moment, tasks

_IS_WAITING = tasks.c.due.is_not(None) & tasks.c.claimed.is_(sa.false())
_now = sa.bindparam("now", type_=Moment)
_INSERT = Prepared(sa.insert(tasks).returning(tasks))
_own_rank = sa.case((tasks.c.account == sa.bindparam("of"), tasks.c.rank))
_RANKS = Prepared(
    sa.select(sa.func.min(tasks.c.rank).label("first"), sa.func.max(_own_rank).label("own")).where(
        (tasks.c.lane == sa.bindparam("queue")) & _IS_WAITING, tasks.c.due <= _now
    )
)
_CLAIM = Prepared(
    sa.update(tasks)
    .where(
        tasks.c.id.in_(
            sa.select(tasks.c.id)
            .where((tasks.c.lane == sa.bindparam("queue")) & _IS_WAITING, tasks.c.due <= _now)
            .order_by(tasks.c.rank, tasks.c.id)
            .limit(sa.bindparam("seats"))
        )
    )
    .values(claimed=True, run=tasks.c.run + 1, started=sa.func.coalesce(tasks.c.started, _now))
    .returning(tasks)
)
_SAVE = Prepared(
    sa.update(tasks)
    .where(
        tasks.c.id == sa.bindparam("this"),
        tasks.c.run == sa.bindparam("mine"),
        tasks.c.state == sa.bindparam("before"),
    )
    .returning(tasks.c.cancelling)
)
_DUES = Prepared(
    sa.select(
        sa.func.min(tasks.c.due, type_=Moment).label("first"),
        sa.func.min(sa.case((tasks.c.due > _now, tasks.c.due)), type_=Moment).label("next"),
    ).where((tasks.c.lane == sa.bindparam("queue")) & _IS_WAITING)
)
_GET = Prepared(sa.select(tasks).where(tasks.c.id == sa.bindparam("this")))
_BY_ORIGIN = Prepared(sa.select(tasks).where(tasks.c.origin == sa.bindparam("named")))


def insert(connection: Connection, new: NewTask, account: int, now: datetime) -> Task:
    """Put a task into the line; raises IntegrityError where its origin is known already."""
    values = {
        "origin": new.origin,
        "account": account,
        "chat": new.place.chat,
        "topic": new.place.topic,
        "reply_to": new.place.reply_to,
        "user": new.place.user,
        "language": new.place.language,
        "model": new.request.model,
        "request": new.request.to_json(),
        "lane": new.lane,
        "cost": new.cost,
        "state": State.QUEUED.value,
        "rank": _rank(connection, new.lane, account, now),
        "due": now,
        "claimed": False,
        "run": 0,
        "cancelling": False,
        "facts": {
            "times": {State.QUEUED.value: now.isoformat()},
            **({"silent": True} if new.place.silent else {}),
        },
        "created": now,
    }
    (row,) = _INSERT.rows(connection, **values)
    return _task(row)


def _rank(connection: Connection, lane: str, account: int, now: datetime) -> int:
    """Where a new task stands: one turn per account, then the next turn (start-tag fairness)."""
    (ranks,) = _RANKS.rows(connection, queue=lane, of=account, now=now)
    return max(ranks["first"] or 0, 0 if ranks["own"] is None else ranks["own"] + 1)


def claim(connection: Connection, lane: str, seats: int, now: datetime) -> list[Task]:
    """Take the next due tasks of a lane: by turn, then by age."""
    rows = _CLAIM.rows(connection, queue=lane, seats=max(0, seats), now=now)
    # An UPDATE answers in any order.
    return [_task(row) for row in sorted(rows, key=itemgetter("rank", "id"))]


def claim_all(
    connection: Connection, seats: Mapping[str, int], now: datetime
) -> tuple[list[Task], datetime | None]:
    """Fill the free seats of several lanes; also tells when their next waiting task comes due."""
    taken: list[Task] = []
    later: list[datetime] = []
    for lane, free in seats.items():
        (dues,) = _DUES.rows(connection, queue=lane, now=now)
        if dues["first"] and dues["first"] <= now:
            taken += claim(connection, lane, free, now)
        if dues["next"]:
            later.append(dues["next"])
    return taken, min(later, default=None)


def free_all(connection: Connection) -> int:
    """Give up every claim: this process has just started and owns the database alone."""
    return connection.execute(
        sa.update(tasks).where(tasks.c.claimed.is_(sa.true())).values(claimed=False)
    ).rowcount


def give_back(connection: Connection, task: Task, due: datetime) -> None:
    """Give up one claim, unless another one has followed it."""
    connection.execute(
        sa.update(tasks)
        .where(tasks.c.id == task.id, tasks.c.run == task.run, tasks.c.claimed.is_(sa.true()))
        .values(claimed=False, due=due)
    )


def save(
    connection: Connection,
    task: Task,
    *,
    state: State,
    facts: dict[str, Any],
    now: datetime,
    due: datetime | None = None,
    lane: str | None = None,
    settle: str | None = None,
    request: VideoRequest | None = None,
) -> bool:
    """Write how far a task is, and hear whether the person wants it stopped; raises StaleTaskError where another claim owns it by now.

    `due` set gives the claim up until then; a final state gives it up for good. `settle`
    ("capture" or "release") settles the hold in the same transaction.
    """
    changes: dict[str, Any] = {"state": state.value, "facts": facts}
    if lane:
        changes["lane"] = lane
    if request:
        changes |= {"request": request.to_json(), "model": request.model}
    if state in FINAL:
        changes |= {"claimed": False, "due": None, "finished": now}
    elif due:
        changes |= {"claimed": False, "due": due}
    wanted: bool | None = _SAVE.value(
        connection, this=task.id, mine=task.run, before=task.state.value, **changes
    )
    if wanted is None or not may_move(task.state, state):
        raise StaleTaskError(f"task {task.id}: {task.state} to {state} in run {task.run}")
    if settle == "capture":
        ledger.capture(connection, task.id, now)
    elif settle == "release":
        ledger.release(connection, task.id, now)
    return wanted


def get(connection: Connection, task: TaskId) -> Task | None:
    row = _GET.row(connection, this=task)
    return _task(row) if row else None


def by_origin(connection: Connection, origin: str) -> Task | None:
    row = _BY_ORIGIN.row(connection, named=origin)
    return _task(row) if row else None


def repeats(connection: Connection, prefix: str) -> Sequence[Task]:
    """Tasks whose origin begins with a prefix, oldest first."""
    return read_tasks(
        connection,
        sa.select(tasks)
        .where(tasks.c.origin.startswith(prefix, autoescape=True))
        .order_by(tasks.c.id),
    )


def unfinished(connection: Connection) -> Sequence[Task]:
    return read_tasks(
        connection,
        sa.select(tasks).where(tasks.c.due.is_not(None)).order_by(tasks.c.id),
    )


def with_status(connection: Connection, since: datetime) -> Sequence[Task]:
    """Tasks whose status message is not in its last form: unfinished ones, or ended lately."""
    return read_tasks(
        connection,
        sa.select(tasks)
        .where(
            sa.or_(
                tasks.c.due.is_not(None),
                (tasks.c.finished >= since) & tasks.c.status_message.is_not(None),
            )
        )
        .order_by(tasks.c.id),
    )


def read_tasks(connection: Connection, statement: sa.Executable) -> list[Task]:
    return [_task(row) for row in connection.execute(statement).mappings()]


def _task(row: Mapping[Any, Any]) -> Task:
    return Task(
        id=TaskId(row["id"]),
        account=row["account"],
        place=Place(
            chat=row["chat"],
            topic=row["topic"],
            reply_to=row["reply_to"],
            user=row["user"],
            language=row["language"],
            silent=row["facts"].get("silent", False),
        ),
        request=VideoRequest.from_json(row["request"]),
        lane=row["lane"],
        cost=row["cost"],
        state=State(row["state"]),
        run=row["run"],
        cancelling=row["cancelling"],
        created=row["created"],
        due=row["due"],
        started=row["started"],
        finished=row["finished"],
        status_message=row["status_message"],
        facts=row["facts"],
    )
