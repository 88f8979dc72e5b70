"""What owners and admins do to accounts: ranks, credits, standing, and the audit of it all."""

from datetime import timedelta

import pytest

from core.access import Role
from core.credits import day_of
from core.errors import AccessError
from storage import accounts, acts, audit, ledger
from storage.acts import Act
from tests.factories import NOON, policy

OWNER, ADMIN, SUPPORT, ANNA, GROUP = 1, 2, 3, 7, -100
RULES = policy(owners=frozenset({OWNER}))
TODAY = day_of(NOON)


def act(by=OWNER, account=ANNA, *, key="update:1", now=NOON, reason=""):
    return Act(by=by, account=account, key=key, now=now, reason=reason)


@pytest.fixture
async def do(database):
    """Do something as somebody; an admin and a support are there already."""
    for account, role in ((ADMIN, "admin"), (SUPPORT, "support")):
        await database.write(accounts.change, account, NOON, role=role)

    async def do(what, one, *more):
        return await database.write(what, RULES, one, *more)

    return do


@pytest.fixture
def granted(database):
    async def granted(account=ANNA):
        return (await database.read(ledger.balance, RULES, account, TODAY)).granted

    return granted


@pytest.fixture
def entries(database):
    """What the audit says, oldest first."""

    async def entries():
        found = await database.read(audit.newest, 20)
        return [(one.by, one.action, one.account, one.detail, one.reason) for one in found][::-1]

    return entries


@pytest.fixture
def get(database):
    async def get(account=ANNA):
        return await database.read(accounts.get, account)

    return get


@pytest.mark.parametrize("account", [ANNA, GROUP])
async def test_a_grant_is_written_down_once(do, granted, entries, account):
    one = act(account=account, reason="thanks")

    assert await do(acts.grant, one, 50)
    assert not await do(acts.grant, one, 50)

    assert await granted(account) == 50
    assert await entries() == [(OWNER, "grant", account, "50", "thanks")]


async def test_taking_stops_at_what_is_free(do, granted, entries):
    await do(acts.grant, act(), 30)

    assert await do(acts.take, act(key="update:2", reason="mistake"), 50) == 30

    assert await granted() == 0
    assert (await entries())[1:] == [(OWNER, "take", ANNA, "30", "mistake")]


async def test_what_was_taken_is_told_again_and_not_taken_again(do, granted):
    await do(acts.grant, act(), 30)
    await do(acts.take, act(key="update:2"), 20)

    assert await do(acts.take, act(key="update:2"), 20) == 20
    assert await granted() == 10


async def test_taking_from_nothing_leaves_no_trace(do, entries):
    assert await do(acts.take, act(), 50) == 0
    assert await entries() == []


async def test_what_a_video_holds_cannot_be_taken(do, accept, granted, database):
    await do(acts.grant, act(), 50)
    await accept(sender=ANNA, cost=80)  # 60 of the day, 20 of the grant

    assert await do(acts.take, act(key="update:2"), 50) == 30
    balance = await database.read(ledger.balance, RULES, ANNA, TODAY)
    assert (balance.free, balance.held) == (0, 80)


async def test_daily_credits_of_ones_own_until_the_usual_ones_come_back(do, database, entries):
    async def allowance():
        return await database.read(ledger.allowance, RULES, ANNA)

    assert await do(acts.set_daily, act(), 0)
    assert not await do(acts.set_daily, act(), 0)
    none = await allowance()
    assert await do(acts.set_daily, act(), None)

    assert (none, await allowance()) == (0, 60)
    assert [one[1:4] for one in await entries()] == [
        ("quota", ANNA, "0"),
        ("quota", ANNA, "default"),
    ]


async def test_a_group_can_have_daily_credits(do, database):
    await do(acts.set_daily, act(account=GROUP), 20)

    assert await database.read(ledger.allowance, RULES, GROUP) == 20


async def test_a_ban_with_an_end_ends_and_leaves_the_standing_as_it_was(do, database):
    end = NOON + timedelta(days=3)
    closed = policy(closed=True)
    await do(acts.allow, act())
    await do(acts.ban, act(reason="spam"), end)

    def payer(now):
        return database.read(accounts.payer, closed, sender=ANNA, chat=ANNA, now=now)

    with pytest.raises(AccessError, match="You cannot use this bot"):
        await payer(end - timedelta(seconds=1))
    assert await payer(end) == ANNA


