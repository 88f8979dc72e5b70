"""What owners look up about accounts: lists, pages, and everything about one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.states import State
from core.task import Task
from storage.accounts import Account, read_accounts
from storage.tables import accounts, ledger, tasks
from storage.tasks import read_tasks

_LISTED = 20
_NEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An account in a list: videos delivered so far, and credits charged lately."""

    account: Account
    videos: int
    spent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What an account has done: tasks by state, the newest ones, and credits charged lately."""

    states: Mapping[State, int]
    newest: Sequence[Task]
    spent: int


def page(
    connection: Connection, search: str, *, offset: int, limit: int, since: date
) -> tuple[Sequence[Row], int]:
    """Accounts that wrote last come first; also gives how many fit altogether.

    `search` is part of a name or @name, or a whole number; empty finds everybody.
    """
    fits = _fits(search)
    total = connection.execute(
        sa.select(sa.func.count()).select_from(accounts).where(fits)
    ).scalar_one()
    found = read_accounts(
        connection,
        fits,
        order=(accounts.c.seen.desc().nulls_last(), accounts.c.id),
        limit=limit,
        offset=offset,
    )
    rows = [
        Row(
            account=one,
            videos=_states(connection, one.id).get(State.DELIVERED, 0),
            spent=spent(connection, one.id, since),
        )
        for one in found
    ]
    return rows, total


def _fits(search: str) -> sa.ColumnElement[bool]:
    if not search:
        return sa.true()
    text = search.removeprefix("@")
    found = [
        accounts.c.name.icontains(text, autoescape=True),
        accounts.c.username.icontains(text, autoescape=True),
    ]
    if text.lstrip("-").isdecimal():
        found.append(sa.cast(accounts.c.id, sa.Text) == text)
    return sa.or_(*found)


def card(connection: Connection, account: int, since: date) -> Card:
    newest = sa.select(tasks).where(_of(account)).order_by(tasks.c.id.desc()).limit(_NEWEST)
    return Card(
        states=_states(connection, account),
        newest=read_tasks(connection, newest),
        spent=spent(connection, account, since),
    )


def spent(connection: Connection, account: int, since: date) -> int:
    """Credits charged since a day; what is only held for a video is not spent yet."""
    both = sa.func.coalesce(sa.func.sum(ledger.c.daily + ledger.c.granted), 0)
    settled = ledger.alias("settled")
    is_charged = sa.exists().where(settled.c.task == ledger.c.task, settled.c.kind == "capture")
    found = sa.select(both).where(
        ledger.c.account == account, ledger.c.day >= since, ledger.c.kind == "hold", is_charged
    )
    return -int(connection.execute(found).scalar_one())


def _states(connection: Connection, account: int) -> dict[State, int]:
    found = sa.select(tasks.c.state, sa.func.count()).where(_of(account)).group_by(tasks.c.state)
    return {State(state): count for state, count in connection.execute(found)}


def _of(account: int) -> sa.ColumnElement[bool]:
    """The tasks that a person asked for, or that a chat paid."""
    return tasks.c.user == account if account > 0 else tasks.c.account == account


def allowed(connection: Connection) -> Sequence[Account]:
    return _list(connection, accounts.c.allowed.is_(sa.true()))


def kept_out(connection: Connection, now: datetime) -> Sequence[Account]:
    holds = sa.or_(accounts.c.banned_until.is_(None), accounts.c.banned_until > now)
    return _list(connection, accounts.c.banned.is_(sa.true()) & holds)


def with_quota(connection: Connection) -> Sequence[Account]:
    """Accounts whose daily credits are not the usual ones."""
    return _list(connection, accounts.c.daily.is_not(None))


def with_role(connection: Connection) -> Sequence[Account]:
    return _list(connection, accounts.c.role.is_not(None))


def named(connection: Connection, who: Collection[int]) -> Sequence[Account]:
    return read_accounts(
        connection, accounts.c.id.in_(who), order=(accounts.c.id,), limit=len(who)
    )


def _list(connection: Connection, where: sa.ColumnElement[bool]) -> Sequence[Account]:
    order = (accounts.c.seen.desc().nulls_last(), accounts.c.id)
    return read_accounts(connection, where, order=order, limit=_LISTED)
