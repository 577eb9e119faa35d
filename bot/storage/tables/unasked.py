"""What may be said unasked: consents, reminders, and what the case system announces."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from bot.storage.tables.columns import at, conversation, metadata, now

consents = Table(
    "consents",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(index=True),
    Column("what", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    now("given_at"),
    at("withdrawn_at"),
    Index("uq_consents_given", "conversation_id", "what", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    # Empty: nobody wants it any more, and the case system has not been told yet. So it outlives its conversation.
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("session_hash", LargeBinary, nullable=False),
    # The case system's name of it: found by its hash when a change is announced, opened only to end it.
    Column("reference_hash", LargeBinary, nullable=False, unique=True),
    Column("sealed_reference", LargeBinary, nullable=False),
    now("made_at"),
    at("ends_at", nullable=False),
    # The last announcement that may concern an appointment.
    at("changed_at"),
    at("tried_at"),
    # In one confirmed check a second yes makes no second subscription.
    Index(
        "uq_subscriptions_session",
        "session_hash",
        unique=True,
        postgresql_where=text("conversation_id IS NOT NULL"),
    ),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("what", Text, nullable=False),
    # Empty once it is over: what was said stands in the outbox, and the rest is needed no more.
    Column("sealed_details", LargeBinary, nullable=False),
    # Who would have told that the details are no longer true.
    Column("subscription_id", BigInteger, ForeignKey("subscriptions.id", ondelete="SET NULL"), index=True),
    at("due_at", nullable=False),
    # After this moment saying it would help nobody.
    at("ends_at", nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    now("made_at"),
    CheckConstraint("state IN ('waiting', 'said', 'missed', 'stopped')", name="state"),
    Index("ix_reminders_due", "due_at", postgresql_where=text("state = 'waiting'")),
    Index("ix_reminders_conversation_id", "conversation_id"),
    # Whoever says yes twice is reminded once.
    Index(
        "uq_reminders_waiting",
        "conversation_id",
        "what",
        "due_at",
        "ends_at",
        unique=True,
        postgresql_where=text("state = 'waiting'"),
    ),
)

case_changes = Table(
    "case_changes",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("subscription_id", BigInteger, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    now("received_at"),
    at("told_at"),
    Index("ix_case_changes_subscription_id", "subscription_id"),
    Index("ix_case_changes_untold", "received_at", postgresql_where=text("told_at IS NULL")),
)
