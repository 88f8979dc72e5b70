"""Whether somebody is being sent a broadcast: a bot that was killed counts them afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("broadcasts") as table:
        table.add_column(
            sa.Column("under_way", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("broadcasts") as table:
        table.drop_column("under_way")
