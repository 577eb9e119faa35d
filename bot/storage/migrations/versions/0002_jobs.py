"""The tables of procrastinate, which runs the periodic jobs (its own SQL, version pinned by uv.lock)."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Its text holds percent signs and several statements: it goes to the driver as it is.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute(
        "DO $$ DECLARE name text; BEGIN "
        "FOR name IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate\\_%' LOOP "
        "EXECUTE format('DROP TABLE %I CASCADE', name); END LOOP; END $$"
    )
