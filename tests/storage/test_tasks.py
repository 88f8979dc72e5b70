from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.errors import StaleTaskError
from core.states import State
from storage import collection, ledger, lines, tables, tasks, wishes
from tests.factories import NOON, make_new_task

SECOND = timedelta(seconds=1)
SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(hours=1)


@pytest.fixture
def claim(database):
    async def claim(seats=1, lane="local", now=NOON):
        return await database.write(tasks.claim, lane, seats, now)

    return claim


@pytest.fixture
def save(database):
    async def save(task, state, facts=None, now=NOON, **more):
        facts = task.facts if facts is None else facts
        await database.write(tasks.save, task, state=state, facts=facts, now=now, **more)

    return save


@pytest.fixture
def get(database):
    async def get(task):
        return await database.read(tasks.get, task.id)

    return get


async def accept_many(accept, sender, count, **task):
    return [
        await accept(origin=f"message:{sender}:{number}", sender=sender, cost=0, **task)
        for number in range(count)
    ]


async def claim_in_turn(claim, count):
    return [(await claim())[0].account for _ in range(count)]


# --- whose turn it is


async def test_tasks_of_one_person_go_by_age(accept, claim):
    made = await accept_many(accept, sender=1, count=3)

    claimed = [(await claim())[0].id for _ in range(3)]

    assert claimed == [task.id for task in made]


@pytest.mark.parametrize("running", [0, 1, 7])
async def test_thirty_tasks_of_one_person_keep_others_waiting_one_turn(accept, claim, running):
    await accept_many(accept, sender=1, count=30)
    await claim(seats=running)
    for sender in (2, 3, 4, 5, 6):
        await accept_many(accept, sender, count=1)

    assert await claim_in_turn(claim, 7) == [1, 2, 3, 4, 5, 6, 1]


async def test_people_with_many_tasks_take_turns(accept, claim):
    await accept_many(accept, sender=1, count=3)
    await accept_many(accept, sender=2, count=3)

    assert await claim_in_turn(claim, 6) == [1, 2, 1, 2, 1, 2]


async def test_someone_who_was_just_served_does_not_pass_the_others(accept, claim):
    await accept_many(accept, sender=1, count=2)
    await accept_many(accept, sender=2, count=1)
    await claim_in_turn(claim, 2)
    await accept(origin="message:again", sender=2, cost=0)

    assert await claim_in_turn(claim, 2) == [1, 2]


async def test_a_crowd_in_one_lane_puts_nobody_back_in_another(accept, claim):
    await accept_many(accept, sender=1, count=3, lane="local")
    for sender in (1, 2):
        await accept(origin=f"message:cloud:{sender}", sender=sender, cost=0, lane="cloud")

    order = [(await claim(lane="cloud"))[0].account for _ in range(2)]

    assert order == [1, 2]


# --- claims


async def test_no_more_tasks_are_claimed_than_there_are_seats(accept, claim):
    made = await accept_many(accept, sender=1, count=5)

    claimed = await claim(seats=3)

    assert [task.id for task in claimed] == [task.id for task in made[:3]]


async def test_a_claimed_task_is_not_claimed_again(accept, claim):
    await accept()
    await claim()

    assert await claim() == []


async def test_a_claim_raises_the_run_and_notes_the_start(accept, claim):
    await accept()

    (task,) = await claim(now=SOON)

    assert (task.run, task.started) == (1, SOON)


async def test_a_second_claim_keeps_the_first_start(accept, claim, save):
    await accept()
    (task,) = await claim(now=NOON)
    await save(task, State.QUEUED, due=SOON)

    (again,) = await claim(now=SOON)

    assert (again.run, again.started) == (2, NOON)


async def test_a_task_waits_until_it_is_due(accept, claim, save):
    await accept()
    (task,) = await claim()
    await save(task, State.QUEUED, due=LATER)

    early, in_time = await claim(now=LATER - SECOND), await claim(now=LATER)

    assert early == []
    assert [one.id for one in in_time] == [task.id]


async def test_a_task_that_is_not_due_yet_blocks_nobody(accept, claim, save):
    await accept(origin="message:1")
    (sleeping,) = await claim()
    await save(sleeping, State.QUEUED, due=LATER)
    awake = await accept(origin="message:2")

    assert [task.id for task in await claim()] == [awake.id]


async def test_every_claim_is_given_up_at_a_start(database, accept, claim):
    await accept_many(accept, sender=1, count=3)
    before = await claim(seats=2)

    freed = await database.write(tasks.free_all)

    assert freed == 2
    again = await claim(seats=2)
    assert [(task.id, task.run) for task in again] == [(task.id, 2) for task in before]


