"""What helpers do about other people's tasks; each act with its line in the audit."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.states import State
from core.task import Task, TaskId
from storage import audit, tasks, wishes
from storage.tables import tasks as table

# What announces a stored task, inside the transaction that stores it.
Put = Callable[[Connection, Task], None]

# What a delivery that failed has left, and what another one must not find.
_OF_THE_FAILURE = {"failure", "billed", "intent", "intended", "attempts", "untold"}


def cancel(
    connection: Connection, task: TaskId, *, by: int, reason: str, now: datetime
) -> tuple[Task | None, bool]:
    """Stop somebody's task; gives it as it stands now, and whether it was going on until then."""
    before = tasks.get(connection, task)
    after = wishes.ask_cancel(connection, task, now)
    stopped = bool(
        before and after and not before.cancelling and after.cancelling and not before.is_final
    )
    if after and stopped:
        _record(connection, after, by=by, action="cancel", reason=reason, now=now)
    return after, stopped


def noting_retry(put: Put, task: Task, *, by: int, now: datetime) -> Put:
    """Write down that a task was ordered anew, in the transaction that stores the new one."""

    def put_and_note(connection: Connection, new: Task) -> None:
        put(connection, new)
        _record(connection, task, by=by, action="retry", now=now)

    return put_and_note


def is_undelivered(task: Task) -> bool:
    """Whether a video was made and paid, and its delivery was given up."""
    return task.state is State.FAILED and task.is_made and bool(task.facts.get("billed"))


def redeliver(connection: Connection, task: TaskId, *, by: int, lane: str, now: datetime) -> bool:
    """Put a finished video back into the line of deliveries; False where that is not its matter.

    It is the one way out of a final state. The credits were captured, and a second settlement
    does nothing: sending it is free.
    """
    found = tasks.get(connection, task)
    if found is None or not is_undelivered(found):
        return False
    facts = {name: fact for name, fact in found.facts.items() if name not in _OF_THE_FAILURE}
    connection.execute(
        sa.update(table)
        .where(table.c.id == task)
        .values(
            state=State.FETCHING.value,
            lane=lane,
            due=now,
            claimed=False,
            cancelling=False,
            finished=None,
            run=table.c.run + 1,
            facts=facts,
        )
    )
    _record(connection, found, by=by, action="redeliver", now=now)
    return True


def _record(
    connection: Connection, task: Task, *, by: int, action: str, now: datetime, reason: str = ""
) -> None:
    audit.record(
        connection,
        by=by,
        action=action,
        account=task.account,
        detail=str(task.id),
        reason=reason,
        now=now,
    )
