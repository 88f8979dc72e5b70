"""People, groups and channels: who they are, and whether they may use the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.access import ROLES, Policy, Role
from core.errors import AccessError
from core.words import say
from storage.tables import accounts
from storage.upsert import insert_or_update


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Telegram user (positive id), or a group or channel (negative id)."""

    id: int
    name: str = ""
    username: str | None = None
    language: str | None = None
    allowed: bool = False
    banned: bool = False
    note: str = ""
    reachable: bool = True
    consented: datetime | None = None
    role: str | None = None
    daily: int | None = None
    member_cap: int | None = None
    spoken: str | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    leaving: datetime | None = None
    created: datetime | None = field(default=None, compare=False)


_COLUMNS = [accounts.c[name] for name in Account.__dataclass_fields__]
_SPOKEN = sa.select(accounts.c.spoken).where(accounts.c.id == sa.bindparam("who"))
_STANDING = sa.select(accounts.c.id, accounts.c.allowed, accounts.c.banned).where(
    accounts.c.id.in_(sa.bindparam("who", expanding=True))
)


def meet(
    connection: Connection,
    account: int,
    *,
    name: str,
    username: str | None,
    language: str | None,
    now: datetime,
) -> str | None:
    """Remember someone who wrote, with the newest name; gives the language they chose, if any."""
    if username:
        # Names move between people: whoever writes under one has it now.
        connection.execute(
            sa.update(accounts)
            .where(accounts.c.username == username.lower(), accounts.c.id != account)
            .values(username=None)
        )
    statement = insert_or_update(
        connection, accounts, "id", ("name", "username", "language", "reachable")
    )
    connection.execute(
        statement,
        {
            "id": account,
            "name": name,
            "username": username and username.lower(),
            "language": language,
            "reachable": True,
            "created": now,
        },
    )
    chosen: str | None = connection.execute(_SPOKEN, {"who": account}).scalar_one()
    return chosen


def get(connection: Connection, account: int) -> Account | None:
    return _read(connection, accounts.c.id == account)


def find(connection: Connection, username: str) -> Account | None:
    """Look someone up by @username, without the @ and in any case."""
    return _read(connection, accounts.c.username == username.lower())


def _read(connection: Connection, where: sa.ColumnElement[bool]) -> Account | None:
    row = connection.execute(sa.select(*_COLUMNS).where(where)).mappings().one_or_none()
    return Account(**row) if row else None


def change(connection: Connection, account: int, now: datetime, /, **values: Any) -> None:
    """Set columns of an account, which need not have written before."""
    statement = insert_or_update(connection, accounts, "id", tuple(values))
    new = {"id": account, "name": "", "created": now, **values}
    connection.execute(statement, new)


def role_of(connection: Connection, policy: Policy, account: int) -> Role:
    """What somebody may do for the bot; only people have roles, and only while not kept out."""
    if account <= 0:
        return Role.NOBODY
    if policy.is_owner(account):
        return Role.OWNER
    known = get(connection, account)
    if known is None or known.banned:
        return Role.NOBODY
    return ROLES.get(known.role or "", Role.NOBODY)


def permit(
    connection: Connection, account: int, *, allowed: bool, banned: bool, note: str, now: datetime
) -> None:
    """Let an account in, or keep it out; it need not have written before."""
    change(connection, account, now, allowed=allowed, banned=banned, note=note)


def consent(connection: Connection, account: int, now: datetime) -> None:
    """Remember that someone has the right to use the faces and voices they send."""
    connection.execute(sa.update(accounts).where(accounts.c.id == account).values(consented=now))


def set_reachable(connection: Connection, account: int, *, reachable: bool) -> None:
    """Note that someone blocked the bot, or came back."""
    connection.execute(
        sa.update(accounts).where(accounts.c.id == account).values(reachable=reachable)
    )


def payer(connection: Connection, policy: Policy, *, sender: int, chat: int) -> int:
    """The account that pays for what `sender` asks in `chat`.

    People pay for themselves where they may use the bot; in a chat that the owners allowed,
    the chat pays for those who may not. Raises AccessError where neither may.
    """
    known = {row.id: row for row in connection.execute(_STANDING, {"who": [sender, chat]})}
    if policy.is_owner(sender):
        return sender
    if any(row.banned for row in known.values()):
        raise AccessError(say("You cannot use this bot. Nothing was charged."))
    if not policy.closed:
        return sender
    for candidate in (sender, chat):
        if candidate in known and known[candidate].allowed:
            return candidate
    raise AccessError(
        say(
            "This bot is only for people its owners have let in. Your number is {account}: "
            "an owner can let you in with /allow {account}.",
            account=sender,
        )
    )
