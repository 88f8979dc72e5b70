import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.credits import Balance, day_of
from core.errors import AccessError, CreditError, CrowdedError
from core.states import State
from storage import accounts, inbox, ledger, tables, tasks, wishes
from tests.factories import NOON, make_new_task, make_request, policy

TODAY = day_of(NOON)
ALLOWED = {"allowed": True, "banned": False}
BANNED = {"allowed": False, "banned": True}
CLOSED = policy(closed=True, owners=frozenset({1}))


def count(connection, table):
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def stored(connection):
    return {table.name: count(connection, table) for table in (tables.tasks, tables.ledger)}


NOTHING = {"tasks": 0, "ledger": 0}
ONE_ORDER = {"tasks": 1, "ledger": 1}


@pytest.fixture
def permit(database):
    async def permit(account, standing):
        await database.write(accounts.permit, account, **standing, note="", now=NOON)

    return permit


@pytest.fixture
def grant(database):
    async def grant(account, amount):
        key = f"grant:{account}:{amount}"
        await database.write(ledger.grant, account, amount, key=key, by=1, note="", now=NOON)

    return grant


@pytest.fixture
def balance(database):
    async def balance(account=7, rules=None, day=TODAY):
        return await database.read(ledger.balance, rules or policy(), account, day)

    return balance


async def test_an_order_becomes_a_task_in_the_line(database, accept):
    request = make_request(seconds=5)
    new = make_new_task(sender=7, chat=-500, topic=3, cost=12, lane="cloud", request=request)

    task = await accept(new)

    assert await database.read(tasks.get, task.id) == task
    assert (task.account, task.place, task.request) == (7, new.place, request)
    assert (task.cost, task.lane, task.state) == (12, "cloud", State.QUEUED)
    assert (task.due, task.created, task.started) == (NOON, NOON, None)


async def test_an_order_holds_its_credits(accept, balance):
    await accept(cost=12)

    assert await balance() == Balance(daily=48, granted=0, held=12)


async def test_an_order_that_is_too_dear_leaves_nothing(database, accept):
    with pytest.raises(CreditError):
        await accept(cost=61)

    assert await database.read(stored) == NOTHING


async def test_an_account_has_so_many_videos_on_the_way_and_no_more(database, accept):
    rules = policy(unfinished=2)
    first = await accept(origin="message:1", cost=0, rules=rules)
    await accept(origin="message:2", cost=0, rules=rules)

    with pytest.raises(CrowdedError) as refusal:
        await accept(origin="message:3", cost=0, rules=rules)
    await database.write(wishes.ask_cancel, first.id, NOON)

    assert "2 videos on their way" in str(refusal.value)
    assert await accept(origin="message:3", cost=0, rules=rules)
    assert await accept(origin="message:4", cost=0, rules=rules, sender=8)


async def test_the_same_origin_gives_the_same_task(database, accept):
    first = await accept(origin="message:1")

    second = await accept(origin="message:1")

    assert second == first
    assert await database.read(stored) == ONE_ORDER


async def test_the_same_origin_asks_for_no_further_credits(accept):
    first = await accept(origin="message:1", cost=60)

    assert await accept(origin="message:1", cost=60) == first


async def test_the_same_origin_is_put_once(accept):
    puts = []

    for _ in range(2):
        await accept(origin="message:1", put=lambda _, task: puts.append(task.id))

    assert len(puts) == 1


async def test_another_origin_is_another_task(accept):
    first = await accept(origin="message:1")

    assert (await accept(origin="message:2")).id != first.id


async def test_an_open_bot_serves_anyone_on_their_own_account(accept):
    task = await accept(sender=7, chat=-500)

    assert task.account == 7


async def test_a_closed_bot_refuses_a_stranger_and_names_their_number(database, accept):
    with pytest.raises(AccessError, match="/allow 7"):
        await accept(sender=7, cost=0, rules=CLOSED)

    assert await database.read(stored) == NOTHING


async def test_a_closed_bot_serves_its_owners(accept):
    assert (await accept(sender=1, rules=CLOSED)).account == 1


async def test_a_closed_bot_serves_whom_an_owner_let_in(accept, permit):
    await permit(7, ALLOWED)

    assert (await accept(sender=7, rules=CLOSED)).account == 7


async def test_someone_known_but_not_let_in_stays_a_stranger(database, accept):
    await database.write(accounts.meet, 7, name="Seven", username=None, language="en", now=NOON)

    with pytest.raises(AccessError):
        await accept(sender=7, rules=CLOSED)


@pytest.mark.parametrize("rules", [policy(), CLOSED], ids=["open", "closed"])
async def test_someone_banned_is_refused(accept, permit, rules):
    await permit(7, BANNED)

    with pytest.raises(AccessError, match="cannot use this bot"):
        await accept(sender=7, cost=0, rules=rules)


async def test_someone_banned_is_refused_in_an_allowed_chat_too(accept, permit):
    await permit(-500, ALLOWED)
    await permit(7, BANNED)

    with pytest.raises(AccessError):
        await accept(sender=7, chat=-500, cost=0, rules=CLOSED)


async def test_a_banned_chat_serves_nobody(accept, permit):
    await permit(7, ALLOWED)
    await permit(-500, BANNED)

    with pytest.raises(AccessError):
        await accept(sender=7, chat=-500, cost=0, rules=CLOSED)


