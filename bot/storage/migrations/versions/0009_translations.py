"""Translations of what is said in a case, beside the words themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    entry = sa.ForeignKey("case_entries.id", ondelete="CASCADE")
    op.create_table(
        "translations",
        sa.Column("entry_id", sa.BigInteger, entry, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("sealed_text", sa.LargeBinary),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("provenance IN ('machine', 'phrase', 'interpreter')", name="provenance"),
    )


def downgrade() -> None:
    op.drop_table("translations")
