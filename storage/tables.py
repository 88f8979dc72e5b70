"""The tables, written once for SQLite and PostgreSQL."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData()


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC time, kept as whole microseconds so that both databases compare it alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


# SQLite counts rows by itself only for a column of exactly this type.
_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, default=""),
    sa.Column("username", sa.Text, index=True),
    sa.Column("language", sa.Text),
    sa.Column("allowed", sa.Boolean, nullable=False, default=False),
    sa.Column("banned", sa.Boolean, nullable=False, default=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("reachable", sa.Boolean, nullable=False, default=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("consented", Moment),  # the right to use faces and voices was confirmed
    sa.Column("role", sa.Text),  # "admin" or "support"; owners come from the settings
    sa.Column("daily", sa.Integer),  # daily credits of this account, where not the usual ones
    sa.Column("member_cap", sa.Integer),  # of a group: what a member may spend of it in a day
    sa.Column("spoken", sa.Text),  # the language chosen here, where not Telegram's
    # What /settings remembers.
    sa.Column("choices", sa.JSON, nullable=False, default=dict, server_default="{}"),
    # Wants no broadcasts.
    sa.Column("quiet", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("leaving", Moment),  # when everything about this account is deleted
    sa.Column("banned_until", Moment),  # empty: a ban has no end
    sa.Column("seen", Moment),  # the last sign of life
)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False, unique=True),
    sa.Column("account", sa.BigInteger, nullable=False),
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("topic", sa.BigInteger),
    sa.Column("reply_to", sa.BigInteger),
    sa.Column("user", sa.BigInteger, index=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("cost", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("due", Moment),  # empty: nothing left to do
    sa.Column("claimed", sa.Boolean, nullable=False, default=False),
    sa.Column("run", sa.Integer, nullable=False, default=0),
    sa.Column("cancelling", sa.Boolean, nullable=False, default=False),
    sa.Column("status_message", sa.BigInteger),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("started", Moment),
    sa.Column("finished", Moment),
)
_waiting = sa.and_(tasks.c.claimed.is_(sa.false()), tasks.c.due.is_not(None))
sa.Index(
    "ix_tasks_waiting",
    tasks.c.lane,
    tasks.c.rank,
    tasks.c.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
sa.Index(
    "ix_tasks_open",
    tasks.c.account,
    sqlite_where=tasks.c.due.is_not(None),
    postgresql_where=tasks.c.due.is_not(None),
)
sa.Index("ix_tasks_finished", tasks.c.finished)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("account", sa.BigInteger, nullable=False),
    sa.Column("task", sa.BigInteger, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("daily", sa.Integer, nullable=False),
    sa.Column("granted", sa.Integer, nullable=False),
    sa.Column("by", sa.BigInteger),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("created", Moment, nullable=False),
    sa.Index("ix_ledger_account", "account", "day", "daily", "granted"),
    sa.Index("ix_ledger_day", "day", "kind", "daily", "granted"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("received", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("done", Moment),
    # Dealt with, and not reduced to its number: a part of an album that nobody has asked about yet.
    sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()),
)
sa.Index(
    "ix_inbox_kept",
    inbox.c.done,
    sqlite_where=inbox.c.kept.is_(sa.true()),
    postgresql_where=inbox.c.kept.is_(sa.true()),
)
sa.Index(
    "ix_inbox_open",
    inbox.c.update_id,
    sqlite_where=inbox.c.done.is_(None),
    postgresql_where=inbox.c.done.is_(None),
)
sa.Index("ix_inbox_done", inbox.c.done)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("sender", sa.BigInteger, nullable=False),
    sa.Column("topic", sa.BigInteger, nullable=False, default=0),  # 0: no topic
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("due", Moment),
    sa.Column("album", sa.Text),
    sa.Column("question", sa.BigInteger),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Index("ix_drafts_spot", "chat", "sender", "topic", "id"),
)
_open = drafts.c.stage != "closed"
sa.Index(
    "ux_drafts_open",
    drafts.c.chat,
    drafts.c.sender,
    drafts.c.topic,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_drafts_due",
    drafts.c.due,
    sqlite_where=drafts.c.due.is_not(None),
    postgresql_where=drafts.c.due.is_not(None),
)

media = sa.Table(
    "media",
    metadata,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("expires", Moment, nullable=False, index=True),
)

renders = sa.Table(
    "renders",
    metadata,
    sa.Column("task", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("resolution", sa.Text, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_renders_model", "model", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("by", sa.BigInteger, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("account", sa.BigInteger, index=True),  # about whom, where it is about somebody
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("reason", sa.Text, nullable=False, default=""),
)

# What owners have set while the bot ran; a row beats the variable of the environment.
overrides = sa.Table(
    "overrides",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("by", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    sa.Column("id", _Number, primary_key=True),
    sa.Column("by", sa.BigInteger, nullable=False),
    sa.Column("chat", sa.BigInteger, nullable=False),  # where the message to copy stands
    sa.Column("message", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reached", sa.BigInteger, nullable=False, default=0),  # the last account served
    sa.Column("sent", sa.Integer, nullable=False, default=0),
    sa.Column("failed", sa.Integer, nullable=False, default=0),
    sa.Column("created", Moment, nullable=False),
    sa.Column("finished", Moment),
    sa.Column("panel_chat", sa.BigInteger),  # where the message with its buttons stands
    sa.Column("panel", sa.BigInteger),
    # Whether the last account is being sent to right now, and counted nowhere.
    sa.Column("under_way", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
)

blocked_words = sa.Table(
    "blocked_words",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),  # folded to lower case
    sa.Column("by", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
