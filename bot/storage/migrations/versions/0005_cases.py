"""Alarms over identity checks, consents, reminders, announcements of the case system, and what leaves a chat again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.func.now() if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _conversation() -> sa.Column[object]:
    to = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.Uuid, to, nullable=False)


def _number() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def upgrade() -> None:
    # An open question lives ten minutes: asking it again is kinder than guessing what it was.
    op.execute("DELETE FROM forms")
    op.add_column("forms", sa.Column("kind", sa.Text, nullable=False))
    op.drop_constraint("pk_forms", "forms", type_="primary")
    op.create_primary_key("pk_forms", "forms", ["conversation_id", "kind"])
    op.add_column("verification_attempts", sa.Column("range_hash", sa.LargeBinary))
    op.add_column("verification_attempts", sa.Column("device_hash", sa.LargeBinary))
    op.add_column(
        "verification_attempts", sa.Column("admitted", sa.Boolean, nullable=False, server_default=sa.text("true"))
    )
    op.create_index("ix_verification_attempts_device", "verification_attempts", ["device_hash", "at"])
    op.drop_index("ix_verification_attempts_subject", "verification_attempts")
    op.create_index(
        "ix_verification_attempts_subject",
        "verification_attempts",
        ["subject_hash", "at"],
        postgresql_where=sa.text("admitted"),
    )
    op.create_index("ix_verification_attempts_range", "verification_attempts", ["range_hash", "at"])
    op.create_index("ix_verification_attempts_at", "verification_attempts", ["at"])
    op.create_table(
        "alarms",
        _number(),
        sa.Column("kind", sa.Text, nullable=False),
        _moment("raised_at", now=True),
        _moment("last_at", now=True),
        _moment("seen_at", nullable=True),
        sa.Column("staff_id", sa.Uuid, sa.ForeignKey("staff.id")),
    )
    op.create_index("uq_alarms_open", "alarms", ["kind"], unique=True, postgresql_where=sa.text("seen_at IS NULL"))
    op.create_table(
        "consents",
        _number(),
        _conversation(),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        _moment("given_at", now=True),
        _moment("withdrawn_at", nullable=True),
    )
    op.create_index("ix_consents_conversation_id", "consents", ["conversation_id"])
    op.create_index(
        "uq_consents_given",
        "consents",
        ["conversation_id", "what"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "subscriptions",
        _number(),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="SET NULL")),
        sa.Column("session_hash", sa.LargeBinary, nullable=False),
        sa.Column("reference_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("sealed_reference", sa.LargeBinary, nullable=False),
        _moment("made_at", now=True),
        _moment("ends_at"),
        _moment("changed_at", nullable=True),
        _moment("tried_at", nullable=True),
    )
    op.create_index("ix_subscriptions_conversation_id", "subscriptions", ["conversation_id"])
    op.create_index(
        "uq_subscriptions_session",
        "subscriptions",
        ["session_hash"],
        unique=True,
        postgresql_where=sa.text("conversation_id IS NOT NULL"),
    )
    op.create_table(
        "reminders",
        _number(),
        _conversation(),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("sealed_details", sa.LargeBinary, nullable=False),
        sa.Column("subscription_id", sa.BigInteger, sa.ForeignKey("subscriptions.id", ondelete="SET NULL")),
        _moment("due_at"),
        _moment("ends_at"),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        _moment("made_at", now=True),
        sa.CheckConstraint("state IN ('waiting', 'said', 'missed', 'stopped')", name="state"),
    )
    op.create_index("ix_reminders_due", "reminders", ["due_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_reminders_conversation_id", "reminders", ["conversation_id"])
    op.create_index("ix_reminders_subscription_id", "reminders", ["subscription_id"])
    op.create_index(
        "uq_reminders_waiting",
        "reminders",
        ["conversation_id", "what", "due_at", "ends_at"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "case_changes",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column(
            "subscription_id", sa.BigInteger, sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("kind", sa.Text, nullable=False),
        _moment("received_at", now=True),
        _moment("told_at", nullable=True),
    )
    op.create_index("ix_case_changes_subscription_id", "case_changes", ["subscription_id"])
    op.create_index(
        "ix_case_changes_untold", "case_changes", ["received_at"], postgresql_where=sa.text("told_at IS NULL")
    )
    op.add_column("inbox", sa.Column("channel_reference", sa.Text))
    op.create_index(
        "ix_inbox_to_take_back",
        "inbox",
        ["id"],
        postgresql_where=sa.text("state <> 'received' AND channel_reference <> 'erased'"),
    )
    _private("purpose IN ('private', 'form')")


def _private(purposes: str) -> None:
    op.drop_index("ix_outbox_private", "outbox")
    where = sa.text(f"{purposes} AND channel_reference IS DISTINCT FROM 'erased'")
    op.create_index("ix_outbox_private", "outbox", ["id"], postgresql_where=where)


def downgrade() -> None:
    _private("purpose = 'private'")
    op.drop_index("ix_inbox_to_take_back", "inbox")
    op.drop_column("inbox", "channel_reference")
    for table in ("case_changes", "reminders", "subscriptions", "consents", "alarms"):
        op.drop_table(table)
    op.execute("DELETE FROM forms")
    op.drop_constraint("pk_forms", "forms", type_="primary")
    op.create_primary_key("pk_forms", "forms", ["conversation_id"])
    op.drop_column("forms", "kind")
    op.drop_index("ix_verification_attempts_at", "verification_attempts")
    op.drop_index("ix_verification_attempts_range", "verification_attempts")
    op.drop_index("ix_verification_attempts_subject", "verification_attempts")
    op.drop_index("ix_verification_attempts_device", "verification_attempts")
    # What was not admitted was not counted before either.
    op.execute("DELETE FROM verification_attempts WHERE NOT admitted")
    op.drop_column("verification_attempts", "admitted")
    op.drop_column("verification_attempts", "device_hash")
    op.drop_column("verification_attempts", "range_hash")
    op.create_index("ix_verification_attempts_subject", "verification_attempts", ["subject_hash", "at"])
