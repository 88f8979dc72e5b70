"""A group that became a supergroup: everything about it goes on under its new number."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import drafts, tables
from storage.content import Content, Received
from storage.drafts import Draft, Spot, Stage

# Messages stay behind and the new chat counts its own from 1: a number that is moved along gets
# beyond what Telegram counts to, so that it never names a stranger's message.
LEFT_BEHIND = 10**12


def migrate(connection: Connection, old: int, new: int) -> None:
    """Move tasks, drafts, account and credits of a chat to its new number; again does nothing."""
    if old == new:
        return
    _move_tasks(connection, old, new)
    for draft in drafts.in_chat(connection, old):
        _move_draft(connection, draft, old, new)
    _move_account(connection, old, new)
    for table in (tables.tasks, tables.ledger, tables.audit):
        connection.execute(sa.update(table).where(table.c.account == old).values(account=new))


def _move_tasks(connection: Connection, old: int, new: int) -> None:
    tasks = tables.tasks
    here = tasks.c.chat == old
    ended = sa.select(tasks.c.id, tasks.c.facts).where(here, tasks.c.finished.is_not(None))
    for task, facts in connection.execute(ended).all():
        known = _without_messages(facts, old)
        connection.execute(sa.update(tasks).where(tasks.c.id == task).values(facts=known))
    places = {"chat": new, "topic": None, "reply_to": None, "status_message": None}
    connection.execute(sa.update(tasks).where(here).values(**places))
    # Those that an anonymous admin has ordered.
    connection.execute(sa.update(tasks).where(tasks.c.user == old).values(user=new))


def _without_messages(facts: Mapping[str, Any], chat: int) -> dict[str, Any]:
    """What a finished task remembers, less the numbers of messages that are left behind."""
    known = {name: value for name, value in facts.items() if name != "status"}
    sent = known.get("sent")
    if sent and sent.get("chat", chat) == chat:
        known["sent"] = {**sent, "message": None}
    if copies := known.get("copies"):
        known["copies"] = [copy for copy in copies if copy[0] != chat]
    return known


def _move_draft(connection: Connection, draft: Draft, old: int, new: int) -> None:
    """Move one open draft; where the sender has begun another in the new chat, that one counts."""
    sender = new if draft.sender == old else draft.sender
    changes: dict[str, Any] = {"chat": new, "sender": sender, "question": None}
    if drafts.open_draft(connection, Spot(new, sender, draft.topic)):
        changes |= {"stage": Stage.CLOSED.value, "due": None}
    changes["content"] = asdict(_left_behind(draft.content))
    connection.execute(
        sa.update(tables.drafts).where(tables.drafts.c.id == draft.id).values(**changes)
    )


def _left_behind(content: Content) -> Content:
    return replace(
        content,
        photos=tuple(map(_renumbered, content.photos)),
        audio=_renumbered(content.audio) if content.audio else None,
        reply_to=None,
    )


def _renumbered(received: Received) -> Received:
    return replace(received, message=received.message + LEFT_BEHIND)


def _move_account(connection: Connection, old: int, new: int) -> None:
    """Give the new chat what was set for the old one; what was set for the new one already stays."""
    rows = connection.execute(
        sa.select(tables.accounts).where(tables.accounts.c.id.in_((old, new)))
    ).mappings()
    found = {row["id"]: row for row in rows}
    if old not in found:
        return
    before, after = found[old], found.get(new)
    connection.execute(sa.delete(tables.accounts).where(tables.accounts.c.id == old))
    if after is None:
        connection.execute(sa.insert(tables.accounts).values(**{**before, "id": new}))
        return
    merged = {
        name: value if after[name] is None else after[name] for name, value in before.items()
    }
    merged |= {
        "id": new,
        "name": after["name"] or before["name"],
        "note": after["note"] or before["note"],
        "allowed": before["allowed"] or after["allowed"],
        "banned": before["banned"] or after["banned"],
        "choices": {**before["choices"], **after["choices"]},
        "created": before["created"],
    }
    connection.execute(
        sa.update(tables.accounts).where(tables.accounts.c.id == new).values(**merged)
    )
