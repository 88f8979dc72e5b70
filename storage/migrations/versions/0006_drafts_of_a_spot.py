"""An index by which the drafts of one sender in one place are found."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_drafts_spot", "drafts", ["chat", "sender", "topic", "id"])


def downgrade() -> None:
    op.drop_index("ix_drafts_spot", "drafts")
