"""Any order of everything that may happen to credits, against a model of a few lines."""

import asyncio
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.credits import Balance, day_of
from core.errors import CreditError
from storage import ledger, orders, tables
from storage.database import Database
from tests.factories import NOON, make_new_task, policy

ACCOUNTS = (7, -900)
ALLOWANCE, BUDGET = 30, 50
RULES = policy(daily_credits=ALLOWANCE, daily_budget=BUDGET)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would outlast the timeout
TODAY = day_of(NOON)
TOMORROW = NOON + timedelta(days=1)


@dataclass
class Found:
    """What the file says: balances by account and day, spending by day, lines of tasks."""

    balances: dict
    spent: dict
    lines: list


@dataclass
class Held:
    """What one task took from the two purses, and on which day."""

    account: int
    day: date
    daily: int
    granted: int
    ended: str | None = None

    @property
    def counts(self):
        return self.ended != "release"


class Credits(RuleBasedStateMachine):
    """The ledger in a real file, driven through the database, beside a model in memory."""

    tasks = Bundle("tasks")

    def __init__(self, migrated):
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "bot.db"
        shutil.copy(migrated, self.path)
        self.now = NOON
        self.orders = self.written = self.reopened = 0
        self.held = {}
        self.given = []
        self.days = {TODAY}
        self.open()

    def teardown(self):
        self.check(self.days)  # days gone by, too
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def open(self):
        async def start():
            return Database(self.path)

        self.database = self.runner.run(start())

    def write(self, function, *args, **kwargs):
        self.written += 1
        return self.runner.run(self.database.write(function, *args, **kwargs))

    # --- the model

    def daily(self, account, day):
        taken = (held for held in self.held.values() if held.counts)
        spent = sum(held.daily for held in taken if (held.account, held.day) == (account, day))
        return (ALLOWANCE if account > 0 else 0) - spent

    def granted(self, account):
        taken = (held for held in self.held.values() if held.counts)
        given = sum(amount for to, amount in self.given if to == account)
        return given - sum(held.granted for held in taken if held.account == account)

    def spent(self, day):
        taken = (held for held in self.held.values() if held.counts)
        return sum(held.daily + held.granted for held in taken if held.day == day)

    def waiting(self, account):
        taken = (held for held in self.held.values() if held.ended is None)
        return sum(held.daily + held.granted for held in taken if held.account == account)

    # --- what may happen

    @rule(
        target=tasks,
        account=st.sampled_from(ACCOUNTS),
        cost=st.sampled_from((0, 1, 12, 25, 40)),
        interrupted=st.booleans(),
    )
    def accept(self, account, cost, interrupted):
        day = day_of(self.now)
        daily, granted = self.daily(account, day), self.granted(account)
        self.orders += 1
        new = make_new_task(origin=f"message:{self.orders}", sender=account, cost=cost)
        fits = cost <= max(0, daily + granted) and (cost == 0 or self.spent(day) + cost <= BUDGET)
        if interrupted:
            with pytest.raises(LookupError if fits else CreditError):
                self.order(new, put=self.fail)
        if not fits:
            with pytest.raises(CreditError):
                self.order(new)
            return multiple()
        task = self.order(new)
        self.held[task.id] = Held(account, day, min(cost, daily), cost - min(cost, daily))
        return task.id, new

    @rule(task=tasks)
    def accept_again(self, task):
        number, new = task
        assert self.order(new).id == number

    def order(self, new, put=lambda *_: None):
        return self.write(orders.accept, new, RULES, self.now, put=put)

    def fail(self, *_):
        raise LookupError

    @rule(task=tasks, ending=st.sampled_from((ledger.capture, ledger.release)))
    def settle(self, task, ending):
        held = self.held[task[0]]
        assert self.write(ending, task[0], self.now) is (held.ended is None)
        held.ended = held.ended or ending.__name__

    @rule(account=st.sampled_from(ACCOUNTS), amount=st.sampled_from((-20, 10, 60)))
    def grant_twice(self, account, amount):
        key = f"grant:{len(self.given)}"
        assert self.give(account, amount, key)
        assert not self.give(account, amount, key)
        self.given.append((account, amount))

    def give(self, account, amount, key):
        return self.write(ledger.grant, account, amount, key=key, by=1, note="", now=self.now)

    @rule()
    def next_day(self):
        self.now += timedelta(days=1)
        self.days.add(day_of(self.now))

    @precondition(lambda self: self.written > self.reopened)
    @rule()
    def crash(self):
        self.runner.run(self.database.close())
        self.open()
        self.reopened = self.written

    # --- what must hold after each

    @invariant()
    def everything_adds_up(self):
        self.check({day_of(self.now)})

    def check(self, days):
        found = self.runner.run(self.database.write(self.look, days))

        self.check_balances(found.balances)
        self.check_caps(found.spent)
        self.check_settlements(found.lines)

    def look(self, connection, days):
        """Read all that is compared, in one hop to the database's thread."""
        lines = sa.select(tables.ledger.c.task, tables.ledger.c.kind)
        return Found(
            balances={
                (account, day): ledger.balance(connection, RULES, account, day)
                for account in ACCOUNTS
                for day in days
            },
            spent={day: ledger.spent(connection, day) for day in days},
            lines=connection.execute(lines.where(tables.ledger.c.task.is_not(None))).all(),
        )

    def check_balances(self, balances):
        for (account, day), balance in balances.items():
            assert balance == Balance(
                daily=self.daily(account, day),
                granted=self.granted(account),
                held=self.waiting(account),
            )
            taken_away = sum(min(amount, 0) for to, amount in self.given if to == account)
            assert balance.daily >= 0
            assert balance.granted >= taken_away

    def check_caps(self, spent):
        assert spent == {day: self.spent(day) for day in spent}
        assert max(spent.values()) <= BUDGET

    def check_settlements(self, lines):
        holds = [task for task, kind in lines if kind == "hold"]
        ends = {task: kind for task, kind in lines if kind != "hold"}
        assert Counter(holds) == Counter(self.held.keys())
        assert ends == {task: held.ended for task, held in self.held.items() if held.ended}
        assert len(lines) == len(holds) + len(ends)


