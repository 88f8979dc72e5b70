import asyncio
from datetime import UTC, datetime, timedelta

from core.capabilities import Capabilities
from core.request import VideoRequest
from jobs.forecasts import Forecasts
from storage import renders

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MODEL = Capabilities(model="one/slow", title="Slow", usual=100)
REQUEST = VideoRequest(model="one/slow", seconds=5, resolution="720p")


class CountingReader:
    """Stands in for a database, and counts how often it is read."""

    def __init__(self, *seconds):
        self.seconds = seconds
        self.reads = 0

    async def read(self, function, *kind):
        assert function is renders.past
        assert kind == ("one/slow", "720p", 5)
        self.reads += 1
        await asyncio.sleep(0)
        return list(self.seconds)


async def test_tasks_that_begin_together_learn_once():
    database, forecasts = CountingReader(*[10.0] * 9), Forecasts()
    found = await asyncio.gather(
        *(forecasts.of(database, MODEL, REQUEST, NOON) for _ in range(20))
    )
    assert database.reads == 1
    assert len({id(one) for one in found}) == 1
    assert found[0].late_after == 10.0


async def test_what_is_known_is_learnt_anew_after_a_while_or_when_the_clock_was_set_back():
    database, forecasts = CountingReader(*[10.0] * 9), Forecasts()
    await forecasts.of(database, MODEL, REQUEST, NOON)
    await forecasts.of(database, MODEL, REQUEST, NOON + timedelta(seconds=9))
    assert database.reads == 1
    database.seconds = (40.0,) * 9
    later = await forecasts.of(database, MODEL, REQUEST, NOON + timedelta(seconds=11))
    assert (database.reads, later.late_after) == (2, 40.0)
    await forecasts.of(database, MODEL, REQUEST, NOON)
    assert database.reads == 3


async def test_a_model_that_pushes_is_not_asked_by_a_schedule():
    pushing = Capabilities(model="one/slow", title="Slow", usual=100, pushes=True)
    forecast = await Forecasts().of(CountingReader(), pushing, REQUEST, NOON)
    assert forecast.schedule is None
    assert forecast.late_after == 300
