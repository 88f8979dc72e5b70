"""Figures for the owners, from videos whose ends are known."""

from datetime import timedelta

import pytest

from core.states import State
from storage import figures, renders, tasks
from tests.factories import NOON

WAY = (State.SUBMITTING, State.RUNNING, State.FETCHING, State.DELIVERING, State.DELIVERED)


@pytest.fixture
def end(database, accept):
    """Take an order of an account and bring it to its end; the first claim is `wait` later."""

    async def end(number, *, account=7, cost=10, good=True, wait=4, ended=NOON):
        task = await accept(origin=f"message:{number}", sender=account, cost=cost)
        claimed_at = NOON + timedelta(seconds=wait)
        (claimed,) = await database.write(tasks.claim, task.lane, 1, claimed_at)
        for state in WAY if good else (State.SUBMITTING, State.FAILED):
            settle = {State.DELIVERED: "capture", State.FAILED: "release"}.get(state)
            await database.write(
                tasks.save, claimed, state=state, facts={}, now=ended, settle=settle
            )
            claimed = await database.read(tasks.get, task.id)
        return task

    return end


async def test_videos_are_counted_by_day_and_model_with_what_they_cost(database, end):
    yesterday = NOON - timedelta(days=1)
    await end(1, ended=yesterday)
    await end(2, account=8, cost=20, wait=6)
    task = await end(3, good=False, wait=8)
    await database.write(
        renders.add, task.id, model="local/camera", resolution="", length=5, seconds=3.0, now=NOON
    )

    found = await database.read(figures.gather, yesterday)

    (model,) = found.models
    assert found.days == {yesterday.date(): (1, 0), NOON.date(): (1, 1)}
    assert (model.made, model.failed, model.credits) == (2, 1, 30)
    assert (model.wait, model.render, model.success) == (6, 3.0, 2 / 3)
    assert found.people == 2
    assert found.top == [("8", 1, 20), ("7", 1, 10)]


async def test_what_ended_before_does_not_count(database, end):
    await end(1, ended=NOON - timedelta(days=2))

    found = await database.read(figures.gather, NOON - timedelta(days=1))

    assert (found.made, found.models, found.top) == (0, [], [])
