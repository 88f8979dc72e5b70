"""What a member may spend of a group's credits in a day."""

from datetime import timedelta

import pytest

from core.credits import day_of
from core.errors import CreditError
from storage import accounts, ledger, tasks, wishes
from tests.factories import NOON, policy

GROUP, ANNA, BORIS = -1_005, 5, 6
RULES = policy(closed=True)


@pytest.fixture
async def order(database, accept):
    """Order in an allowed group that has 100 credits and lets each member spend 20 a day."""
    values = {"allowed": True, "member_cap": 20}
    await database.write(accounts.change, GROUP, NOON, **values)
    grant = {"key": "grant:1", "by": 1, "note": "", "now": NOON}
    await database.write(ledger.grant, GROUP, 100, **grant)
    count = iter(range(100))

    async def order(sender=ANNA, cost=10, now=NOON, **more):
        origin = f"message:{next(count)}"
        return await accept(
            rules=RULES, origin=origin, sender=sender, chat=GROUP, cost=cost, now=now, **more
        )

    return order


async def test_a_member_spends_up_to_the_cap_and_hears_all_figures(database, order):
    await order(cost=15)
    await order(cost=5)

    with pytest.raises(CreditError) as refused:
        await order(cost=3)

    sentence = str(refused.value)
    assert "may spend 20 of this group's credits a day" in sentence
    assert "You have spent 20, and this video costs 3." in sentence
    assert await database.read(ledger.held, GROUP) == 20
    assert len(await database.read(tasks.unfinished)) == 2


async def test_every_member_has_a_share_of_their_own(order):
    await order(cost=20)

    assert (await order(BORIS, cost=20)).account == GROUP


async def test_the_next_day_begins_with_nothing_spent(order):
    await order(cost=20)

    assert await order(cost=20, now=NOON + timedelta(days=1))


async def test_what_was_given_back_may_be_spent_again(database, order):
    task = await order(cost=20)
    await database.write(wishes.ask_cancel, task.id, NOON)

    assert await database.read(ledger.spent_by, ANNA, GROUP, day_of(NOON)) == 0
    assert await order(cost=20)


async def test_what_costs_nothing_is_never_refused(order):
    await order(cost=20)

    assert await order(cost=0)


async def test_the_cap_does_not_fill_the_group(order):
    for sender in range(10, 15):
        await order(sender, cost=20)

    with pytest.raises(CreditError, match="costs 20 credits and this chat has 0 left"):
        await order(BORIS, cost=20)


async def test_who_speaks_for_the_group_has_no_share_but_all_of_it(order):
    assert await order(GROUP, cost=50)


async def test_who_pays_for_themselves_is_not_counted(database, order):
    await database.write(accounts.permit, ANNA, allowed=True, banned=False, note="", now=NOON)

    assert (await order(cost=50)).account == ANNA
