"""A person's own videos: on the way, ended, and those that they can be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from core.states import State
from core.task import Task, TaskId
from storage.tables import tasks
from storage.tasks import read_tasks


@dataclass(frozen=True, slots=True)
class Page:
    """A few delivered videos, newest first, and whether there are others before and behind."""

    tasks: Sequence[Task]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's videos: those that they have not got yet and those that ended, newest first."""

    on_the_way: Sequence[Task]
    ended: Sequence[Task]


def standing(
    connection: Connection, who: int, most_ended: int, chat: int | None = None
) -> Standing:
    """What somebody has ordered (in one chat, where it is named), with the newest that ended."""
    mine, newest = _of(who, chat), tasks.c.id.desc()
    is_over = tasks.c.due.is_(None)
    ended = sa.select(tasks.c.id).where(mine, is_over).order_by(newest).limit(most_ended)
    shown = mine & (~is_over | tasks.c.id.in_(ended))
    # One statement: between two of them a video may end, and then stands in both lists.
    found = read_tasks(connection, sa.select(tasks).where(shown).order_by(newest))
    return Standing(
        [task for task in found if task.due is not None],
        [task for task in found if task.due is None],
    )


def delivered(
    connection: Connection,
    who: int,
    size: int,
    *,
    below: TaskId | None = None,
    above: TaskId | None = None,
) -> Page:
    """A page of what was delivered: the newest one, or the one next to a number."""
    shown = (
        _of(who)
        & (tasks.c.state == State.DELIVERED.value)
        & tasks.c.facts["erased"].as_string().is_(None)
        & tasks.c.facts["removed"].as_string().is_(None)
    )
    if above is not None:
        nearest = sa.select(tasks).where(shown, tasks.c.id > above).order_by(tasks.c.id)
        found = read_tasks(connection, nearest.limit(size))[::-1]
    else:
        nearest = sa.select(tasks).where(shown).order_by(tasks.c.id.desc()).limit(size)
        found = read_tasks(
            connection, nearest if below is None else nearest.where(tasks.c.id < below)
        )
    if not found:
        return Page(found, newer=False, older=False)

    def is_any(where: sa.ColumnElement[bool]) -> bool:
        return connection.execute(sa.select(sa.exists().where(shown, where))).scalar_one()

    return Page(
        found, newer=is_any(tasks.c.id > found[0].id), older=is_any(tasks.c.id < found[-1].id)
    )


def _of(who: int, chat: int | None = None) -> sa.ColumnElement[bool]:
    """Tasks of a person, or of the chat that an anonymous sender wrote for."""
    mine = (tasks.c.user == who) | (tasks.c.user.is_(None) & (tasks.c.account == who))
    return mine if chat is None else mine & (tasks.c.chat == chat)


def of_user(connection: Connection, user: int, limit: int) -> Sequence[Task]:
    """A person's newest tasks, newest first."""
    return read_tasks(
        connection,
        sa.select(tasks).where(tasks.c.user == user).order_by(tasks.c.id.desc()).limit(limit),
    )


def by_result(connection: Connection, user: int, message: int) -> Task | None:
    """The task of this person whose video was delivered in a message of their chat or another."""
    found = sa.select(tasks).where(
        tasks.c.user == user, tasks.c.facts[("sent", "message")].as_integer() == message
    )
    return next(iter(read_tasks(connection, found.order_by(tasks.c.id.desc()))), None)
