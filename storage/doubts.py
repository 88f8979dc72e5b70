"""What is asked where nobody knows whether a service took an order."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.states import State
from core.task import Task
from storage.tables import tasks
from storage.tasks import read_tasks


def holds(connection: Connection, remote: str) -> bool:
    """Whether any task of ours belongs to this id of a service."""
    found = sa.select(tasks.c.id).where(tasks.c.facts["remote"].as_string() == remote).limit(1)
    return connection.execute(found).one_or_none() is not None


def has_rival(connection: Connection, task: Task, since: datetime, until: datetime) -> bool:
    """Whether another order of the same model and words is unclear as well: taken or not, nobody knows."""
    facts, asked = tasks.c.facts, tasks.c.request
    found = sa.select(tasks.c.id).where(
        tasks.c.id != task.id,
        tasks.c.model == task.request.model,
        asked["prompt"].as_string() == task.request.prompt,
        facts["remote"].as_string().is_(None),
        facts["intended"].as_string().between(since.isoformat(), until.isoformat()),
        sa.or_(
            tasks.c.state == State.UNCERTAIN.value,
            # The verdict is stored before the person is told, and the state changes after.
            facts["failure"]["state"].as_string() == State.UNCERTAIN.value,
            facts["intent"].as_string() == "remote",
        ),
    )
    return connection.execute(found.limit(1)).first() is not None


def uncertain(connection: Connection, since: datetime) -> Sequence[Task]:
    """Tasks of which nobody knows whether their service took them, newest first."""
    return read_tasks(
        connection,
        sa.select(tasks)
        .where(tasks.c.finished >= since, tasks.c.state == State.UNCERTAIN.value)
        .order_by(tasks.c.id.desc())
        .limit(50),
    )
