"""How long renders took, by model: what looking and waiting times are learned from."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import TaskId
from storage.prepared import Prepared
from storage.tables import renders
from storage.upsert import insert_new

_NEWEST = 60

_MADE = (
    sa.select(renders.c.seconds, renders.c.length)
    .where(renders.c.model == sa.bindparam("by"))
    .order_by(renders.c.at.desc())
    .limit(_NEWEST)
)
_OF_MODEL = Prepared(_MADE)
_ALIKE = Prepared(
    _MADE.where(
        renders.c.resolution == sa.bindparam("sharp"), renders.c.length == sa.bindparam("long")
    )
)


def add(
    connection: Connection,
    task: TaskId,
    *,
    model: str,
    resolution: str,
    length: int,
    seconds: float,
    now: datetime,
) -> None:
    """Remember one render; the same task counts once."""
    insert_new(connection, renders).count(
        connection,
        task=task,
        model=model,
        resolution=resolution,
        length=length,
        seconds=seconds,
        at=now,
    )


def past(connection: Connection, model: str, resolution: str, length: int) -> Sequence[float]:
    """Seconds of the newest renders like this one, oldest first.

    Where few are of the same resolution and length, those of the whole model stand in, a shorter
    one for as many seconds as if it had had this length: too early a promise would be a false one.
    """
    found = _ALIKE.rows(connection, by=model, sharp=resolution, long=length)
    few = 5
    if len(found) < few:
        found = _OF_MODEL.rows(connection, by=model)
    return [row["seconds"] * max(1.0, length / max(1, row["length"])) for row in reversed(found)]
