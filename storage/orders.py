"""Taking an order: access, credits and the task in one transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from core.access import Policy
from core.credits import check_cap, day_of
from core.errors import CrowdedError
from core.task import NewTask, Task
from core.words import say_many
from storage import accounts, blocked, ledger, lines, tasks


def accept(
    connection: Connection,
    new: NewTask,
    policy: Policy,
    now: datetime,
    *,
    put: Callable[[Connection, Task], None],
) -> Task:
    """Hold the credits, store the task and `put` it into the line; from here on it cannot get lost.

    The same origin gives the task it gave before. Raises MaintenanceError, AccessError,
    BlockedError, CrowdedError or CreditError, and then leaves nothing behind.
    """
    before = tasks.by_origin(connection, new.origin)
    if before:
        return before
    policy.check_open(now)
    account = accounts.payer(connection, policy, sender=new.sender, chat=new.place.chat, now=now)
    blocked.check(connection, new.request)
    if lines.count_unfinished(connection, account) >= policy.unfinished:
        raise CrowdedError(
            say_many(
                "You have {count} video on its way already. Please wait until it is done.",
                "You have {count} videos on their way already. Please wait until some are done.",
                count=policy.unfinished,
            )
        )
    if account != new.sender:
        # A group pays for one of its members.
        known = accounts.get(connection, account)
        spent = ledger.spent_by(connection, new.sender, account, day_of(now))
        check_cap(new.cost, spent, known.member_cap if known else None)
    task = tasks.insert(connection, new, account, now)
    ledger.hold(connection, policy, account=account, task=task.id, cost=new.cost, now=now)
    put(connection, task)
    return task
