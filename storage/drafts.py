"""Drafts: what a person has sent so far for a video that is not complete yet."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from storage.content import Content, Received, blanked
from storage.tables import drafts

# Drafts of everybody: what is older is neither repeated nor edited, and would take long to read.
_LOOKED_BACK = 2000

UNTOLD = 0  # instead of the number of a question: it is being asked, or was when the process died


class Stage(StrEnum):
    COLLECTING = "collecting"  # more may arrive in a moment
    WORKING = "working"  # it was quiet long enough; files are being fetched
    ASKING = "asking"  # the person was asked for words
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft of one sender in one chat and topic; `question` is the message that asks for words."""

    id: int
    chat: int
    sender: int
    topic: int | None
    stage: Stage
    due: datetime | None
    album: str | None
    question: int | None
    content: Content
    updated: datetime

    @property
    def spot(self) -> "Spot":
        return Spot(self.chat, self.sender, self.topic)

    @property
    def origin(self) -> str:
        """The messages that its order comes from: the same ones again are the same order."""
        return f"message:{self.chat}:{self.content.anchor}:{self.content.reply_to or 0}"

    @property
    def is_being_placed(self) -> bool:
        """Whether it was complete and its order is being placed right now."""
        complete = self.content.words is not None or self.content.audio is not None
        return self.stage is Stage.WORKING and complete


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a draft lives: one sender has one open draft in a chat and topic."""

    chat: int
    sender: int
    topic: int | None


Change = Callable[[Draft | None], tuple[Content, str | None]]


def update(
    connection: Connection, spot: Spot, change: Change, *, due: datetime | None, now: datetime
) -> Draft:
    """Give the open draft (or None) to `change`, and keep the content and album it gives back."""
    draft = open_draft(connection, spot)
    content, album = change(draft)
    values = {
        "content": asdict(content),
        "album": album,
        "due": due,
        "stage": Stage.COLLECTING.value,
        "updated": now,
    }
    if draft is None:
        statement: sa.Executable = (
            sa.insert(drafts)
            .values(chat=spot.chat, sender=spot.sender, topic=spot.topic or 0, **values)
            .returning(drafts)
        )
    else:
        statement = (
            sa.update(drafts).where(drafts.c.id == draft.id).values(**values).returning(drafts)
        )
    return draft_of(connection.execute(statement).mappings().one())


def open_draft(connection: Connection, spot: Spot) -> Draft | None:
    return _one(
        connection,
        _at(spot) & (drafts.c.stage != Stage.CLOSED.value),
    )


def in_chat(connection: Connection, chat: int, *, closed: bool = False) -> Sequence[Draft]:
    """The drafts of everybody in a chat, either the open ones or the closed ones."""
    is_closed = drafts.c.stage == Stage.CLOSED.value
    rows = connection.execute(
        sa.select(drafts).where(drafts.c.chat == chat, is_closed if closed else ~is_closed)
    )
    return [draft_of(row) for row in rows.mappings()]


def following(connection: Connection, task: int) -> Sequence[Draft]:
    """The open drafts that go on from the last frame of a video of ours."""
    rows = connection.execute(sa.select(drafts).where(drafts.c.stage != Stage.CLOSED.value))
    found = (draft_of(row) for row in rows.mappings())
    return [one for one in found if any(photo.after == task for photo in one.content.photos)]


def latest(connection: Connection, spot: Spot, since: datetime) -> Draft | None:
    """The newest draft of this sender here, open or closed, if it is recent enough."""
    return _one(connection, _at(spot) & (drafts.c.updated >= since))


def of_album(connection: Connection, spot: Spot, album: str) -> Draft | None:
    """The newest draft, open or closed, that photos of this album belong to."""
    return _one(connection, _lately(spot) & (drafts.c.album == album))


def from_message(connection: Connection, spot: Spot, message: int) -> Draft | None:
    """The newest of a sender's drafts that this message of theirs belongs to."""
    newest = sa.select(drafts).where(_lately(spot)).order_by(drafts.c.id.desc())
    found = (draft_of(row) for row in connection.execute(newest).mappings())
    return next((draft for draft in found if message in draft.content.messages), None)