async def test_a_finished_task_does_not_come_back_at_a_start(database, claim_one, claim, save):
    await save(await claim_one(), State.FAILED)

    freed = await database.write(tasks.free_all)

    assert freed == 0
    assert await claim() == []


async def test_all_lanes_are_filled_to_their_seats(database, accept):
    for sender, lane in enumerate(("local", "cloud", "other"), start=1):
        await accept_many(accept, sender, count=4, lane=lane)

    taken, _ = await database.write(tasks.claim_all, {"local": 1, "cloud": 3}, NOON)

    assert sorted(task.lane for task in taken) == ["cloud"] * 3 + ["local"]


@pytest.fixture
def sleep_in(accept, claim, save):
    """A task of a lane that waits for its time."""

    async def sleep_in(lane, due):
        await accept(origin=f"message:{lane}:{due}", lane=lane, cost=0)
        (task,) = await claim(lane=lane)
        await save(task, State.QUEUED, due=due)

    return sleep_in


async def test_the_next_due_time_is_the_earliest_of_the_lanes_asked_for(database, sleep_in):
    await sleep_in("local", LATER)
    await sleep_in("cloud", SOON)
    await sleep_in("other", NOON + SECOND)

    _, due = await database.write(tasks.claim_all, {"local": 1, "cloud": 1}, NOON)

    assert due == SOON


async def test_nothing_waiting_has_no_next_due_time(database, accept):
    await accept()

    taken, due = await database.write(tasks.claim_all, {"local": 1}, NOON)

    assert len(taken) == 1
    assert due is None


async def test_a_task_that_only_lacks_a_seat_is_not_waited_for_by_the_clock(database, accept):
    await accept_many(accept, sender=1, count=2)

    taken, due = await database.write(tasks.claim_all, {"local": 1}, NOON)

    assert len(taken) == 1
    assert due is None


async def test_a_claimed_task_is_not_the_next_due(database, sleep_in):
    await sleep_in("local", SOON)
    await database.write(tasks.claim, "local", 1, SOON)

    _, due = await database.write(tasks.claim_all, {"local": 1}, NOON)

    assert due is None


# --- saves


async def test_a_save_keeps_state_and_facts_and_the_claim(claim_one, claim, save, get):
    task = await claim_one()

    await save(task, State.SUBMITTING, {"intent": "remote", "clip": {"seconds": 5.5}})

    saved = await get(task)
    assert (saved.state, saved.run) == (State.SUBMITTING, 1)
    assert saved.facts == {"intent": "remote", "clip": {"seconds": 5.5}}
    assert await claim(now=LATER) == []


async def test_a_save_of_an_old_run_changes_nothing(database, claim_one, claim, save, get):
    old = await claim_one()
    await database.write(tasks.free_all)
    await claim()
    before = await get(old)

    with pytest.raises(StaleTaskError):
        await save(old, State.SUBMITTING, {"remote": 1}, due=LATER, lane="cloud")

    assert await get(old) == before


async def test_a_save_of_an_old_run_settles_nothing(database, claim_one, claim, save):
    old = await claim_one(cost=10)
    await database.write(tasks.free_all)
    await claim()

    with pytest.raises(StaleTaskError):
        await save(old, State.FAILED, settle="release")

    assert await database.read(ledger.held, 7) == 10


async def test_an_illegal_move_changes_nothing(database, claim_one, save, get):
    task = await claim_one(cost=10)
    before = await get(task)

    with pytest.raises(StaleTaskError):
        await save(task, State.DELIVERED, {"clip": 1}, settle="capture")

    assert await get(task) == before
    assert await database.read(ledger.held, 7) == 10


async def test_a_save_touches_no_other_task(accept, claim, save, get):
    await accept(origin="message:1")
    other = await accept(origin="message:2")
    (task,) = await claim()

    await save(task, State.FAILED)

    assert await get(other) == other


async def test_a_task_moves_into_another_lane(claim_one, claim, save):
    task = await claim_one(lane="cloud")

    await save(task, State.QUEUED, lane="delivery", due=NOON)

    assert await claim(lane="cloud") == []
    assert [one.id for one in await claim(lane="delivery")] == [task.id]


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
async def test_a_final_save_ends_the_task(database, claim_one, claim, save, get, state):
    task = await claim_one()

    await save(task, state, now=SOON)

    ended = await get(task)
    assert (ended.state, ended.due, ended.finished) == (state, None, SOON)
    assert ended.is_final
    assert await database.read(tasks.unfinished) == []
    assert await claim(now=LATER) == []


async def test_a_final_save_gives_up_the_claim(database, claim_one, save):
    await save(await claim_one(), State.FAILED)

    claims = await database.read(
        lambda connection: connection.execute(sa.select(tables.tasks.c.claimed)).scalars().all()
    )

    assert claims == [False]


