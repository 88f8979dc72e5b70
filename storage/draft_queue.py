"""The turns of drafts: which have been quiet long enough to be worked on."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.drafts import UNTOLD, Draft, Stage, draft_of, unchanged
from storage.prepared import Prepared
from storage.tables import drafts

_NEXT_DUE = Prepared(sa.select(sa.func.min(drafts.c.due, type_=drafts.c.due.type)))


def take_due(connection: Connection, now: datetime) -> Sequence[Draft]:
    """Take the drafts that have been quiet long enough; each is given out once."""
    rows = connection.execute(
        sa.update(drafts)
        .where(drafts.c.due <= now)
        .values(due=None, stage=Stage.WORKING.value)
        .returning(drafts)
    )
    return [draft_of(row) for row in rows.mappings()]


def take(connection: Connection, draft: Draft) -> bool:
    """Take one before it was quiet for long enough; False where that is no longer possible."""
    taken = connection.execute(
        sa.update(drafts)
        .where(unchanged(draft) & drafts.c.due.is_not(None))
        .values(due=None, stage=Stage.WORKING.value)
    )
    return taken.rowcount == 1


def resume(connection: Connection, now: datetime) -> int:
    """Give out again what an earlier process had taken, or was asking about, and not finished."""
    asking = (drafts.c.stage == Stage.ASKING.value) & (drafts.c.question == UNTOLD)
    return connection.execute(
        sa.update(drafts)
        .where((drafts.c.stage == Stage.WORKING.value) | asking)
        .values(due=now, stage=Stage.COLLECTING.value)
    ).rowcount


def next_due(connection: Connection) -> datetime | None:
    earliest: datetime | None = _NEXT_DUE.value(connection)
    return earliest
