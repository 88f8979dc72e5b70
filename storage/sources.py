"""What a video was ordered from: drafts and updates that hold its words and files after the order."""

import re

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import TaskId
from storage import drafts, inbox
from storage.tables import tasks

_ORIGIN = re.compile(r"message:(-?\d+):\d+:\d+")


def forget(connection: Connection, task: TaskId) -> None:
    """Forget what the closed drafts of a video say, and others made from the same messages.

    The numbers of the messages stay: so one that comes again is known.
    """
    origin: str = connection.execute(
        sa.select(tasks.c.origin).where(tasks.c.id == task)
    ).scalar_one()
    if (found := _ORIGIN.fullmatch(origin)) is None:
        return  # ordered by a button
    closed = drafts.in_chat(connection, int(found[1]), closed=True)
    own = [draft for draft in closed if draft.origin == origin]
    messages = {message for draft in own for message in draft.content.messages if message}
    senders = {draft.sender for draft in own}
    for draft in closed:
        if draft.sender in senders and messages & draft.content.messages:
            drafts.blank(connection, draft)
            if draft.album:
                inbox.forget_album(connection, draft.album)
