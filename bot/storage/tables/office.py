"""People of the office, the cases they take over, and who read and did what."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from bot.storage.tables.columns import at, conversation, metadata, now

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    now("created_at"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    now("created_at"),
    now("seen_at"),
    # An open console touches `seen_at`, the person at it touches `acted_at`: presence is the one, idle time the other.
    now("acted_at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    conversation(index=True),
    Column("language", Text, nullable=False),
    Column("topic", Text),
    Column("priority", SmallInteger, nullable=False, server_default=text("0")),
    # Whether the bot is silent: not yet where it called a person itself and nobody has come.
    Column("quiet", Boolean, nullable=False, server_default=text("true")),
    now("opened_at"),
    at("closed_at"),
    # At most one open case a conversation: a second request for a person joins the first.
    Index("uq_cases_open", "conversation_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    # What may go on after its end.
    Index("ix_cases_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
    Index("ix_cases_queue", "priority", "opened_at", postgresql_where=text("closed_at IS NULL")),
)

case_entries = Table(
    "case_entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    # From whom they have it: who handed the case to them, lost it to them, or invited them.
    Column("from_id", Uuid, ForeignKey("staff.id")),
    # Who may read it. Empty: an internal note.
    Column("audience", ARRAY(Text), nullable=False),
    Column("sealed_text", LargeBinary),
    Column("outbox_id", BigInteger, ForeignKey("outbox.id", ondelete="SET NULL")),
    # The message that an `unclear` speaks of.
    Column("about_id", BigInteger, ForeignKey("case_entries.id", ondelete="CASCADE")),
    now("at"),
    CheckConstraint(
        "kind IN ('opened', 'message', 'claimed', 'handed', 'offered', 'taken', 'returned', 'closed', 'reopened',"
        " 'invited', 'unclear', 'moved')",
        name="kind",
    ),
    CheckConstraint("author IN ('applicant', 'bot', 'interpreter', 'officer', 'supervisor', 'system')", name="author"),
    Index("ix_case_entries_case", "case_id", "id"),
    Index("ix_case_entries_outbox_id", "outbox_id"),
    # A message is unclear once, however often that is said.
    Index("uq_case_entries_unclear", "about_id", unique=True),
    # How long people waited lately.
    Index("ix_case_entries_claimed", "at", postgresql_where=text("kind = 'claimed'")),
)

translations = Table(
    "translations",
    metadata,
    Column("entry_id", BigInteger, ForeignKey("case_entries.id", ondelete="CASCADE"), primary_key=True),
    Column("language", Text, primary_key=True),
    Column("provenance", Text, nullable=False),
    # Empty: it was tried, and nothing came that can be shown.
    Column("sealed_text", LargeBinary),
    now("at"),
    CheckConstraint("provenance IN ('machine', 'phrase', 'interpreter')", name="provenance"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    now("at"),
    # A trigger refuses to change or delete its rows.
    Index("ix_audit_at", "at"),
    Index("ix_audit_staff", "staff_id", "id"),
    Index("ix_audit_subject", "subject", "at"),
)
