"""What goes when a person goes, and what of others stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.states import State
from storage import accounts, belongings, inbox, ledger, overrides, tables, tasks
from tests.factories import NOON, make_new_task, policy

SOON = NOON + timedelta(hours=1)


@pytest.fixture
def leave(database):
    async def leave(account, moment=NOON):
        await database.write(accounts.change, account, NOON, leaving=moment)

    return leave


async def rows(database, statement):
    return await database.read(lambda connection: connection.execute(statement).all())


async def test_who_has_videos_on_the_way_stays_until_they_are_done(database, accept, leave):
    task = await accept(sender=7)
    await leave(7)
    busy = await database.read(belongings.leaving, SOON)
    (claimed,) = await database.write(tasks.claim, "local", 1, NOON)
    for state in (State.SUBMITTING, State.FAILED):
        await database.write(tasks.save, claimed, state=state, facts={}, now=NOON)
        claimed = await database.read(tasks.get, task.id)

    assert (busy, await database.read(belongings.leaving, SOON)) == ([], [7])


async def test_nobody_leaves_before_their_time(database, leave):
    await leave(7, SOON)

    assert await database.read(belongings.leaving, NOON) == []


async def test_a_video_in_a_group_loses_its_person_and_words_and_keeps_its_payer(database, accept):
    closed = policy(closed=True)
    await database.write(accounts.permit, -50, allowed=True, banned=False, note="", now=NOON)
    await accept(make_new_task(sender=7, chat=-50, cost=0), closed)

    await database.write(belongings.erase, 7, SOON)

    (row,) = await rows(database, sa.select(tables.tasks))
    assert (row.user, row.account, row.chat) == (None, -50, -50)
    assert "prompt" not in row.request


async def test_what_somebody_did_as_a_helper_stays_without_them(database):
    await database.write(ledger.grant, 8, 5, key="1", by=7, note="thanks", now=NOON)
    await database.write(overrides.put, "access", "open", by=7, now=NOON)

    await database.write(belongings.erase, 7, SOON)

    for table in (tables.ledger, tables.overrides):
        assert await rows(database, sa.select(table.c.by)) == [(belongings.NOBODY,)]


async def test_the_bots_day_still_adds_up(database, accept):
    await accept(sender=7, cost=10)
    before = await database.read(ledger.spent, NOON.date())

    await database.write(belongings.erase, 7, SOON)

    assert (before, await database.read(ledger.spent, NOON.date())) == (10, 10)


async def test_of_somebody_kept_out_only_that_stays(database):
    await database.write(accounts.permit, 7, allowed=False, banned=True, note="spam", now=NOON)

    await database.write(belongings.erase, 7, SOON)

    found = await database.read(accounts.get, 7)
    assert (found.banned, found.note, found.name) == (True, "", "")


async def test_what_was_kept_of_messages_goes_and_their_numbers_stay_known(database):
    def message(number, who):
        return {"update_id": number, "message": {"from": {"id": who}, "media_group_id": "a"}}

    updates = [message(1, 7), message(2, 8), message(3, 7)]
    await database.write(inbox.add, updates, NOON)
    for number in (1, 2):
        await database.write(inbox.finish, number, NOON, keep=True)

    await database.write(belongings.erase, 7, SOON)

    left = await rows(database, sa.select(tables.inbox.c.payload))
    assert [row.payload for row in left] == [{}, *updates[1:]]
    assert await database.write(inbox.add, updates, SOON) == []


async def test_what_is_collected_is_that_persons_alone(database, accept):
    await accept(make_new_task(origin="message:1", sender=7))
    await accept(make_new_task(origin="message:2", sender=8))

    found = await database.read(belongings.collect, 7)

    assert [video["user"] for video in found["videos"]] == [7]
    assert [line["account"] for line in found["credits"]] == [7]


async def test_a_ban_is_kept_no_longer_than_it_holds(database):
    for account, end in ((7, SOON), (8, NOON)):
        await database.write(
            accounts.permit, account, allowed=False, banned=True, note="", now=NOON, until=end
        )
        await database.write(belongings.erase, account, NOON)

    kept = await database.read(accounts.get, 7)
    assert (kept.banned, kept.banned_until) == (True, SOON)
    assert await database.read(accounts.get, 8) is None
