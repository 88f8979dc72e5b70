"""People, groups and channels: who they are, and whether they may use the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.access import ROLES, Policy, Role, is_kept_out
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
    role: str | None = None
    daily: int | None = None
    member_cap: int | None = None
    spoken: str | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    leaving: datetime | None = None
    banned_until: datetime | None = None
    seen: datetime | None = field(default=None, compare=False)
    created: datetime | None = field(default=None, compare=False)

    def is_kept_out(self, now: datetime) -> bool:
        return is_kept_out(banned=self.banned, until=self.banned_until, now=now)


_COLUMNS = [accounts.c[name] for name in Account.__dataclass_fields__]
_SPOKEN = Prepared(sa.select(accounts.c.spoken).where(accounts.c.id == sa.bindparam("who")))
_STANDING = Prepared(
    sa.select(accounts.c.id, accounts.c.allowed, accounts.c.banned, accounts.c.banned_until).where(
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
) -> str | None:
    """Remember someone who wrote, with the newest name; gives the language they chose, if any."""
    if username:
        _TAKE_NAME.count(connection, named=username.lower(), this=account)
    statement = insert_or_update(
        connection, accounts, "id", ("name", "username", "language", "reachable", "seen")
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
        choices={},
        quiet=False,
        seen=now,
        created=now,
    )
    chosen: str | None = _SPOKEN.value(connection, who=account)
    return chosen


def get(connection: Connection, account: int) -> Account | None:
    return _account(_GET.row(connection, this=account))


def find(connection: Connection, username: str) -> Account | None:
    """Look someone up by @username, without the @ and in any case."""
    return _account(_FIND.row(connection, named=username.lower()))


def _account(row: dict[str, Any] | None) -> Account | None:
    return Account(**row) if row else None


def read_accounts(
    connection: Connection,
    where: sa.ColumnElement[bool],
    *,
    order: Sequence[sa.ColumnElement[Any]],
    limit: int,
    offset: int = 0,
) -> Sequence[Account]:
    wanted = sa.select(*_COLUMNS).where(where).order_by(*order).limit(limit).offset(offset)
    return [Account(**row) for row in connection.execute(wanted).mappings()]


def change(connection: Connection, account: int, now: datetime, /, **values: Any) -> None:
    """Set columns of an account, which need not have written before."""
    statement = insert_or_update(connection, accounts, "id", tuple(values))
    new = {"id": account, "name": "", "created": now, **values}
    connection.execute(statement.statement, new)


def choose(connection: Connection, account: int, now: datetime, /, **values: Any) -> None:
    """Add to what an account has chosen; None takes a choice back."""
    known = get(connection, account)
    merged = {**(known.choices if known else {}), **values}
    kept = {name: value for name, value in merged.items() if value is not None}
    change(connection, account, now, choices=kept)


def role_of(connection: Connection, policy: Policy, account: int, now: datetime) -> Role:
    """What somebody may do for the bot; only people have roles, and only while not kept out."""
    if policy.is_owner(account):
        return Role.OWNER
    known = get(connection, account) if account > 0 else None
    if known is None or known.is_kept_out(now):
        return Role.NOBODY
    return rank_of(policy, known)


def rank_of(policy: Policy, account: Account) -> Role:
    """The role that somebody was given, kept out or not."""
    if policy.is_owner(account.id):
        return Role.OWNER
    return ROLES.get(account.role or "", Role.NOBODY)


def permit(
    connection: Connection,
    account: int,
    *,
    allowed: bool,
    banned: bool,
    note: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Let an account in, or keep it out, for good or `until`; it need not have written before."""
    standing = {"allowed": allowed, "banned": banned, "banned_until": until}
    change(connection, account, now, **standing, note=note)


def consent(connection: Connection, account: int, now: datetime) -> None:
    """Remember that someone has the right to use the faces and voices they send."""
    connection.execute(sa.update(accounts).where(accounts.c.id == account).values(consented=now))


def set_reachable(connection: Connection, account: int, *, reachable: bool) -> None:
    """Note that someone blocked the bot, or came back."""
    connection.execute(
        sa.update(accounts).where(accounts.c.id == account).values(reachable=reachable)
    )


def payer(connection: Connection, policy: Policy, *, sender: int, chat: int, now: datetime) -> int:
    """The account that pays for what `sender` asks in `chat`.

    People pay for themselves where they may use the bot; in a chat that the owners allowed,
    the chat pays for those who may not. Raises AccessError where neither may.
    """
    known = {row["id"]: row for row in _STANDING.rows(connection, sender=sender, chat=chat)}
    if policy.is_owner(sender):
        return sender
    out = {
        row["id"]
        for row in known.values()
        if is_kept_out(banned=row["banned"], until=row["banned_until"], now=now)
    }
    if sender in out and not sender == chat < 0:
        raise AccessError(say("You cannot use this bot."))
    if out:
        raise AccessError(say("This bot takes no orders from this chat."))
    if not policy.closed:
        return sender
    for candidate in (sender, chat):
        if candidate in known and known[candidate]["allowed"]:
            return candidate
    if sender == chat < 0:
        # Nobody else can be let in: a channel, or an anonymous admin.
        raise AccessError(
            say(
                "This bot is only for people and chats that its owners have let in. An owner can "
                "let this chat in with /allow {account}.",
                account=chat,
            )
        )
    if chat < 0:
        raise AccessError(
            say(
                "This bot is only for people and groups that its owners have let in. An owner can "
                "let everybody here in with /allow here, or you alone with /allow {account}.",
                account=sender,
            )
        )
    raise AccessError(
        say(
            "This bot is only for people its owners have let in. Your number is {account}: "
            "an owner can let you in with /allow {account}.",
            account=sender,
        )
    )
