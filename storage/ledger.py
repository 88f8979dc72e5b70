"""Everything that may happen to credits: hold, capture, release, grant.

The table only grows. A line says how the two purses of an account (today's allowance, and
grants) changed, and has a key that can be written once; balances are sums over lines.
A task has one hold and at most one settlement, because both settlements share a key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.access import Policy
from core.credits import Balance, check_budget, day_of, split
from core.task import TaskId
from storage.prepared import Prepared
from storage.tables import accounts, ledger, tasks
from storage.upsert import insert_new

_HOLD, _CAPTURE, _RELEASE, _GRANT = "hold", "capture", "release", "grant"

_LINE = Prepared(sa.select(ledger).where(ledger.c.key == sa.bindparam("named")))
_both = sa.func.coalesce(sa.func.sum(ledger.c.daily + ledger.c.granted), 0)
_on = sa.bindparam("on", type_=sa.Date)
_of = sa.bindparam("of", type_=sa.BigInteger)
_today = sa.func.sum(sa.case((ledger.c.day == _on, ledger.c.daily), else_=0))
_PURSES = Prepared(
    sa.select(
        sa.func.coalesce(_today, 0).label("daily"),
        sa.func.coalesce(sa.func.sum(ledger.c.granted), 0).label("granted"),
    )
    .where(ledger.c.account == _of)
    .where(sa.or_(ledger.c.day == _on, ledger.c.granted != 0))
)
_OWN = Prepared(sa.select(accounts.c.daily).where(accounts.c.id == _of))
_settled = ledger.alias("settled")
_HELD = Prepared(
    sa.select(_both).where(
        ledger.c.account == _of,
        ledger.c.kind == _HOLD,
        sa.or_(ledger.c.daily != 0, ledger.c.granted != 0),
        ~sa.exists().where(
            _settled.c.task == ledger.c.task,
            sa.or_(_settled.c.kind == _CAPTURE, _settled.c.kind == _RELEASE),
        ),
    )
)
_SPENT = Prepared(
    sa.select(_both).where(
        ledger.c.day == _on, sa.or_(ledger.c.kind == _HOLD, ledger.c.kind == _RELEASE)
    )
)
_SPENT_BY = (
    sa.select(_both)
    .join(tasks, tasks.c.id == ledger.c.task)
    .where(
        ledger.c.account == _of,
        ledger.c.day == _on,
        ledger.c.kind.in_((_HOLD, _RELEASE)),
        tasks.c.user == sa.bindparam("member"),
    )
)


def hold(
    connection: Connection,
    policy: Policy,
    *,
    account: int,
    task: TaskId,
    cost: int,
    now: datetime,
) -> None:
    """Set a task's credits aside; raises CreditError where the account or the bot lacks them."""
    day = day_of(now)
    check_budget(cost, spent(connection, day), policy.daily_budget)
    chat = account if account < 0 else None
    taken = split(cost, balance(connection, policy, account, day), chat=chat)
    _write(
        connection,
        key=f"task:{task}:hold",
        account=account,
        task=task,
        kind=_HOLD,
        day=day,
        daily=-taken.daily,
        granted=-taken.granted,
        created=now,
    )


def capture(connection: Connection, task: TaskId, now: datetime) -> bool:
    """Charge what was held; False where the task was settled before."""
    return _settle(connection, task, _CAPTURE, now)


def release(connection: Connection, task: TaskId, now: datetime) -> bool:
    """Give back what was held, to the purse and the day it came from; False if settled."""
    return _settle(connection, task, _RELEASE, now)


def grant(
    connection: Connection,
    account: int,
    amount: int,
    *,
    key: str,
    by: int,
    note: str,
    now: datetime,
) -> bool:
    """Give credits that do not expire (or take them, below zero); False if the key is used."""
    return _write(
        connection,
        key=key,
        account=account,
        kind=_GRANT,
        day=day_of(now),
        daily=0,
        granted=amount,
        by=by,
        note=note,
        created=now,
    )


def granted_by(connection: Connection, key: str) -> int | None:
    """What the grant with this key gave, None where there is none yet."""
    line = _LINE.row(connection, named=key)
    return line["granted"] if line else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line about a task: "hold", "capture" or "release", and what it did to the purses."""

    kind: str
    daily: int
    granted: int
    created: datetime


def of_task(connection: Connection, task: TaskId) -> Sequence[Line]:
    """Everything that happened to a task's credits, oldest first."""
    columns = [ledger.c[name] for name in Line.__dataclass_fields__]
    found = sa.select(*columns).where(ledger.c.task == task).order_by(ledger.c.id)
    return [Line(**row) for row in connection.execute(found).mappings()]


def newest_line(connection: Connection, account: int) -> int:
    """The number of an account's latest line: it changes with everything that happens to it."""
    found = sa.select(sa.func.max(ledger.c.id)).where(ledger.c.account == account)
    return connection.execute(found).scalar_one() or 0


def balance(connection: Connection, policy: Policy, account: int, day: date) -> Balance:
    """What an account may still spend on a day, and what its running tasks hold."""
    (purses,) = _PURSES.rows(connection, of=account, on=day)
    return Balance(
        daily=allowance(connection, policy, account) + int(purses["daily"]),
        granted=int(purses["granted"]),
        held=held(connection, account),
    )


def allowance(connection: Connection, policy: Policy, account: int) -> int:
    """The daily credits of an account: its own figure, else everybody's."""
    return policy.allowance(account, _OWN.value(connection, of=account))


def held(connection: Connection, account: int) -> int:
    """Credits of holds that nothing has settled yet."""
    return -int(_HELD.value(connection, of=account))


def spent(connection: Connection, day: date) -> int:
    """Credits of the whole bot on a day: held or captured, less what was released."""
    return -int(_SPENT.value(connection, on=day))


def spent_by(connection: Connection, member: int, account: int, day: date) -> int:
    """What a member has spent of a group's credits on a day, less what was released."""
    values = {"of": account, "on": day, "member": member}
    return -int(connection.execute(_SPENT_BY, values).scalar_one())


def _settle(connection: Connection, task: TaskId, kind: str, now: datetime) -> bool:
    (line,) = _LINE.rows(connection, named=f"task:{task}:hold")
    back = -1 if kind == _RELEASE else 0
    return _write(
        connection,
        key=f"task:{task}:settled",
        account=line["account"],
        task=task,
        kind=kind,
        day=line["day"],
        daily=back * line["daily"],
        granted=back * line["granted"],
        created=now,
    )


def _write(connection: Connection, **line: object) -> bool:
    values = {"task": None, "by": None, "note": "", **line}
    return insert_new(connection, ledger).count(connection, **values) == 1
