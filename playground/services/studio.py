"""The renders of an emulated service: queued, running, and done, failed or cancelled in the end."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Clock = Callable[[], float]


class Stage(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({Stage.DONE, Stage.FAILED, Stage.CANCELLED})


@dataclass(slots=True, kw_only=True)
class Render:
    """One accepted order; times are seconds since 1970, `order` is what was asked for.

    `key` names the account that ordered; `failure` is a code and a message of the service.
    """

    id: str
    key: str
    order: dict[str, Any]
    taken: float
    stage: Stage = Stage.QUEUED
    began: float | None = None
    ended: float | None = None
    failure: tuple[str, str] | None = None
    lasts: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)


class Studio:
    """Takes orders and works on `seats` of them per account at a time.

    Each render lasts between the two `seconds` by the clock; with `manual` it moves only when
    `begin`, `finish` or `fail` is called. Every accepted order is billable once it is done.
    """

    def __init__(
        self,
        *,
        seats: int = 5,
        seconds: tuple[float, float] = (0.0, 0.0),
        manual: bool = False,
        clock: Clock = time.time,
        seed: int = 1,
    ) -> None:
        self.seats = seats
        self.lanes: dict[str, int] = {}  # keys with fewer seats than the rest
        self.seconds = seconds
        self.manual = manual
        self.clock = clock
        self._random = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._renders: dict[str, Render] = {}

    @property
    def renders(self) -> Sequence[Render]:
        """Every order ever accepted, oldest first, as it stands now."""
        self._move()
        return list(self._renders.values())

    @property
    def billable(self) -> int:
        """How many orders were accepted and neither failed nor cancelled."""
        free = {Stage.FAILED, Stage.CANCELLED}
        return sum(render.stage not in free for render in self.renders)

    def take(self, render_id: str, key: str, order: dict[str, Any], **extra: Any) -> Render:
        lasts = self._random.uniform(*self.seconds)
        render = Render(
            id=render_id, key=key, order=order, taken=self.clock(), lasts=lasts, extra=extra
        )
        self._renders[render_id] = render
        self._move()
        return render

    def get(self, render_id: str, key: str | None = None) -> Render | None:
        """A render as it stands; another account's is as good as unknown."""
        self._move()
        render = self._renders.get(render_id)
        return render if render and key in {None, render.key} else None

    def forget(self, render_id: str) -> None:
        """As after the service's own retention."""
        self._renders.pop(render_id, None)

    def begin(self, render_id: str) -> None:
        render = self._renders[render_id]
        render.stage, render.began = Stage.RUNNING, self.clock()

    def finish(self, render_id: str) -> None:
        self._end(self._renders[render_id], Stage.DONE)

    def fail(self, render_id: str, code: str, message: str) -> None:
        render = self._renders[render_id]
        render.failure = code, message
        self._end(render, Stage.FAILED)

    def cancel(self, render_id: str) -> bool:
        """Only what still waits can be cancelled."""
        self._move()
        render = self._renders[render_id]
        if render.stage is not Stage.QUEUED:
            return False
        self._end(render, Stage.CANCELLED)
        return True

    def is_full(self, key: str) -> bool:
        """Whether all seats of an account are taken."""
        return self._busy(key) >= min(self.seats, self.lanes.get(key, self.seats))

    def _busy(self, key: str) -> int:
        return sum(
            render.key == key and render.stage is Stage.RUNNING
            for render in self._renders.values()
        )

    def _end(self, render: Render, stage: Stage, moment: float | None = None) -> None:
        moment = self.clock() if moment is None else moment
        if render.began is None and stage is not Stage.CANCELLED:
            render.began = moment
        render.stage, render.ended = stage, moment

    def _move(self) -> None:
        if self.manual:
            return
        now = self.clock()
        for render in self._renders.values():
            if render.stage is Stage.RUNNING and render.began is not None:
                end = render.began + render.lasts
                if end <= now:
                    self._end(render, Stage.DONE, end)
        for render in self._renders.values():
            if render.stage is Stage.QUEUED and not self.is_full(render.key):
                render.stage, render.began = Stage.RUNNING, now
                if render.lasts <= 0:
                    self._end(render, Stage.DONE, now)
