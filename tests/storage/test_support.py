"""What helpers do about other people's tasks, and what they see of lines and credits."""

from datetime import timedelta

import pytest

from core.credits import Balance, day_of
from core.states import State
from storage import audit, ledger, lines, support, tasks
from storage.lines import Line
from tests.factories import NOON, make_new_task, policy

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def entries(database):
    async def entries():
        found = await database.read(audit.newest, 9)
        return [(one.by, one.action, one.account, one.detail, one.reason) for one in found]

    return entries


@pytest.fixture
def given_up(database, claim_one):
    """A paid video whose delivery was given up."""

    async def given_up(**task):
        found = await claim_one(**task)
        facts = {"clip": {"video": "v.mp4"}, "billed": True, "attempts": 5, "intent": "sent"}
        for state in (State.SUBMITTING, State.RUNNING, State.FETCHING, State.FAILED):
            settle = "capture" if state is State.FAILED else None
            await database.write(
                tasks.save, found, state=state, facts=facts, now=NOON, settle=settle
            )
            found = await database.read(tasks.get, found.id)
        return found

    return given_up


async def test_a_cancel_by_a_helper_is_written_down_once(database, accept, entries):
    task = await accept(sender=7)

    for _ in range(2):
        outcome = await database.write(support.cancel, task.id, by=3, reason="odd", now=NOON)

    after, stopped = outcome
    assert (after.state, stopped) == (State.CANCELLED, False)
    assert await entries() == [(3, "cancel", 7, "1", "odd")]


async def test_a_cancel_of_what_is_over_or_unknown_is_none(database, given_up, entries):
    task = await given_up()

    assert await database.write(support.cancel, task.id, by=3, reason="", now=NOON) == (
        task,
        False,
    )
    assert await database.write(support.cancel, 99, by=3, reason="", now=NOON) == (None, False)
    assert await entries() == []


async def test_an_order_anew_is_written_down_with_it_or_not_at_all(accept, entries):
    task = await accept(sender=7)
    put = support.noting_retry(lambda _connection, _task: None, task, by=3, now=NOON)
    new = make_new_task(origin="retry:1:0", sender=7)

    await accept(new, put=put)
    await accept(new, put=put)

    assert await entries() == [(3, "retry", 7, "1", "")]


async def test_a_given_up_delivery_gets_another_turn_that_costs_nothing(
    database, given_up, entries
):
    task = await given_up(sender=7, cost=12)

    async def balance():
        return await database.read(ledger.balance, policy(), 7, day_of(NOON))

    before = await balance()
    assert await database.write(support.redeliver, task.id, by=3, lane="delivery", now=LATER)
    assert not await database.write(support.redeliver, task.id, by=3, lane="delivery", now=LATER)

    (again,) = await database.write(tasks.claim, "delivery", 1, LATER)
    assert (again.id, again.state, again.finished) == (task.id, State.FETCHING, None)
    assert again.facts == {"clip": {"video": "v.mp4"}}
    for state in (State.DELIVERING, State.DELIVERED):
        settle = "capture" if state is State.DELIVERED else None
        await database.write(
            tasks.save, again, state=state, facts=again.facts, now=LATER, settle=settle
        )
        again = await database.read(tasks.get, task.id)
    assert before == await balance() == Balance(daily=48, granted=0, held=0)
    assert await entries() == [(3, "redeliver", 7, "1", "")]


async def test_an_old_claim_cannot_save_over_the_new_turn(database, given_up):
    task = await given_up()
    await database.write(support.redeliver, task.id, by=3, lane="delivery", now=LATER)

    (again,) = await database.write(tasks.claim, "delivery", 1, LATER)

    assert again.run > task.run + 1


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
async def test_what_was_not_made_cannot_be_sent_again(database, claim_one, state):
    task = await claim_one()
    await database.write(tasks.save, task, state=State.SUBMITTING, facts={}, now=NOON)
    task = await database.read(tasks.get, task.id)
    await database.write(tasks.save, task, state=state, facts={}, now=NOON, settle="release")

    assert not await database.write(support.redeliver, task.id, by=3, lane="delivery", now=NOON)
    assert (await database.read(tasks.get, task.id)).state is state


async def test_lines_show_who_waits_and_for_how_long(database, accept):
    await accept(origin="a", lane="cloud", now=NOON)
    await accept(origin="b", lane="cloud", now=NOON + timedelta(minutes=1))
    await accept(origin="c", lane="cloud", now=NOON + timedelta(minutes=2))
    await database.write(tasks.claim, "cloud", 1, LATER)
    await accept(origin="d", lane="local", now=NOON)

    assert await database.read(lines.overview) == {
        "cloud": Line(waiting=2, running=1, oldest=NOON + timedelta(minutes=1)),
        "local": Line(waiting=1, running=0, oldest=NOON),
    }


async def test_the_credits_of_a_task_tell_their_story(database, accept):
    task = await accept(cost=12)
    await database.write(support.cancel, task.id, by=3, reason="", now=LATER)

    found = await database.read(ledger.of_task, task.id)

    assert [(one.kind, one.daily, one.granted, one.created) for one in found] == [
        ("hold", -12, 0, NOON),
        ("release", 12, 0, LATER),
    ]