def is_done(connection: Connection, spot: Spot, message: int) -> bool:
    """Whether this message was dealt with already, and comes again after a crash."""
    draft = from_message(connection, spot, message)
    return draft is not None and draft.stage is Stage.CLOSED


def note_hint(connection: Connection, draft: Draft) -> bool:
    """Note that the person was told that edits come too late; False where that was known."""
    found = get(connection, draft.id)
    if found is None or found.content.hinted:
        return False
    _set_content(connection, draft, replace(found.content, hinted=True))
    return True


def blank(connection: Connection, draft: Draft) -> None:
    """Forget what a closed draft says; which messages it came from stays."""
    _set_content(connection, draft, blanked(draft.content))


def _set_content(connection: Connection, draft: Draft, content: Content) -> None:
    this = sa.update(drafts).where(drafts.c.id == draft.id)
    connection.execute(this.values(content=asdict(content)))


def get(connection: Connection, draft: int) -> Draft | None:
    return _one(connection, drafts.c.id == draft)


def ask(connection: Connection, draft: Draft, question: int | None) -> None:
    """Note that the person was asked for words, in which message."""
    connection.execute(
        sa.update(drafts)
        .where(unchanged(draft))
        .values(stage=Stage.ASKING.value, due=None, question=question)
    )


def drop_sound(connection: Connection, draft: Draft) -> None:
    """Forget the sound of a draft, unless something else has come since."""
    content = asdict(replace(draft.content, audio=None))
    connection.execute(sa.update(drafts).where(unchanged(draft)).values(content=content))


def postpone(connection: Connection, draft: Draft, due: datetime) -> None:
    """Come back to an open draft later."""
    connection.execute(
        sa.update(drafts).where(unchanged(draft)).values(stage=Stage.COLLECTING.value, due=due)
    )


def abandon(connection: Connection, spot: Spot) -> None:
    """Close what waits for nothing: whoever worked on it has given up."""
    idle = (drafts.c.stage == Stage.COLLECTING.value) & drafts.c.due.is_(None)
    connection.execute(sa.update(drafts).where(_at(spot) & idle).values(stage=Stage.CLOSED.value))


def close(connection: Connection, draft: Draft) -> None:
    """The draft became a task, or was given up."""
    connection.execute(
        sa.update(drafts).where(unchanged(draft)).values(stage=Stage.CLOSED.value, due=None)
    )


def unchanged(draft: Draft) -> sa.ColumnElement[bool]:
    """What arrived while a draft was worked on has a turn of its own, and is left alone."""
    return (
        (drafts.c.id == draft.id)
        & (drafts.c.updated == draft.updated)
        & (drafts.c.stage != Stage.CLOSED.value)
    )


def clear(connection: Connection, before: datetime) -> int:
    return connection.execute(sa.delete(drafts).where(drafts.c.updated < before)).rowcount


def _at(spot: Spot) -> sa.ColumnElement[bool]:
    return (
        (drafts.c.chat == spot.chat)
        & (drafts.c.sender == spot.sender)
        & (drafts.c.topic == (spot.topic or 0))
    )


def _lately(spot: Spot) -> sa.ColumnElement[bool]:
    newest = sa.select(sa.func.max(drafts.c.id)).scalar_subquery()
    return _at(spot) & (drafts.c.id > newest - _LOOKED_BACK)


def _one(connection: Connection, where: sa.ColumnElement[bool]) -> Draft | None:
    row = (
        connection.execute(sa.select(drafts).where(where).order_by(drafts.c.id.desc()).limit(1))
        .mappings()
        .one_or_none()
    )
    return draft_of(row) if row else None


def draft_of(row: RowMapping) -> Draft:
    content = dict(row["content"])
    content["photos"] = tuple(Received(**photo) for photo in content["photos"])
    content["picks"] = content.get("picks") and tuple(content["picks"])
    content["audio"] = Received(**content["audio"]) if content["audio"] else None
    values = {**row, "content": Content(**content), "stage": Stage(row["stage"])}
    return Draft(**{**values, "topic": row["topic"] or None})
