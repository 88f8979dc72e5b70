from datetime import timedelta

import pytest

from storage import renders
from tests.factories import NOON


@pytest.fixture
def render(database):
    """Remember renders one after the other, each a second later."""
    tasks = iter(range(1, 1000))

    async def render(*took, model="cloud/one", resolution="720p", length=5, at=None):
        for seconds in took:
            task = next(tasks)
            now = at or NOON + timedelta(seconds=task)
            await database.write(
                renders.add,
                task,
                model=model,
                resolution=resolution,
                length=length,
                seconds=seconds,
                now=now,
            )

    return render


@pytest.fixture
def past(database):
    async def past(model="cloud/one", resolution="720p", length=5):
        return await database.read(renders.past, model, resolution, length)

    return past


async def test_renders_alike_stand_alone_once_there_are_five(render, past):
    await render(900, resolution="1080p")
    await render(800, length=10)
    await render(1, 2, 3, 4, 5)

    assert await past() == [1, 2, 3, 4, 5]


async def test_fewer_than_five_alike_are_joined_by_those_of_the_whole_model(render, past):
    await render(900, resolution="1080p")
    await render(1, 2, 3, 4)
    await render(800, length=10)

    assert await past() == [900, 1, 2, 3, 4, 800]


async def test_a_shorter_video_promises_no_less_time_for_a_longer_one(render, past):
    await render(3, 4, length=3)
    await render(800, length=10)

    assert await past(length=9) == [9, 12, 800]


async def test_other_models_teach_nothing(render, past):
    await render(1, 2, 3, 4, 5, model="cloud/two")

    assert await past() == []


async def test_the_newest_come_last(render, past):
    await render(1, 2, 3, 4, at=NOON)
    await render(5, at=NOON + timedelta(days=1))
    await render(6, at=NOON - timedelta(days=1))

    found = await past()

    assert (found[0], found[-1]) == (6, 5)


async def test_only_the_newest_sixty_count(render, past):
    await render(*range(65))

    assert await past() == list(range(5, 65))


async def test_a_task_counts_once(database, past):
    for seconds in (10, 99):
        await database.write(
            renders.add,
            1,
            model="cloud/one",
            resolution="720p",
            length=5,
            seconds=seconds,
            now=NOON,
        )

    assert await past() == [10]
