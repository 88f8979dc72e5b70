"""Roles, quotas and choices of accounts; the audit, overrides, broadcasts and blocked words."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NEW = ("role", "daily", "member_cap", "spoken", "choices", "quiet", "leaving")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("role", sa.Text(), nullable=True))
        table.add_column(sa.Column("daily", sa.Integer(), nullable=True))
        table.add_column(sa.Column("member_cap", sa.Integer(), nullable=True))
        table.add_column(sa.Column("spoken", sa.Text(), nullable=True))
        table.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(
            sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("leaving", sa.BigInteger(), nullable=True))

    op.create_table(
        "audit",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_account", "audit", ["account"])

    op.create_table(
        "overrides",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )

    op.create_table(
        "broadcasts",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "blocked_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
    )


def downgrade() -> None:
    for name in ("blocked_words", "broadcasts", "overrides", "audit"):
        op.drop_table(name)
    with op.batch_alter_table("accounts") as table:
        for column in _NEW:
            table.drop_column(column)
