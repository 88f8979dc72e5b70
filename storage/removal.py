"""Taking videos back: erased by their owner, reported by others, removed by a group's admins."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import Task, TaskId
from storage import audit, media, sources
from storage.tables import tasks
from storage.tasks import get

# What is left of an erased task: when what happened, and what a service's bill can be told by.
_STAYS = {"times", "remote", "billed", "attempts"}
_COPIES = 20


def add_copy(connection: Connection, task: TaskId, chat: int, message: int) -> None:
    """Remember one more message that shows a video, so that it can be deleted with it."""
    found = get(connection, task)
    if found and message:
        copies = [*found.facts.get("copies", []), [chat, message]]
        _set(connection, found, copies=copies[-_COPIES:])


def erase(connection: Connection, task: TaskId, files: Iterable[str], now: datetime) -> None:
    """Forget the words and files of a finished task, also where they were ordered.

    The row stays, for the ledger speaks of it.
    """
    found = get(connection, task)
    if found is None:
        return
    bare = found.request.with_options(
        prompt="", negative_prompt="", first_frame=None, last_frame=None, audio=None
    )
    kept = {name: value for name, value in found.facts.items() if name in _STAYS}
    facts = {**kept, "erased": now.isoformat()}
    connection.execute(
        sa.update(tasks).where(tasks.c.id == task).values(request=bare.to_json(), facts=facts)
    )
    sources.forget(connection, task)
    media.forget(connection, files)


def shared(connection: Connection, task: TaskId, files: Iterable[str]) -> set[str]:
    """Those of a task's files that others use, too: what was made again has the same photo."""
    texts = sa.cast(tasks.c.request, sa.Text), sa.cast(tasks.c.facts, sa.Text)

    def is_shared(file: str) -> bool:
        used = sa.or_(*(text.contains(file, autoescape=True) for text in texts))
        return connection.execute(
            sa.select(sa.exists().where(tasks.c.id != task, used))
        ).scalar_one()

    return {file for file in files if is_shared(file)}


def report(connection: Connection, task: TaskId, by: int, shown: tuple[int, int]) -> Task | None:
    """Note that somebody finds a video wrong, and in which message; gives the task as it was.

    Nothing else may know that message: its author may have left, or its number came too late.
    """
    found = get(connection, task)
    if found:
        reports = dict.fromkeys([*found.facts.get("reports", []), by])
        _set(connection, found, reports=list(reports), shown=shown)
    return found


def remove(
    connection: Connection, task: Task, by: int, now: datetime, *, staff: bool = False
) -> Task | None:
    """Mark a video as removed, once, and write it down; gives it as it stands.

    With `staff`, no admin of its chat did it, but one of those who run the bot.
    """
    found = get(connection, task.id)
    if found is None or found.is_withdrawn:
        return found
    _set(connection, found, removed={"by": by, "at": now.isoformat(), "staff": staff})
    audit.record(
        connection,
        by=by,
        action="remove",
        account=found.place.user or found.account,
        detail=f"video {task.id} in chat {found.place.chat}",
        now=now,
    )
    return get(connection, task.id)


def _set(connection: Connection, task: Task, **marks: Any) -> None:
    facts = {**task.facts, **marks}
    connection.execute(sa.update(tasks).where(tasks.c.id == task.id).values(facts=facts))
