"""Figures for the owners: how many videos, how well, how fast, what they cost, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.credits import day_of
from core.states import FINAL, State
from storage.tables import accounts, renders, tasks

_TOP = 5
_BAD = {State.FAILED.value, State.UNCERTAIN.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """One model in a span of time; `wait` and `render` are medians in seconds, None without any."""

    model: str
    made: int
    failed: int
    credits: int
    wait: float | None
    render: float | None

    @property
    def success(self) -> float | None:
        """The share of ended videos that were delivered; those that people cancelled do not count."""
        ended = self.made + self.failed
        return self.made / ended if ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`days` holds delivered and failed videos by UTC day; `top` is name, videos and credits."""

    days: Mapping[date, tuple[int, int]]
    models: Sequence[ModelFigures]
    people: int
    top: Sequence[tuple[str, int, int]]

    @property
    def made(self) -> int:
        return sum(model.made for model in self.models)

    @property
    def failed(self) -> int:
        return sum(model.failed for model in self.models)

    @property
    def credits(self) -> int:
        return sum(model.credits for model in self.models)


def gather(connection: Connection, since: datetime) -> Figures:
    """Everything that ended since a moment."""
    rows = connection.execute(
        sa.select(
            tasks.c.model, tasks.c.state, tasks.c.cost, tasks.c.created, tasks.c.started,
            tasks.c.finished, tasks.c.account,
        ).where(tasks.c.finished >= since, tasks.c.state.in_([state.value for state in FINAL]))
    ).all()  # fmt: skip
    days: dict[date, tuple[int, int]] = {}
    for row in rows:
        made, failed = days.get(day_of(row.finished), (0, 0))
        is_made = row.state == State.DELIVERED.value
        is_failed = row.state in _BAD
        days[day_of(row.finished)] = (made + is_made, failed + is_failed)
    names = sorted({row.model for row in rows})
    return Figures(
        days=days,
        models=[
            _of_model(connection, name, [row for row in rows if row.model == name], since)
            for name in names
        ],
        people=len({row.account for row in rows}),
        top=_top(connection, rows),
    )


def _of_model(
    connection: Connection, name: str, rows: Sequence[Any], since: datetime
) -> ModelFigures:
    made = [row for row in rows if row.state == State.DELIVERED.value]
    waits = [(row.started - row.created).total_seconds() for row in rows if row.started]
    took = connection.execute(
        sa.select(renders.c.seconds).where(renders.c.model == name, renders.c.at >= since)
    )
    seconds = list(took.scalars())
    return ModelFigures(
        model=name,
        made=len(made),
        failed=sum(row.state in _BAD for row in rows),
        credits=sum(row.cost for row in made),
        wait=median(waits) if waits else None,
        render=median(seconds) if seconds else None,
    )


def _top(connection: Connection, rows: Sequence[Any]) -> list[tuple[str, int, int]]:
    videos: dict[int, int] = {}
    spent: dict[int, int] = {}
    for row in rows:
        if row.state == State.DELIVERED.value:
            videos[row.account] = videos.get(row.account, 0) + 1
            spent[row.account] = spent.get(row.account, 0) + row.cost
    first = sorted(videos, key=lambda one: (-spent[one], -videos[one], one))[:_TOP]
    known = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(first))
    names = {row.id: row.name for row in connection.execute(known)}
    return [(names.get(one) or str(one), videos[one], spent[one]) for one in first]
