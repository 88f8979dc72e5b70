import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import inbox, tables
from storage.inbox import MAX_ATTEMPTS
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


def make_update(number, text="hello"):
    return {"update_id": number, "message": {"text": text, "photo": []}}


@pytest.fixture
def add(database):
    async def add(*updates):
        return await database.write(inbox.add, updates, NOON)

    return add


@pytest.fixture
def finish(database):
    async def finish(number, now=NOON):
        await database.write(inbox.finish, number, now)

    return finish


@pytest.fixture
def payloads(database):
    """What stands in the inbox, by number."""
    every = sa.select(tables.inbox.c.payload).order_by(tables.inbox.c.update_id)
    return lambda: database.read(lambda connection: list(connection.execute(every).scalars()))


async def test_an_update_is_committed_when_it_is_answered_for(database, add):
    fresh = await add(make_update(1))

    with closing(sqlite3.connect(database.path)) as other:
        assert other.execute("SELECT update_id, done FROM inbox").fetchall() == [(1, None)]
    assert fresh == [make_update(1)]


async def test_an_update_that_came_before_is_not_fresh(add):
    await add(make_update(1), make_update(2))

    assert await add(make_update(2), make_update(3)) == [make_update(3)]


async def test_an_update_twice_in_one_batch_is_fresh_once(add):
    assert await add(make_update(1), make_update(1)) == [make_update(1)]


async def test_a_repetition_does_not_replace_what_was_kept(database, add):
    await add(make_update(1, "first"))

    await add(make_update(1, "second"))

    assert await database.read(inbox.unread) == [make_update(1, "first")]


async def test_a_finished_update_does_not_become_fresh_again(database, add, finish):
    await add(make_update(1))
    await finish(1)

    assert await add(make_update(1)) == []

    assert await database.read(inbox.unread) == []


async def test_unread_updates_come_oldest_first(database, add):
    await add(make_update(30), make_update(10))
    await add(make_update(20))

    unread = await database.read(inbox.unread)

    assert [update["update_id"] for update in unread] == [10, 20, 30]


async def test_a_finished_update_is_read(database, add, finish):
    await add(make_update(1), make_update(2))

    await finish(1)

    assert await database.read(inbox.unread) == [make_update(2)]


async def test_of_a_finished_update_nothing_stays_but_its_number(database, add, finish, payloads):
    await add(make_update(1), make_update(2))

    await finish(1)

    assert await payloads() == [{}, make_update(2)]


async def test_what_is_kept_for_its_album_is_forgotten_after_a_while(database, add, payloads):
    await add(make_update(1), make_update(2))
    await database.write(inbox.finish, 1, NOON, keep=True)
    await database.write(inbox.finish, 2, LATER, keep=True)

    forgotten = await database.write(inbox.forget_kept, LATER)

    assert forgotten == 1
    assert await payloads() == [{}, make_update(2)]
    assert await add(make_update(1)) == []


@pytest.mark.parametrize("kind", ["message", "channel_post"])
async def test_an_album_can_be_forgotten_at_once(database, add, payloads, kind):
    parts = [{"update_id": number, kind: {"media_group_id": "aab"[number]}} for number in range(3)]
    await add(*parts)
    for number in range(3):
        await database.write(inbox.finish, number, NOON, keep=True)

    await database.write(inbox.forget_album, "a")

    assert await payloads() == [{}, {}, parts[2]]


async def test_an_update_is_given_up_after_its_last_attempt(database, add):
    await add(make_update(1))

    begun = [await database.write(inbox.begin, 1) for _ in range(MAX_ATTEMPTS + 1)]

    assert begun == [True] * MAX_ATTEMPTS + [False]


async def test_attempts_are_counted_for_each_update_by_itself(database, add):
    await add(make_update(1), make_update(2))
    for _ in range(MAX_ATTEMPTS):
        await database.write(inbox.begin, 1)

    assert await database.write(inbox.begin, 2)


async def test_clearing_drops_what_was_finished_long_ago(database, add, finish):
    await add(make_update(1), make_update(2), make_update(3))
    await finish(1, NOON)
    await finish(2, LATER)

    cleared = await database.write(inbox.clear, LATER)

    assert cleared == 1
    assert await add(make_update(1), make_update(2)) == [make_update(1)]


async def test_clearing_keeps_what_nobody_has_dealt_with(database, add):
    await add(make_update(1))

    await database.write(inbox.clear, LATER)

    assert await database.read(inbox.unread) == [make_update(1)]


async def test_the_parts_of_an_album_are_found_also_after_they_were_dealt_with(database, add):
    def part(number, album, kind="message"):
        return {"update_id": number, kind: {"media_group_id": album}}

    await add(part(1, "a"), part(2, "b"), make_update(3), part(4, "a", "channel_post"))
    await add(part(2000, "a"))
    await database.write(inbox.finish, 1, NOON, keep=True)

    found = await database.read(inbox.of_album, "a", 4)

    assert [update["update_id"] for update in found] == [1, 4]