async def test_an_owner_cannot_be_locked_out(accept, permit):
    await permit(1, BANNED)

    assert (await accept(sender=1, rules=CLOSED)).account == 1


async def test_an_allowed_chat_pays_for_those_without_access(accept, permit, grant, balance):
    await permit(-500, ALLOWED)
    await grant(-500, 100)

    task = await accept(sender=7, chat=-500, cost=12, rules=CLOSED)

    assert task.account == -500
    assert await balance(-500) == Balance(daily=0, granted=88, held=12)
    assert await balance(7) == Balance(daily=60, granted=0)


async def test_people_with_access_pay_for_themselves_in_an_allowed_chat(accept, permit):
    await permit(-500, ALLOWED)
    await permit(7, ALLOWED)

    assert (await accept(sender=7, chat=-500, rules=CLOSED)).account == 7


async def test_an_allowed_chat_opens_no_other_chat(accept, permit):
    await permit(-500, ALLOWED)

    with pytest.raises(AccessError):
        await accept(sender=7, chat=-501, rules=CLOSED)


async def test_an_allowed_chat_starts_with_nothing(accept, permit):
    await permit(-500, ALLOWED)

    with pytest.raises(CreditError, match="this chat has 0 left"):
        await accept(sender=7, chat=-500, cost=1, rules=CLOSED)


async def test_a_channel_starts_with_nothing_in_an_open_bot(accept):
    with pytest.raises(CreditError, match=r"this chat has 0 left\. .* with /grant -900 100\."):
        await accept(sender=-900, cost=1)


async def test_a_channel_may_have_what_costs_nothing(accept):
    assert (await accept(sender=-900, cost=0)).account == -900


async def test_a_channel_spends_what_it_was_granted(accept, grant, balance):
    await grant(-900, 20)

    await accept(sender=-900, cost=15)

    assert await balance(-900) == Balance(daily=0, granted=5, held=15)


async def test_a_negative_id_is_never_an_owner(accept):
    with pytest.raises(AccessError):
        await accept(sender=-900, cost=0, rules=policy(closed=True, owners=frozenset({-900})))


async def test_daily_credits_go_before_grants(accept, grant, balance):
    await grant(7, 100)

    await accept(cost=50)

    assert await balance() == Balance(daily=10, granted=100, held=50)


async def test_grants_pay_the_rest_of_a_dear_video(accept, grant, balance):
    await grant(7, 100)

    await accept(cost=75)

    assert await balance() == Balance(daily=0, granted=85, held=75)


async def test_an_account_cannot_pass_its_cap_in_small_steps(database, accept):
    await accept(origin="message:1", cost=40)
    await accept(origin="message:2", cost=20)

    with pytest.raises(CreditError, match="costs 1 credit and you have 0 left"):
        await accept(origin="message:3", cost=1)

    assert await database.read(stored) == {"tasks": 2, "ledger": 2}


async def test_one_account_spends_nothing_of_anothers(accept):
    await accept(origin="message:1", sender=7, cost=60)

    assert (await accept(origin="message:2", sender=8, cost=60)).account == 8


async def test_the_daily_budget_stands_across_accounts(database, accept):
    rules = policy(daily_budget=100)
    await accept(origin="message:1", sender=7, cost=60, rules=rules)

    with pytest.raises(CreditError, match="whole bot"):
        await accept(origin="message:2", sender=8, cost=41, rules=rules)

    assert await database.read(stored) == ONE_ORDER


async def test_the_daily_budget_may_be_used_up_exactly(accept):
    rules = policy(daily_budget=100)
    await accept(origin="message:1", sender=7, cost=60, rules=rules)

    assert (await accept(origin="message:2", sender=8, cost=40, rules=rules)).account == 8


async def test_grants_do_not_pass_the_daily_budget(accept, grant):
    await grant(7, 1000)

    with pytest.raises(CreditError, match="whole bot"):
        await accept(sender=7, cost=101, rules=policy(daily_budget=100))


async def test_free_videos_go_on_when_the_budget_is_used_up(accept):
    rules = policy(daily_budget=60)
    await accept(origin="message:1", sender=7, cost=60, rules=rules)

    assert (await accept(origin="message:2", sender=7, cost=0, rules=rules)).cost == 0


async def test_put_runs_in_the_transaction_of_the_task(database, accept):
    def look(connection, task):
        with closing(sqlite3.connect(database.path)) as other:
            outside = other.execute("SELECT count(*) FROM tasks").fetchone()[0]
        seen.append((tasks.get(connection, task.id), outside))

    seen = []

    task = await accept(put=look)

    assert seen == [(task, 0)]


async def test_what_put_writes_is_stored_with_the_task(database, accept):
    def announce(connection, task):
        inbox.add(connection, [{"update_id": task.id}], NOON)

    task = await accept(put=announce)

    assert await database.read(inbox.unread) == [{"update_id": task.id}]


async def test_a_put_that_raises_leaves_nothing(database, accept):
    def announce_and_fail(connection, task):
        inbox.add(connection, [{"update_id": task.id}], NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await accept(put=announce_and_fail)

    assert await database.read(stored) == NOTHING
    assert await database.read(inbox.unread) == []
