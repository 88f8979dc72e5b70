"""The task table: the one truth about every video that was asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from core.errors import StaleTaskError
from core.request import VideoRequest
from core.states import FINAL, State, may_move
from core.task import NewTask, Place, Task, TaskId
from storage import ledger
from storage.tables import Moment, tasks

_IS_WAITING = tasks.c.due.is_not(None) & tasks.c.claimed.is_(sa.false())
_now = sa.bindparam("now", type_=Moment)
_INSERT = sa.insert(tasks).returning(tasks)
_RANKS = sa.select(
    sa.func.min(tasks.c.rank),
    sa.func.max(sa.case((tasks.c.account == sa.bindparam("of"), tasks.c.rank))),
).where((tasks.c.lane == sa.bindparam("queue")) & _IS_WAITING, tasks.c.due <= _now)
_CLAIM = (
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
_SAVE = (
    sa.update(tasks)
    .where(
        tasks.c.id == sa.bindparam("this"),
        tasks.c.run == sa.bindparam("mine"),
        tasks.c.state == sa.bindparam("before"),
    )
    .returning(tasks.c.cancelling)
)
_NEXT_DUE = sa.select(sa.func.min(tasks.c.due, type_=Moment)).where(
    tasks.c.lane.in_(sa.bindparam("queues", expanding=True)) & _IS_WAITING, tasks.c.due > _now
)


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
    return read_tasks(connection, _INSERT, values)[0]


def _rank(connection: Connection, lane: str, account: int, now: datetime) -> int:
    """Where a new task stands: one turn per account, then the next turn (start-tag fairness)."""
    first, own = connection.execute(_RANKS, {"queue": lane, "of": account, "now": now}).one()
    return max(first or 0, 0 if own is None else own + 1)


def claim(connection: Connection, lane: str, seats: int, now: datetime) -> list[Task]:
    """Take the next due tasks of a lane: by turn, then by age."""
    rows = connection.execute(_CLAIM, {"queue": lane, "seats": max(0, seats), "now": now})
    # An UPDATE answers in any order.
    return [_task(row) for row in sorted(rows.mappings(), key=itemgetter("rank", "id"))]


def claim_all(
    connection: Connection, seats: Mapping[str, int], now: datetime
) -> tuple[list[Task], datetime | None]:
    """Fill the free seats of several lanes; also tells when their next waiting task comes due."""
    taken = [task for lane, free in seats.items() for task in claim(connection, lane, free, now)]
    due: datetime | None = connection.execute(
        _NEXT_DUE, {"queues": list(seats), "now": now}
    ).scalar_one()
    return taken, due


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
    saved = connection.execute(
        _SAVE, {"this": task.id, "mine": task.run, "before": task.state.value, **changes}
    )
    wanted = saved.scalar_one_or_none()
    if wanted is None or not may_move(task.state, state):
        raise StaleTaskError(f"task {task.id}: {task.state} to {state} in run {task.run}")
    if settle == "capture":
        ledger.capture(connection, task.id, now)
    elif settle == "release":
        ledger.release(connection, task.id, now)
    return bool(wanted)


def get(connection: Connection, task: TaskId) -> Task | None:
    return next(iter(read_tasks(connection, sa.select(tasks).where(tasks.c.id == task))), None)


def by_origin(connection: Connection, origin: str) -> Task | None:
    return next(
        iter(read_tasks(connection, sa.select(tasks).where(tasks.c.origin == origin))), None
    )


def repeats(connection: Connection, prefix: str) -> Sequence[Task]:
    """Tasks whose origin begins with a prefix, oldest first."""
    return read_tasks(
        connection,
        sa.select(tasks)
        .where(tasks.c.origin.startswith(prefix, autoescape=True))
        .order_by(tasks.c.id),
    )


def of_user(connection: Connection, user: int, limit: int) -> Sequence[Task]:
    """A person's newest tasks, newest first."""
    return read_tasks(
        connection,
        sa.select(tasks).where(tasks.c.user == user).order_by(tasks.c.id.desc()).limit(limit),
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


def read_tasks(
    connection: Connection, statement: sa.Executable, values: dict[str, Any] | None = None
) -> list[Task]:
    return [_task(row) for row in connection.execute(statement, values or {}).mappings()]


def _task(row: RowMapping) -> Task:
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
