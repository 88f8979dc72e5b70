"""When a ban ends, and when an account last wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NEW = ("banned_until", "seen")


def upgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        for name in _NEW:
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        for name in _NEW:
            table.drop_column(name)
