"""What is asked where nobody knows whether a service took an order."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.errors import UncertainError
from core.states import State
from core.task import Task
from storage.belongings import ERASED
from storage.tables import tasks
from storage.tasks import read_tasks


def holds(connection: Connection, remote: str, *, but: Task | None = None) -> bool:
    """Whether any task of ours, or any but one, belongs to this id of a service.

    Whatever key stands before it: a new key of the same account sees what the old one ordered.
    """
    number, held = remote.rpartition(":")[2], tasks.c.facts["remote"].as_string()
    found = sa.select(tasks.c.id).where(
        sa.or_(held == number, held.endswith(f":{number}", autoescape=True)),
        tasks.c.id != but.id if but else sa.true(),
    )
    return connection.execute(found.limit(1)).first() is not None


def has_rival(connection: Connection, task: Task, since: datetime, until: datetime) -> bool:
    """Whether an order that is found by its model and words may be another task's as well.

    So it is where another one, sent in between, is unclear or was given up as such, or was placed
    anew because it was not found: the service may show late what it took.
    """
    facts, asked = tasks.c.facts, tasks.c.request["prompt"].as_string()
    intended, unseen = facts["intended"].as_string(), facts["unseen"].as_string()
    unclear = sa.or_(
        facts["intent"].as_string() == "remote",
        # The verdict is stored before the person is told, and the state changes after.
        facts[("failure", "state")].as_string() == State.UNCERTAIN.value,
        tasks.c.state == State.UNCERTAIN.value,
    )
    found = sa.select(tasks.c.id).where(
        tasks.c.id != task.id,
        # One that was placed anew may have been given to another model then.
        sa.or_(tasks.c.model == task.request.model, unseen.is_not(None)),
        # What somebody who left had asked for is deleted: it may have been these words.
        sa.or_(asked == task.request.prompt, tasks.c.origin.startswith(ERASED)),
        intended >= since.isoformat(),
        sa.func.coalesce(unseen, intended) <= until.isoformat(),
        sa.or_(unseen.is_not(None), sa.and_(facts["remote"].as_string().is_(None), unclear)),
    )
    return connection.execute(found.limit(1)).first() is not None


def check_is_ours(
    connection: Connection,
    remote: str,
    task: Task,
    among: tuple[datetime, datetime] | None = None,
) -> None:
    """Raise UncertainError where a found order is another task's by now, or may be.

    `among` is the time of those that it may be taken for, where it was found by its likeness.
    """
    if holds(connection, remote, but=task):
        raise UncertainError("the order that was found is another task's by now")
    if among and has_rival(connection, task, *among):
        raise UncertainError("the order that was found may be another task's by now")


def uncertain(connection: Connection, since: datetime) -> Sequence[Task]:
    """Tasks of which nobody knows whether their service took them, newest first."""
    return read_tasks(
        connection,
        sa.select(tasks)
        .where(tasks.c.finished >= since, tasks.c.state == State.UNCERTAIN.value)
        .order_by(tasks.c.id.desc())
        .limit(50),
    )