async def test_a_ban_without_an_end_holds_for_good_and_takes_the_permission(do, get):
    await do(acts.allow, act())

    assert await do(acts.ban, act(reason="spam"), None)
    assert not await do(acts.ban, act(reason="spam"), None)

    found = await get()
    assert (found.allowed, found.note) == (False, "spam")
    assert found.is_kept_out(NOON + timedelta(days=9999))


async def test_an_unban_ends_a_ban_once(do, get, entries):
    await do(acts.ban, act(reason="spam"), NOON + timedelta(days=3))

    assert await do(acts.unban, act(reason="sorry"))
    assert not await do(acts.unban, act(reason="sorry"))

    assert not (await get()).is_kept_out(NOON)
    assert [one[1:] for one in await entries()] == [
        ("ban", ANNA, "2026-03-05T12:00+00:00", "spam"),
        ("unban", ANNA, "", "sorry"),
    ]


async def test_to_allow_someone_ends_their_ban(do, get):
    await do(acts.ban, act(), None)

    assert await do(acts.allow, act(reason="friend"))
    assert not await do(acts.allow, act(reason="friend"))

    found = await get()
    assert (found.allowed, found.is_kept_out(NOON), found.note) == (True, False, "friend")


async def test_an_owner_cannot_be_banned_even_by_an_owner(do, get):
    with pytest.raises(AccessError, match="An owner cannot be kept out"):
        await do(acts.ban, act(account=OWNER))

    assert await get(OWNER) is None


WORKS = [
    (acts.grant, 5),
    (acts.take, 5),
    (acts.set_daily, 5),
    (acts.allow,),
    (acts.unban,),
    (acts.ban,),
]


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("target", [ADMIN, OWNER, 4])
async def test_an_admin_decides_over_nobody_of_their_rank_or_above(
    do, database, entries, work, target
):
    await database.write(accounts.change, 4, NOON, role="admin", banned=True)

    with pytest.raises(AccessError):
        await do(work[0], act(by=ADMIN, account=target), *work[1:])

    assert await entries() == []


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("by", [SUPPORT, ANNA, GROUP])
async def test_below_admin_nobody_decides_anything(do, entries, work, by):
    with pytest.raises(AccessError):
        await do(work[0], act(by=by, account=8), *work[1:])

    assert await entries() == []


async def test_an_admin_decides_over_supports_and_everybody_else(do, entries):
    await do(acts.grant, act(by=ADMIN, account=SUPPORT), 5)
    await do(acts.ban, act(by=ADMIN, account=ANNA), None)

    assert [one[:3] for one in await entries()] == [
        (ADMIN, "grant", SUPPORT),
        (ADMIN, "ban", ANNA),
    ]


async def test_a_banned_admin_decides_nothing(do, entries):
    await do(acts.ban, act(account=ADMIN), NOON + timedelta(days=1))

    with pytest.raises(AccessError):
        await do(acts.allow, act(by=ADMIN))

    assert len(await entries()) == 1


async def test_owners_give_and_take_roles(do, database, entries):
    assert await do(acts.set_role, act(reason="helps"), Role.SUPPORT)
    assert not await do(acts.set_role, act(reason="helps"), Role.SUPPORT)
    given = await database.read(accounts.role_of, RULES, ANNA, NOON)
    assert await do(acts.set_role, act(), Role.NOBODY)

    taken = await database.read(accounts.role_of, RULES, ANNA, NOON)
    assert (given, taken) == (Role.SUPPORT, Role.NOBODY)
    assert [one[1:4] for one in await entries()] == [
        ("role", ANNA, "support"),
        ("role", ANNA, "none"),
    ]


@pytest.mark.parametrize(
    ("by", "account"),
    [(ADMIN, ANNA), (ADMIN, ADMIN), (SUPPORT, SUPPORT), (OWNER, GROUP), (OWNER, OWNER)],
)
async def test_roles_that_nobody_can_give(do, entries, by, account):
    with pytest.raises(AccessError):
        await do(acts.set_role, act(by=by, account=account), Role.ADMIN)

    assert await entries() == []
