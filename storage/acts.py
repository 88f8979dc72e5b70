"""What owners and admins do to accounts: credits, standing, roles.

Each act checks the ranks, does its work and writes its line of the audit in one transaction,
and says whether it changed anything: the same command that comes again after a crash does not.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.access import Policy, Role, check_rank
from core.credits import day_of
from core.errors import AccessError
from core.words import say
from storage import accounts, audit, ledger
from storage.accounts import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does something to which account, when and why; `key` is the act's own, once only."""

    by: int
    account: int
    key: str
    now: datetime
    reason: str = ""


def grant(connection: Connection, policy: Policy, act: Act, amount: int) -> bool:
    """Give credits that do not expire."""
    _check(connection, policy, act)
    return _move(connection, act, "grant", amount)


def take(connection: Connection, policy: Policy, act: Act, amount: int) -> int:
    """Take granted credits that are free, at most `amount`; gives how many were taken.

    What is held for a video stays held, and daily credits are the matter of `set_daily`.
    """
    _check(connection, policy, act)
    before = ledger.granted_by(connection, act.key)
    if before is not None:
        return -before
    free = ledger.balance(connection, policy, act.account, day_of(act.now)).granted
    taken = min(amount, max(0, free))
    if taken:
        _move(connection, act, "take", -taken)
    return taken


def _move(connection: Connection, act: Act, action: str, amount: int) -> bool:
    moved = ledger.grant(
        connection, act.account, amount, key=act.key, by=act.by, note=act.reason, now=act.now
    )
    if moved:
        _record(connection, act, action, str(abs(amount)))
    return moved


def set_daily(connection: Connection, policy: Policy, act: Act, daily: int | None) -> bool:
    """Give an account daily credits of its own, or with None the usual ones."""
    known = _check(connection, policy, act)
    if known.daily == daily:
        return False
    accounts.change(connection, act.account, act.now, daily=daily)
    _record(connection, act, "quota", "default" if daily is None else str(daily))
    return True


def allow(connection: Connection, policy: Policy, act: Act) -> bool:
    """Let an account in, also one that was kept out."""
    known = _check(connection, policy, act)
    if known.allowed and not known.banned and known.note == act.reason:
        return False
    accounts.permit(
        connection, act.account, allowed=True, banned=False, note=act.reason, now=act.now
    )
    _record(connection, act, "allow")
    return True


def ban(connection: Connection, policy: Policy, act: Act, until: datetime | None = None) -> bool:
    """Keep an account out; after a ban with an end it stands as it stood before."""
    if policy.is_owner(act.account):
        raise AccessError(say("An owner cannot be kept out."))
    known = _check(connection, policy, act)
    if known.banned and known.banned_until == until and known.note == act.reason:
        return False
    accounts.permit(
        connection,
        act.account,
        allowed=known.allowed and until is not None,
        banned=True,
        until=until,
        note=act.reason,
        now=act.now,
    )
    _record(connection, act, "ban", until.isoformat(timespec="minutes") if until else "")
    return True


def unban(connection: Connection, policy: Policy, act: Act) -> bool:
    """End a ban; whoever was let in before a ban without an end must be let in again."""
    known = _check(connection, policy, act)
    if not known.banned:
        return False
    accounts.permit(
        connection,
        act.account,
        allowed=known.allowed,
        banned=False,
        note=act.reason,
        now=act.now,
    )
    _record(connection, act, "unban")
    return True


def set_role(connection: Connection, policy: Policy, act: Act, role: Role) -> bool:
    """Give a person a role, or with NOBODY take it; only owners do that."""
    known = _check(connection, policy, act, least=Role.OWNER)
    if act.account <= 0:
        raise AccessError(say("Only people can have a role, not groups and channels."))
    if policy.is_owner(act.account):
        raise AccessError(say("Owners are named in the settings of the bot (ADMIN_IDS)."))
    wanted = role.label if role else None
    if known.role == wanted:
        return False
    accounts.change(connection, act.account, act.now, role=wanted)
    _record(connection, act, "role", wanted or "none")
    return True


def _check(
    connection: Connection, policy: Policy, act: Act, *, least: Role = Role.ADMIN
) -> Account:
    """Compare the ranks as they stand now; gives what is known of the account."""
    actor = accounts.role_of(connection, policy, act.by, act.now)
    if actor < least:
        raise AccessError(say("Only the owners of this bot can do that."))
    known = accounts.get(connection, act.account) or Account(id=act.account)
    check_rank(actor, accounts.rank_of(policy, known))
    return known


def _record(connection: Connection, act: Act, action: str, detail: str = "") -> None:
    audit.record(
        connection,
        by=act.by,
        action=action,
        account=act.account,
        detail=detail,
        reason=act.reason,
        now=act.now,
    )
