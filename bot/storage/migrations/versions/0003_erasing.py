"""Erasing a conversation finds what points at its messages by an index, however much is stored."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_inbox_id", "outbox", ["inbox_id"])
    op.create_index("ix_case_entries_outbox_id", "case_entries", ["outbox_id"])


def downgrade() -> None:
    op.drop_index("ix_case_entries_outbox_id", table_name="case_entries")
    op.drop_index("ix_outbox_inbox_id", table_name="outbox")
