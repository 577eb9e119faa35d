"""A conversation remembers what it is about; a case that the bot opened itself leaves the bot answering."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("focus", sa.Text))
    op.add_column("conversations", sa.Column("sealed_paper", sa.LargeBinary))
    op.add_column("cases", sa.Column("quiet", sa.Boolean, nullable=False, server_default=sa.text("true")))


def downgrade() -> None:
    op.drop_column("cases", "quiet")
    op.drop_column("conversations", "sealed_paper")
    op.drop_column("conversations", "focus")
