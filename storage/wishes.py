"""What people want of a task, whoever has claimed it: stop, hurry, a mark, a status message."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.states import State
from core.task import Task, TaskId
from storage import ledger
from storage.tables import tasks
from storage.tasks import get


def ask_cancel(connection: Connection, task: TaskId, now: datetime) -> Task | None:
    """Note that the person wants a task stopped; one that still waits in line ends at once.

    Gives the task as it stands afterwards, None where there is none.
    """
    found = get(connection, task)
    if found is None or found.is_final or found.is_made or found.state is State.DELIVERING:
        return found
    if found.state is State.QUEUED:
        times = {**found.facts.get("times", {}), State.CANCELLED.value: now.isoformat()}
        changed = connection.execute(
            sa.update(tasks)
            .where(tasks.c.id == task, tasks.c.claimed.is_(sa.false()))
            .values(
                state=State.CANCELLED.value,
                due=None,
                cancelling=True,
                finished=now,
                run=tasks.c.run + 1,
                facts={**found.facts, "times": times},
            )
        )
        if changed.rowcount == 1:
            ledger.release(connection, task, now)
            return get(connection, task)
    connection.execute(sa.update(tasks).where(tasks.c.id == task).values(cancelling=True))
    connection.execute(
        sa.update(tasks).where(tasks.c.id == task, tasks.c.claimed.is_(sa.false())).values(due=now)
    )
    return get(connection, task)


def hurry(connection: Connection, chat: int, now: datetime, *, lane: str | None = None) -> int:
    """Try deliveries that were waiting for a chat to open again; gives how many.

    A private chat has the number of its person, who is also sent what another chat did not take.
    Naming the lane spares looking through the others.
    """
    waiting = [
        sa.or_(tasks.c.chat == chat, tasks.c.user == chat),
        tasks.c.state.in_((State.FETCHING.value, State.DELIVERING.value)),
        tasks.c.claimed.is_(sa.false()),
        tasks.c.due > now,
    ]
    if lane:
        waiting.append(tasks.c.lane == lane)
    return connection.execute(sa.update(tasks).where(*waiting).values(due=now)).rowcount


def note(connection: Connection, task: TaskId, name: str, value: object) -> None:
    """Leave a mark on a finished task, or take it away with None."""
    found = get(connection, task)
    if found:
        facts = {**found.facts, name: value}
        kept = {key: mark for key, mark in facts.items() if mark is not None}
        _set_facts(connection, task, kept)


def _set_facts(connection: Connection, task: TaskId, facts: dict[str, Any]) -> None:
    connection.execute(sa.update(tasks).where(tasks.c.id == task).values(facts=facts))


def set_status_message(connection: Connection, task: TaskId, message: int | None) -> None:
    """Note which message tells of a task; None once it is in its last form.

    A last form is remembered all the same, so that it can be deleted with the video.
    """
    found = get(connection, task)
    if message is None and found and found.is_final and found.status_message:
        note(connection, task, "status", found.status_message)
    connection.execute(sa.update(tasks).where(tasks.c.id == task).values(status_message=message))


def reopen_status(connection: Connection, task: TaskId) -> None:
    """Have the last form of a status be drawn once more: something new is to be told."""
    found = get(connection, task)
    if found and found.status_message is None and "status" in found.facts:
        set_status_message(connection, task, found.facts["status"])
