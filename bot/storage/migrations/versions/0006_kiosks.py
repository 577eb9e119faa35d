"""Kiosks with a name and a heartbeat, the visits at them, and one-time codes that move a conversation to a phone.

A case gets entries for a message that was not understood and for such a move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "visits",
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    # Whoever stands there goes on; what others have left goes soon. What a case needed stays as long as that.
    op.execute(
        "INSERT INTO visits (address_hash) SELECT address_hash FROM conversations AS c WHERE channel = 'kiosk'"
        " AND NOT EXISTS (SELECT FROM cases WHERE conversation_id = c.id)"
    )
    to = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    op.create_table(
        "continuations",
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
        sa.Column("conversation_id", sa.Uuid, to, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("left_hash", sa.LargeBinary),
    )
    op.create_index("ix_continuations_conversation_id", "continuations", ["conversation_id"])
    op.create_index("ix_continuations_expires_at", "continuations", ["expires_at"])
    left = sa.text("left_hash IS NOT NULL")
    op.create_index("ix_continuations_left", "continuations", ["left_hash"], postgresql_where=left)
    about = sa.ForeignKey("case_entries.id", name="fk_case_entries_about_id", ondelete="CASCADE")
    op.add_column("case_entries", sa.Column("about_id", sa.BigInteger, about))
    op.create_index("uq_case_entries_unclear", "case_entries", ["about_id"], unique=True)
    claimed = sa.text("kind = 'claimed'")
    op.create_index("ix_case_entries_claimed", "case_entries", ["at"], postgresql_where=claimed)
    _kinds("'opened', 'message', 'claimed', 'returned', 'closed', 'unclear', 'moved'")


def _kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_case_entries_kind"), "case_entries", type_="check")
    op.create_check_constraint(op.f("ck_case_entries_kind"), "case_entries", f"kind IN ({kinds})")


def downgrade() -> None:
    op.execute("DELETE FROM case_entries WHERE kind IN ('unclear', 'moved')")
    _kinds("'opened', 'message', 'claimed', 'returned', 'closed'")
    op.drop_index("ix_case_entries_claimed", "case_entries")
    op.drop_index("uq_case_entries_unclear", "case_entries")
    op.drop_column("case_entries", "about_id")
    op.drop_table("continuations")
    op.drop_table("visits")
    op.drop_table("kiosks")