def test_credits_add_up_whatever_happens_in_whatever_order(migrated):
    run_state_machine_as_test(
        lambda: Credits(migrated),
        settings=settings(max_examples=30, stateful_step_count=25, deadline=None, phases=QUICK),
    )


async def read_balance(database, day=TODAY):
    return await database.read(ledger.balance, RULES, 7, day)


async def grant(database, amount, key="grant:1"):
    return await database.write(ledger.grant, 7, amount, key=key, by=1, note="thanks", now=NOON)


async def test_captured_credits_are_gone(database, accept):
    task = await accept(cost=20, rules=RULES)

    assert await database.write(ledger.capture, task.id, NOON)

    assert await read_balance(database) == Balance(daily=10, granted=0, held=0)


async def test_released_credits_go_back_to_both_purses(database, accept):
    await grant(database, 50)
    task = await accept(cost=40, rules=RULES)

    assert await database.write(ledger.release, task.id, NOON)

    assert await read_balance(database) == Balance(daily=30, granted=50, held=0)


async def test_a_release_tomorrow_gives_nothing_to_tomorrow(database, accept):
    task = await accept(cost=20, rules=RULES)

    await database.write(ledger.release, task.id, TOMORROW)

    assert (await read_balance(database, TODAY)).daily == 30
    assert (await read_balance(database, day_of(TOMORROW))).daily == 30
    assert await database.read(ledger.spent, day_of(TOMORROW)) == 0


async def test_spending_from_both_purses_leaves_tomorrows_allowance_whole(database, accept):
    await grant(database, 50)

    await accept(cost=40, rules=RULES)

    assert await read_balance(database, day_of(TOMORROW)) == Balance(daily=30, granted=40, held=40)


async def test_a_second_settlement_changes_nothing(database, accept):
    task = await accept(cost=20, rules=RULES)
    await database.write(ledger.capture, task.id, NOON)

    assert not await database.write(ledger.release, task.id, NOON)

    assert (await read_balance(database)).daily == 10


async def test_a_grant_counts_once(database):
    assert await grant(database, 50, key="grant:1")

    assert not await grant(database, 50, key="grant:1")

    assert (await read_balance(database)).granted == 50


async def test_grants_do_not_expire(database):
    await grant(database, 50)

    assert (await read_balance(database, day_of(TOMORROW))).granted == 50


async def test_owners_may_take_credits_away_below_nothing(database):
    await grant(database, -5)

    assert await read_balance(database) == Balance(daily=30, granted=-5)


async def test_held_credits_lower_the_budget_until_released(database, accept):
    task = await accept(cost=20, rules=RULES)
    before = await database.read(ledger.spent, TODAY)

    await database.write(ledger.release, task.id, NOON)

    assert (before, await database.read(ledger.spent, TODAY)) == (20, 0)


async def test_a_video_that_costs_nothing_is_settled_like_any_other(database, accept):
    task = await accept(cost=0, rules=RULES)

    assert await database.write(ledger.capture, task.id, NOON)
    assert not await database.write(ledger.capture, task.id, NOON)
