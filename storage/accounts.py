"""People, groups and channels: who they are, and whether they may use the bot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.access import Policy
from core.errors import AccessError
from core.words import say
from storage.prepared import Prepared
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


_COLUMNS = [accounts.c[name] for name in Account.__dataclass_fields__]
_STANDING = Prepared(
    sa.select(accounts.c.id, accounts.c.allowed, accounts.c.banned).where(
        sa.or_(accounts.c.id == sa.bindparam("sender"), accounts.c.id == sa.bindparam("chat"))
    )
)
_GET = Prepared(sa.select(*_COLUMNS).where(accounts.c.id == sa.bindparam("this")))
_FIND = Prepared(sa.select(*_COLUMNS).where(accounts.c.username == sa.bindparam("named")))
# Names move between people: whoever writes under one has it now.
_TAKE_NAME = Prepared(
    sa.update(accounts)
    .where(accounts.c.username == sa.bindparam("named"), accounts.c.id != sa.bindparam("this"))
    .values(username=None)
)


def meet(
    connection: Connection,
    account: int,
    *,
    name: str,
    username: str | None,
    language: str | None,
    now: datetime,
) -> None:
    """Remember someone who wrote, with the newest name."""
    if username:
        _TAKE_NAME.count(connection, named=username.lower(), this=account)
    statement = insert_or_update(
        connection, accounts, "id", ("name", "username", "language", "reachable")
    )
    statement.count(
        connection,
        id=account,
        name=name,
        username=username and username.lower(),
        language=language,
        allowed=False,
        banned=False,
        note="",
        reachable=True,
        created=now,
    )


def get(connection: Connection, account: int) -> Account | None:
    return _account(_GET.row(connection, this=account))


def find(connection: Connection, username: str) -> Account | None:
    """Look someone up by @username, without the @ and in any case."""
    return _account(_FIND.row(connection, named=username.lower()))


def _account(row: dict[str, Any] | None) -> Account | None:
    return Account(**row) if row else None


def permit(
    connection: Connection, account: int, *, allowed: bool, banned: bool, note: str, now: datetime
) -> None:
    """Let an account in, or keep it out; it need not have written before."""
    statement = insert_or_update(connection, accounts, "id", ("allowed", "banned", "note"))
    statement.count(
        connection,
        id=account,
        name="",
        allowed=allowed,
        banned=banned,
        note=note,
        reachable=True,
        created=now,
    )


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
    known = {row["id"]: row for row in _STANDING.rows(connection, sender=sender, chat=chat)}
    if policy.is_owner(sender):
        return sender
    if any(row["banned"] for row in known.values()):
        raise AccessError(say("You cannot use this bot. Nothing was charged."))
    if not policy.closed:
        return sender
    for candidate in (sender, chat):
        if candidate in known and known[candidate]["allowed"]:
            return candidate
    raise AccessError(
        say(
            "This bot is only for people its owners have let in. Your number is {account}: "
            "an owner can let you in with /allow {account}.",
            account=sender,
        )
    )
