"""A second factor for signing in, supervisors as authors, and an audit that is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _staff() -> sa.Column[object]:
    return sa.Column("staff_id", sa.Uuid, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Uuid, sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.BigInteger),
    )
    op.create_table("recovery_codes", sa.Column("code_hash", sa.LargeBinary, primary_key=True), _staff())
    op.create_index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"])
    op.create_table(
        "half_sign_ins",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        _staff(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("ix_half_sign_ins_staff_id", "half_sign_ins", ["staff_id"])
    _authors("'applicant', 'bot', 'interpreter', 'officer', 'supervisor', 'system'")
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_staff", "audit", ["staff_id", "id"])
    op.create_index("ix_audit_subject", "audit", ["subject", "at"])
    op.execute(
        "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'The audit is only ever added to.' USING ERRCODE = 'restrict_violation';"
        " END $$"
    )
    # For each statement: also one that finds no row, and TRUNCATE, which knows no rows.
    op.execute(
        "CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()"
    )


def _authors(authors: str) -> None:
    op.drop_constraint(op.f("ck_case_entries_author"), "case_entries", type_="check")
    op.create_check_constraint(op.f("ck_case_entries_author"), "case_entries", f"author IN ({authors})")


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_is_kept ON audit")
    op.execute("DROP FUNCTION audit_is_kept")
    for index in ("ix_audit_subject", "ix_audit_staff", "ix_audit_at"):
        op.drop_index(index, "audit")
    # To the applicant a supervisor was an officer.
    op.execute("UPDATE case_entries SET author = 'officer' WHERE author = 'supervisor'")
    _authors("'applicant', 'bot', 'interpreter', 'officer', 'system'")
    for table in ("half_sign_ins", "recovery_codes", "second_factors"):
        op.drop_table(table)
