"""What owners find when they look people up."""

from datetime import timedelta

import pytest

from core.credits import day_of
from core.states import State
from storage import accounts, directory, ledger, wishes
from tests.factories import NOON, make_new_task, policy

SINCE = day_of(NOON - timedelta(days=29))


@pytest.fixture
def meet(database):
    async def meet(account, name, username=None, minutes=0):
        moment = NOON + timedelta(minutes=minutes)
        await database.write(
            accounts.meet, account, name=name, username=username, language="en", now=moment
        )

    return meet


@pytest.fixture
def look(database):
    """Look for somebody; gives the numbers found on the page, and how many there are."""

    async def look(search="", offset=0, limit=9):
        rows, total = await database.read(
            directory.page, search, offset=offset, limit=limit, since=SINCE
        )
        return [row.account.id for row in rows], total

    return look


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", [9, 8, 7]),
        ("ann", [9, 7]),
        ("@ANNa", [7]),
        ("100%", [9]),
        ("8", [8]),
        ("_", []),
        ("李", [8]),
    ],
)
async def test_people_are_found_by_name_or_number_who_wrote_last_first(meet, look, search, found):
    await meet(7, "Ann", "anna", 1)
    await meet(8, "李雷", None, 2)
    await meet(9, "100% Ann", "other", 3)

    assert await look(search) == (found, len(found))


async def test_pages(meet, look):
    for number in range(5):
        await meet(100 + number, "Ann", minutes=number)

    assert await look("ann", offset=2, limit=2) == ([102, 101], 5)


async def test_a_page_tells_what_was_charged_lately_and_not_what_is_held_or_given_back(
    database, accept, meet
):
    await meet(7, "Ann")
    long_ago = NOON - timedelta(days=40)
    old = await accept(origin="a", sender=7, cost=1, now=long_ago)
    made = await accept(origin="b", sender=7, cost=10)
    await accept(origin="d", sender=7, cost=5)
    for task in (old, made):
        await database.write(ledger.capture, task.id, NOON)
    gone = await accept(origin="c", sender=7, cost=20)
    await database.write(wishes.ask_cancel, gone.id, NOON)

    card = await database.read(directory.card, 7, SINCE)

    assert card.spent == 10
    assert card.states == {State.QUEUED: 3, State.CANCELLED: 1}
    assert [task.id for task in card.newest] == [4, 3, 2, 1]


async def test_what_a_chat_paid_is_found_under_the_chat(database, accept):
    await database.write(accounts.permit, -50, allowed=True, banned=False, note="", now=NOON)
    closed = policy(closed=True)
    await accept(make_new_task(sender=7, chat=-50, cost=0), closed)

    assert (await database.read(directory.card, -50, SINCE)).states == {State.QUEUED: 1}


async def test_a_ban_that_ended_is_not_listed(database):
    for account, end in ((7, NOON), (8, NOON + timedelta(days=1)), (9, None)):
        await database.write(
            accounts.permit, account, allowed=False, banned=True, note="", now=NOON, until=end
        )

    assert [one.id for one in await database.read(directory.kept_out, NOON)] == [8, 9]
