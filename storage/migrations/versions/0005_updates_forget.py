"""Updates that were dealt with keep nothing but their number."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.add_column(
            sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    kept = sa.text("kept IS 1"), sa.text("kept IS true")
    op.create_index(
        "ix_inbox_kept", "inbox", ["done"], sqlite_where=kept[0], postgresql_where=kept[1]
    )
    op.execute("UPDATE inbox SET payload = '{}' WHERE done IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_inbox_kept", "inbox")
    with op.batch_alter_table("inbox") as table:
        table.drop_column("kept")
