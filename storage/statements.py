"""What happened to an account's credits, line by line, for its owner to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from core.task import TaskId
from storage.tables import ledger

CHARGED, GIVEN_BACK, GRANTED = "capture", "release", "grant"

_hold = ledger.alias("hold")
_settled = ledger.alias("settled")
_amount = sa.case(
    (ledger.c.kind == GRANTED, ledger.c.granted), else_=-(_hold.c.daily + _hold.c.granted)
)
_LATELY = (
    sa.select(ledger.c.created, ledger.c.kind, ledger.c.task, ledger.c.note, _amount)
    .outerjoin(_hold, (_hold.c.task == ledger.c.task) & (_hold.c.kind == "hold"))
    .where(
        ledger.c.account == sa.bindparam("of"),
        ledger.c.kind.in_((CHARGED, GIVEN_BACK, GRANTED)),
        _amount != 0,
    )
    .order_by(ledger.c.id.desc())
    .limit(sa.bindparam("count"))
)
_HELD = (
    sa.select(ledger.c.task, -(ledger.c.daily + ledger.c.granted))
    .where(
        ledger.c.account == sa.bindparam("of"),
        ledger.c.kind == "hold",
        ledger.c.daily + ledger.c.granted != 0,
        ~sa.exists().where(
            _settled.c.task == ledger.c.task, _settled.c.kind.in_((CHARGED, GIVEN_BACK))
        ),
    )
    .order_by(ledger.c.task)
)


@dataclass(frozen=True, slots=True)
class Line:
    """Credits that were charged, given back or granted; a grant below zero took them."""

    at: datetime
    kind: str
    task: TaskId | None
    note: str
    amount: int


def lately(connection: Connection, account: int, count: int) -> Sequence[Line]:
    """The last lines of an account, newest first; what was free of charge is no line."""
    return [Line(*row) for row in connection.execute(_LATELY, {"of": account, "count": count})]


def held_for(connection: Connection, account: int) -> Sequence[tuple[TaskId, int]]:
    """The videos that hold credits of an account, and how many each."""
    return [(TaskId(row[0]), row[1]) for row in connection.execute(_HELD, {"of": account})]
