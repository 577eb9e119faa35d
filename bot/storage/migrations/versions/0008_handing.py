"""A case can be handed to a colleague, taken over and opened again, and an officer invited.

Entries of a case name the colleague from whom somebody has it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "'opened', 'message', 'claimed', 'returned', 'closed', 'unclear', 'moved'"


def upgrade() -> None:
    giver = sa.ForeignKey("staff.id", name="fk_case_entries_from_id")
    op.add_column("case_entries", sa.Column("from_id", sa.Uuid, giver))
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index("ix_cases_closed", "cases", ["closed_at"], postgresql_where=closed)
    _kinds(f"{_BEFORE}, 'handed', 'offered', 'taken', 'reopened', 'invited'")


def _kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_case_entries_kind"), "case_entries", type_="check")
    op.create_check_constraint(op.f("ck_case_entries_kind"), "case_entries", f"kind IN ({kinds})")


def downgrade() -> None:
    # Whoever has a case keeps it; what waits for a colleague is with the one who handed it over.
    op.execute("UPDATE case_entries SET kind = 'claimed' WHERE kind IN ('handed', 'taken', 'reopened')")
    op.execute("DELETE FROM case_entries WHERE kind IN ('offered', 'invited')")
    _kinds(_BEFORE)
    op.drop_index("ix_cases_closed", "cases")
    op.drop_column("case_entries", "from_id")
