import pytest

from storage import accounts
from storage.accounts import Account
from tests.factories import NOON


@pytest.fixture
def meet(database):
    async def meet(account=7, name="Ann", username="AnnSmith", language="en"):
        await database.write(
            accounts.meet, account, name=name, username=username, language=language, now=NOON
        )

    return meet


@pytest.fixture
def permit(database):
    async def permit(account=7, *, allowed=True, banned=False, note="friend"):
        await database.write(
            accounts.permit, account, allowed=allowed, banned=banned, note=note, now=NOON
        )

    return permit


@pytest.fixture
def get(database):
    async def get(account=7):
        return await database.read(accounts.get, account)

    return get


async def test_someone_who_wrote_is_remembered(meet, get):
    await meet()

    assert await get() == Account(id=7, name="Ann", username="annsmith", language="en")


async def test_the_newest_name_counts(meet, get):
    await meet()

    await meet(name="Anna", username=None, language="zh")

    assert await get() == Account(id=7, name="Anna", username=None, language="zh")


async def test_a_stranger_is_unknown(meet, get):
    await meet(account=8)

    assert await get(7) is None


async def test_people_are_found_by_username_in_any_case(database, meet, get):
    await meet()

    assert await database.read(accounts.find, "ANNsmith") == await get()


async def test_someone_may_be_let_in_before_the_first_message(permit, get):
    await permit()

    assert await get() == Account(id=7, allowed=True, note="friend")


async def test_writing_does_not_change_someones_standing(meet, permit, get):
    await permit(allowed=False, banned=True, note="spam")

    await meet()

    found = await get()
    assert (found.name, found.allowed, found.banned, found.note) == ("Ann", False, True, "spam")


async def test_a_new_standing_does_not_change_the_name(meet, permit, get):
    await meet()

    await permit()

    found = await get()
    assert (found.name, found.username, found.allowed) == ("Ann", "annsmith", True)


async def test_a_standing_is_replaced_as_a_whole(permit, get):
    await permit(allowed=True, note="friend")

    await permit(allowed=False, banned=True, note="spam")

    assert await get() == Account(id=7, banned=True, note="spam")


async def test_someone_who_blocked_the_bot_is_out_of_reach_until_they_write(database, meet, get):
    await meet()
    await database.write(accounts.set_reachable, 7, reachable=False)
    before = (await get()).reachable

    await meet()

    assert (before, (await get()).reachable) == (False, True)


async def test_a_consent_is_remembered_with_its_moment(database, meet):
    await meet(7)

    await database.write(accounts.consent, 7, NOON)

    assert (await database.read(accounts.get, 7)).consented == NOON


async def test_the_last_sign_of_life_is_remembered(database, meet, get):
    await meet()

    assert (await get()).seen == NOON


async def test_choices_are_added_to_and_taken_back_one_by_one(database, get):
    await database.write(accounts.choose, 7, NOON, seconds=10, sound=False)
    await database.write(accounts.choose, 7, NOON, seconds=None, ratio="9:16")

    assert (await get()).choices == {"sound": False, "ratio": "9:16"}
