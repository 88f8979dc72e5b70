"""Broadcasts: who is next, and who is counted how."""

import pytest

from storage import accounts, broadcasts
from storage.broadcasts import Stage
from tests.factories import NOON

ANNA, BORIS = 7, 8


@pytest.fixture
async def number(database):
    """A broadcast that goes out to two people."""
    for person in (ANNA, BORIS):
        await database.write(
            accounts.meet, person, name="A guest", username=None, language=None, now=NOON
        )
    made = await database.write(broadcasts.create, by=ANNA, chat=ANNA, message=1, now=NOON)
    await database.write(broadcasts.move, made.id, Stage.RUNNING, NOON)
    return made.id


async def test_whoever_was_sent_nothing_is_the_next_again_also_after_a_stop(database, number):
    first = await database.write(broadcasts.take_next, number)
    await database.write(broadcasts.give_back, number, first)
    await database.write(broadcasts.move, number, Stage.STOPPED, NOON)
    while_stopped = await database.write(broadcasts.take_next, number)
    await database.write(broadcasts.move, number, Stage.RUNNING, NOON)
    rest = [await database.write(broadcasts.take_next, number) for _ in range(3)]

    assert (first, while_stopped, rest) == (ANNA, None, [ANNA, BORIS, None])
