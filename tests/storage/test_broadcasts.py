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
    taken = await database.write(broadcasts.take, number, ANNA)
    await database.write(broadcasts.give_back, number, ANNA)
    await database.write(broadcasts.move, number, Stage.STOPPED, NOON)
    while_stopped = await database.write(broadcasts.take, number, ANNA)
    await database.write(broadcasts.move, number, Stage.RUNNING, NOON)

    assert (taken, while_stopped) == (True, False)
    assert await database.read(broadcasts.next_one, number) == ANNA


async def test_whoever_is_taken_is_not_taken_twice(database, number):
    first = [await database.write(broadcasts.take, number, ANNA) for _ in range(2)]

    assert first == [True, False]
    assert await database.read(broadcasts.next_one, number) == BORIS


async def test_whoever_was_taken_and_not_counted_is_counted_as_not_reached_once(database, number):
    await database.write(broadcasts.take, number, ANNA)
    await database.write(broadcasts.count, number, sent=True)
    await database.write(broadcasts.take, number, BORIS)
    for _ in range(2):
        await database.write(broadcasts.count_cut_off)

    found = await database.read(broadcasts.get, number)

    assert (found.sent, found.failed) == (1, 1)
