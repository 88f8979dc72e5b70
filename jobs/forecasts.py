"""What past renders tell of the next one: when to look at it, and when it is late."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.capabilities import Capabilities
from core.request import VideoRequest
from jobs.estimate import expect
from jobs.looking import Schedule
from storage import renders
from storage.database import Database

_FRESH = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`late_after` is in seconds; a model that pushes needs no schedule."""

    schedule: Schedule | None
    late_after: float
    learnt: datetime


class Forecasts:
    """Learnt anew every few seconds: reading and planning for each task costs more than it tells."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], Forecast] = {}
        self._learning = asyncio.Lock()

    async def of(
        self, database: Database, model: Capabilities, request: VideoRequest, now: datetime
    ) -> Forecast:
        kind = model.model, request.resolution or "", request.seconds or 0
        async with self._learning:  # many tasks that begin together learn once
            known = self._known.get(kind)
            if known is None or not timedelta(0) <= now - known.learnt < _FRESH:
                past = await database.read(renders.past, *kind)
                schedule = None if model.pushes else Schedule.learn(past, model.usual)
                known = Forecast(schedule, expect(past, model.usual).slow, now)
                self._known[kind] = known
        return known
