"""How long renders took, by model: what looking and waiting times are learned from."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import TaskId
from storage.tables import renders
from storage.upsert import insert_new

_NEWEST = 60


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
    alike = _newest(
        connection,
        (renders.c.model == model)
        & (renders.c.resolution == resolution)
        & (renders.c.length == length),
    )
    few = 5
    if len(alike) < few:
        alike = _newest(connection, renders.c.model == model)
    return [seconds * max(1.0, length / max(1, shorter)) for seconds, shorter in alike]


def _newest(connection: Connection, where: sa.ColumnElement[bool]) -> list[tuple[float, int]]:
    """Seconds and length of each video, oldest first."""
    rows = connection.execute(
        sa.select(renders.c.seconds, renders.c.length)
        .where(where)
        .order_by(renders.c.at.desc())
        .limit(_NEWEST)
    )
    return [(row.seconds, row.length) for row in rows][::-1]
