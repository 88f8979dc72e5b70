"""The message that shows how a broadcast stands: it is changed when the broadcast is done."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("broadcasts") as table:
        table.add_column(sa.Column("panel_chat", sa.BigInteger()))
        table.add_column(sa.Column("panel", sa.BigInteger()))


def downgrade() -> None:
    with op.batch_alter_table("broadcasts") as table:
        table.drop_column("panel")
        table.drop_column("panel_chat")
