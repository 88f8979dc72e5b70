"""Who else an order may belong to of which nobody knows whether its service took it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.errors import UncertainError
from core.states import State
from storage import belongings, doubts, tables
from tests.factories import NOON, make_new_task, make_request

MINUTE = timedelta(minutes=1)
AROUND = NOON - 15 * MINUTE, NOON + 15 * MINUTE
UNCLEAR = {"intent": "remote", "intended": NOON.isoformat()}


@pytest.fixture
def store(database, accept):
    """Take an order and write down how far it is."""
    numbers = iter(range(100))

    async def store(state=State.SUBMITTING, model="local/camera", prompt="a cat", **facts):
        request = make_request(model=model, prompt=prompt)
        sender = 7 + next(numbers)
        task = await accept(
            make_new_task(origin=f"message:{sender}", sender=sender, request=request)
        )
        facts = {name: fact for name, fact in facts.items() if fact is not None}
        change = sa.update(tables.tasks).where(tables.tasks.c.id == task.id)
        await database.write(
            lambda connection: connection.execute(change.values(facts=facts, state=state.value))
        )
        return task

    return store


@pytest.fixture
async def mine(store):
    return await store(**UNCLEAR)


def at(minutes):
    return (NOON + minutes * MINUTE).isoformat()


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        (UNCLEAR, True),
        ({**UNCLEAR, "prompt": "a dog"}, False),
        ({**UNCLEAR, "model": "local/other"}, False),
        ({**UNCLEAR, "intended": at(-16)}, False),
        ({**UNCLEAR, "intended": at(16)}, False),
        ({**UNCLEAR, "intent": None}, False),
        ({**UNCLEAR, "intent": "sent", "remote": "k:1"}, False),
        ({**UNCLEAR, "intent": None, "failure": {"state": "uncertain"}}, True),
        ({**UNCLEAR, "intent": None, "failure": {"state": "failed"}}, False),
        ({**UNCLEAR, "intent": None, "state": State.UNCERTAIN}, True),
        # Placed anew because it was not found, and that one is sure: the first one is not.
        ({"intended": at(20), "unseen": at(1), "remote": "k:1"}, True),
        ({"intended": at(20), "unseen": at(1), "remote": "k:1", "model": "local/other"}, True),
        ({"intended": at(20), "unseen": at(16), "remote": "k:1"}, False),
        ({"intended": at(20), "unseen": at(1), "remote": "k:1", "prompt": "a dog"}, False),
    ],
    ids=str,
)
async def test_what_is_as_unclear_and_alike_is_a_rival(facts, counts, database, mine, store):
    await store(**facts)

    assert await database.read(doubts.has_rival, mine, *AROUND) is counts


async def test_nobody_is_their_own_rival(database, mine):
    assert not await database.read(doubts.has_rival, mine, *AROUND)


async def test_the_order_of_somebody_who_left_may_have_had_the_same_words(database, mine, store):
    other = await store(**UNCLEAR | {"intent": None}, state=State.UNCERTAIN)
    await database.write(belongings.erase, other.account, NOON)

    assert await database.read(doubts.has_rival, mine, *AROUND)


async def test_the_order_of_somebody_who_left_is_nobody_elses(database, store):
    other = await store(state=State.DELIVERED, remote="k:1")
    await database.write(belongings.erase, other.account, NOON)

    assert await database.read(doubts.holds, "k:1")


@pytest.mark.parametrize(
    ("remote", "held"),
    [("key:1_2", True), ("new:1_2", True), ("key:112", False), ("key:2", False)],
)
async def test_an_order_is_held_by_whichever_key_it_was_placed(remote, held, database, store):
    """A key that was changed for another one of its account sees what the old one ordered."""
    await store(State.RUNNING, remote="key:1_2")

    assert await database.read(doubts.holds, remote) is held


async def test_an_order_that_was_found_is_adopted_while_it_is_nobody_elses(database, mine, store):
    await database.read(doubts.check_is_ours, "k:1", mine, AROUND)
    await store(State.RUNNING, remote="k:1")

    with pytest.raises(UncertainError):
        await database.read(doubts.check_is_ours, "k:1", mine)


async def test_who_went_by_likeness_looks_for_rivals_once_more(database, mine, store):
    await store(**UNCLEAR)

    await database.read(doubts.check_is_ours, "k:1", mine)
    with pytest.raises(UncertainError):
        await database.read(doubts.check_is_ours, "k:1", mine, AROUND)
