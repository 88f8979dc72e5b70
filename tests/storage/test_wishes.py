from datetime import timedelta

import pytest

from core.errors import StaleTaskError
from core.states import State
from storage import ledger, tasks, wishes
from tests.factories import NOON

SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(hours=1)
WAY = [State.SUBMITTING, State.RUNNING, State.FETCHING, State.DELIVERING]


@pytest.fixture
def get(database):
    async def get(task):
        return await database.read(tasks.get, task.id)

    return get


@pytest.fixture
def bring_to(database, claim_one):
    """A claimed task that went all the way to a state; `due` gives the claim up."""

    async def bring_to(state, due=None, **task):
        found = await claim_one(**task)
        for step in WAY[: WAY.index(state) + 1]:
            more = {"due": due} if step is state else {}
            await database.write(tasks.save, found, state=step, facts={}, now=NOON, **more)
            found = await database.read(tasks.get, found.id)
        return found

    return bring_to


@pytest.fixture
def ask_cancel(database):
    async def ask_cancel(task, now=SOON):
        return await database.write(wishes.ask_cancel, task.id, now)

    return ask_cancel


async def test_a_task_that_waits_in_line_is_cancelled_at_once(accept, ask_cancel, get):
    task = await accept()

    answer = await ask_cancel(task)

    assert (answer.state, answer.due, answer.finished) == (State.CANCELLED, None, SOON)
    assert answer.facts["times"] == {"queued": NOON.isoformat(), "cancelled": SOON.isoformat()}
    assert await get(task) == answer


async def test_a_task_cancelled_in_line_gives_its_credits_back(database, accept, ask_cancel):
    await ask_cancel(await accept(cost=10))

    assert await database.read(ledger.held, 7) == 0
    assert await database.read(ledger.spent, NOON.date()) == 0


async def test_a_task_cancelled_in_line_is_never_claimed(database, accept, ask_cancel):
    await ask_cancel(await accept())

    assert await database.write(tasks.claim, "local", 1, LATER) == []


async def test_a_worker_that_let_go_cannot_revive_a_cancelled_task(
    database, claim_one, ask_cancel, get
):
    task = await claim_one()
    await database.write(tasks.save, task, state=State.QUEUED, facts={}, now=NOON, due=LATER)
    cancelled = await ask_cancel(task)

    with pytest.raises(StaleTaskError):
        await database.write(tasks.save, task, state=State.SUBMITTING, facts={}, now=LATER)

    assert await get(task) == cancelled


async def test_only_the_task_that_was_meant_is_cancelled(accept, ask_cancel, get):
    task, other = [await accept(origin=f"message:{number}") for number in (1, 2)]

    await ask_cancel(task)

    assert await get(other) == other


async def test_a_claimed_task_only_hears_of_the_wish(database, claim_one, ask_cancel):
    task = await claim_one(cost=10)

    answer = await ask_cancel(task)

    assert (answer.state, answer.cancelling, answer.run) == (State.QUEUED, True, task.run)
    assert (answer.due, answer.finished) == (NOON, None)
    assert await database.read(ledger.held, 7) == 10


async def test_a_worker_may_still_save_a_task_that_shall_stop(database, claim_one, ask_cancel):
    task = await claim_one()
    await ask_cancel(task)

    await database.write(
        tasks.save, task, state=State.CANCELLED, facts={}, now=SOON, settle="release"
    )

    assert await database.read(ledger.held, 7) == 0


async def test_a_task_that_rests_at_a_service_is_woken_to_hear_of_the_wish(
    database, bring_to, ask_cancel
):
    task = await bring_to(State.RUNNING, due=LATER, cost=10)

    answer = await ask_cancel(task)

    assert (answer.state, answer.cancelling, answer.due) == (State.RUNNING, True, SOON)
    assert await database.read(ledger.held, 7) == 10


async def test_a_running_task_keeps_its_claim_when_it_shall_stop(database, bring_to, ask_cancel):
    task = await bring_to(State.RUNNING)

    answer = await ask_cancel(task)

    assert (answer.state, answer.cancelling, answer.due) == (State.RUNNING, True, NOON)
    assert await database.write(tasks.claim, "local", 1, LATER) == []


async def test_a_task_being_delivered_is_left_alone(bring_to, ask_cancel, get):
    task = await bring_to(State.DELIVERING, due=LATER)

    assert await ask_cancel(task) == task

    assert await get(task) == task


async def test_a_finished_task_is_left_alone(database, claim_one, ask_cancel, get):
    task = await claim_one()
    await database.write(tasks.save, task, state=State.FAILED, facts={}, now=NOON)
    before = await get(task)

    assert await ask_cancel(task) == before

    assert await get(task) == before


async def test_a_second_wish_to_cancel_changes_nothing(accept, ask_cancel):
    task = await accept()
    first = await ask_cancel(task, SOON)

    assert await ask_cancel(task, LATER) == first


async def test_an_unknown_task_cannot_be_cancelled(database):
    assert await database.write(wishes.ask_cancel, 99, NOON) is None


@pytest.mark.parametrize("state", [State.FETCHING, State.DELIVERING])
async def test_a_chat_that_opens_again_gets_its_videos_now(database, bring_to, get, state):
    task = await bring_to(state, due=LATER, chat=-500)

    hurried = await database.write(wishes.hurry, -500, SOON)

    assert hurried == 1
    assert (await get(task)).due == SOON


async def test_other_chats_are_not_hurried(database, bring_to, get):
    task = await bring_to(State.DELIVERING, due=LATER, chat=-501)

    assert await database.write(wishes.hurry, -500, SOON) == 0

    assert (await get(task)).due == LATER


async def test_a_task_at_a_service_is_not_hurried(database, bring_to, get):
    task = await bring_to(State.RUNNING, due=LATER, chat=-500)

    assert await database.write(wishes.hurry, -500, SOON) == 0

    assert (await get(task)).due == LATER


async def test_a_delivery_under_way_is_not_hurried(database, bring_to):
    await bring_to(State.DELIVERING, due=LATER, chat=-500)
    await database.write(tasks.claim, "local", 1, LATER)

    assert await database.write(wishes.hurry, -500, SOON) == 0


async def test_a_delivery_that_is_due_already_is_not_put_off(database, bring_to, get):
    task = await bring_to(State.DELIVERING, due=NOON, chat=-500)

    assert await database.write(wishes.hurry, -500, SOON) == 0

    assert (await get(task)).due == NOON


async def test_a_mark_is_left_and_taken_away(database, accept, get):
    task = await accept()

    await database.write(wishes.note, task.id, "resent", value=True)
    left = (await get(task)).facts
    await database.write(wishes.note, task.id, "resent", None)

    assert left == {**task.facts, "resent": True}
    assert (await get(task)).facts == task.facts


async def test_a_made_video_is_not_cancelled_any_more(database, accept, get):
    task = await accept()
    claimed = (await database.write(tasks.claim, task.lane, 1, NOON))[0]
    facts = {**claimed.facts, "clip": {"video": "v.mp4"}}
    await database.write(tasks.save, claimed, state=State.SUBMITTING, facts=facts, now=NOON)

    asked = await database.write(wishes.ask_cancel, task.id, NOON)

    assert asked.is_made
    assert not (await get(task)).cancelling


async def test_the_status_message_is_remembered(database, accept, get):
    task = await accept()

    await database.write(wishes.set_status_message, task.id, 321)

    assert (await get(task)).status_message == 321