@pytest.mark.parametrize(("settle", "spent"), [("capture", 10), ("release", 0)])
async def test_a_final_save_settles(database, claim_one, save, settle, spent):
    task = await claim_one(cost=10)

    await save(task, State.FAILED, settle=settle)

    assert await database.read(ledger.held, 7) == 0
    assert await database.read(ledger.spent, NOON.date()) == spent


async def test_a_save_without_a_settlement_leaves_the_hold(database, claim_one, save):
    await save(await claim_one(cost=10), State.SUBMITTING)

    assert await database.read(ledger.held, 7) == 10


async def test_the_end_and_its_settlement_stand_or_fall_together(database, claim_one, get):
    task = await claim_one(cost=10)

    def end_and_break(connection):
        tasks.save(connection, task, state=State.FAILED, facts={}, now=NOON, settle="release")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(end_and_break)

    assert await get(task) == task
    assert await database.read(ledger.held, 7) == 10


# --- looking at the table


@pytest.fixture
def places(database):
    """Where tasks stand in the line of a lane with so many seats."""

    async def places(*made, seats=1, now=NOON):
        return [await database.read(lines.place, task, seats, now) for task in made]

    return places


async def test_places_are_counted_among_those_that_wait(places, accept, claim):
    made = await accept_many(accept, sender=1, count=5)
    await claim(seats=2)

    assert await places(*made, seats=2) == [0, 0, 1, 2, 3]


async def test_who_finds_a_free_seat_has_no_place_in_a_line(places, accept, claim):
    made = await accept_many(accept, sender=1, count=5)
    await claim(seats=1)

    assert await places(*made, seats=3) == [0, 0, 0, 1, 2]
    assert await places(*made, seats=0) == [0, 1, 2, 3, 4]


async def test_a_newcomer_stands_before_the_later_tasks_of_a_busy_person(places, accept, claim):
    busy = await accept_many(accept, sender=1, count=4)
    (newcomer,) = await accept_many(accept, sender=2, count=1)
    in_line = [newcomer, *busy]
    told = await places(*in_line, seats=0)

    claimed = [task.id for task in await claim(seats=5)]

    assert told == [2, 1, 3, 4, 5]
    assert told == [claimed.index(task.id) + 1 for task in in_line]


async def test_only_who_is_due_in_the_same_lane_stands_before_others(places, accept, claim, save):
    await accept_many(accept, sender=1, count=2, lane="cloud")
    await accept_many(accept, sender=2, count=1)
    (later,) = await claim()
    await save(later, State.QUEUED, due=LATER)

    (task,) = await accept_many(accept, sender=3, count=1)

    assert await places(task, seats=0) == [1]
    assert await places(task, seats=0, now=LATER) == [2]


async def test_a_persons_newest_tasks_come_first(database, accept):
    made = await accept_many(accept, sender=1, count=3)
    await accept_many(accept, sender=2, count=1)

    found = await database.read(collection.of_user, 1, 2)

    assert [task.id for task in found] == [made[2].id, made[1].id]


async def test_repeats_are_found_by_the_beginning_of_their_origin(database, accept):
    origins = ["again:1_0:b", "again:1_0:a", "again:110:a", "x again:1_0:"]
    made = [await accept(origin=origin, cost=0) for origin in origins]

    found = await database.read(tasks.repeats, "again:1_0:")

    assert found == made[:2]


async def test_unfinished_tasks_are_those_waiting_running_and_asleep(
    database, accept, claim, save
):
    made = await accept_many(accept, sender=1, count=4)
    finished, asleep, _running = await claim(seats=3)
    await save(finished, State.FAILED)
    await save(asleep, State.QUEUED, due=LATER)

    found = await database.read(tasks.unfinished)

    assert [task.id for task in found] == [task.id for task in made[1:]]


async def test_an_unknown_task_is_none(database):
    assert await database.read(tasks.get, 99) is None


async def test_an_origin_is_stored_once_only(database, accept):
    await accept(origin="message:1")

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(tasks.insert, make_new_task(origin="message:1"), 7, NOON)


async def test_a_finished_task_is_not_revived(database, claim_one):
    task = await claim_one()
    await database.write(
        tasks.save, task, state=State.FAILED, facts={}, now=NOON, settle="release"
    )

    with pytest.raises(StaleTaskError):
        await database.write(tasks.save, task, state=State.SUBMITTING, facts={}, now=NOON)


async def test_a_delivered_message_leads_to_its_task(database, accept):
    task = await accept()
    await database.write(wishes.note, task.id, "sent", {"message": 40})

    async def found(user, message):
        return await database.read(collection.by_result, user, message)

    assert (await found(7, 40)).id == task.id
    assert await found(8, 40) is None
    assert await found(7, 41) is None
