"""The tables. What people write stands only in `bytea` columns named `sealed_…`; everything else is safe to dump.

States are derived where that is cheap and stored where the path of a message needs an index. Order inside a
conversation is the order of `id`, which the database hands out under the conversation's append lock (`bot.post.inbox`).
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _at(name: str, **kw: object) -> Column[object]:
    return Column(name, DateTime(timezone=True), **kw)  # type: ignore[arg-type]


def _now(name: str) -> Column[object]:
    return _at(name, nullable=False, server_default=func.now())


def _conversation(**kw: object) -> Column[object]:
    return Column(
        "conversation_id",
        Uuid,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        **kw,  # type: ignore[arg-type]
    )


conversations = Table(
    "conversations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address_hash", LargeBinary, nullable=False),
    Column("sealed_address", LargeBinary, nullable=False),
    Column("language", Text),
    Column("language_chosen", Boolean, nullable=False, server_default=text("false")),
    Column("last_keys", JSONB),
    Column("misunderstood", SmallInteger, nullable=False, server_default=text("0")),
    # The topic that is talked about, and the paper the person says to have: what they said, so it is sealed.
    Column("focus", Text),
    Column("sealed_paper", LargeBinary),
    _now("created_at"),
    _now("last_at"),
    UniqueConstraint("channel", "address_hash"),
)

# Written into the statements as they stand: a plan for all parameters could not use the indexes of these states.
RECEIVED: ColumnElement[str] = literal_column("'received'")
QUEUED: ColumnElement[str] = literal_column("'queued'")
SENDING: ColumnElement[str] = literal_column("'sending'")

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("channel", Text, nullable=False),
    Column("channel_message_id", Text, nullable=False),
    # By what name the channel takes it out of the chat, for as long as that may be needed: see `bot.post.taking_back`.
    Column("channel_reference", Text),
    Column("kind", Text, nullable=False),
    Column("sealed_payload", LargeBinary),
    Column("language_hint", Text),
    Column("state", Text, nullable=False, server_default="received"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    _now("due_at"),
    _now("received_at"),
    _at("closed_at"),
    UniqueConstraint("channel", "channel_message_id"),
    CheckConstraint("state IN ('received', 'answered', 'handed_over', 'notified')", name="state"),
    Index("ix_inbox_waiting", "id", postgresql_where=text("state = 'received'")),
    Index("ix_inbox_conversation_waiting", "conversation_id", "id", postgresql_where=text("state = 'received'")),
    Index("ix_inbox_conversation_id", "conversation_id", "id"),
    Index(
        "ix_inbox_to_take_back",
        "id",
        postgresql_where=text("state <> 'received' AND channel_reference <> 'erased'"),
    ),
)

turns = Table(
    "turns",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("inbox_id", BigInteger, ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False, unique=True),
    _conversation(index=True),
    Column("language", Text, nullable=False),
    Column("intent", Text),
    Column("confidence", Float),
    Column("ranking", JSONB, nullable=False, server_default=text("'[]'")),
    Column("keys", JSONB, nullable=False, server_default=text("'[]'")),
    Column("milliseconds", Integer, nullable=False),
    _now("at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("inbox_id", BigInteger, ForeignKey("inbox.id", ondelete="CASCADE")),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sealed_payload", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("channel_reference", Text),
    _now("due_at"),
    _now("queued_at"),
    _at("sending_at"),
    _at("closed_at"),
    CheckConstraint("state IN ('queued', 'sending', 'sent', 'uncertain', 'blocked', 'failed')", name="state"),
    Index("ix_outbox_open", "channel", "id", postgresql_where=text("state IN ('queued', 'sending')")),
    Index(
        "ix_outbox_conversation_open",
        "conversation_id",
        "id",
        postgresql_where=text("state IN ('queued', 'sending')"),
    ),
    Index("ix_outbox_conversation_id", "conversation_id", "id"),
    # What still has to be taken back from people's phones; looked at every few seconds.
    Index(
        "ix_outbox_private",
        "id",
        postgresql_where=text("purpose IN ('private', 'form') AND channel_reference IS DISTINCT FROM 'erased'"),
    ),
    Index("uq_outbox_notice", "inbox_id", unique=True, postgresql_where=text("purpose = 'notice'")),
    # Erasing a message looks for what points at it.
    Index("ix_outbox_inbox_id", "inbox_id"),
)

choices = Table(
    "choices",
    metadata,
    Column("token", Text, primary_key=True),
    _conversation(),
    Column("key", Text, nullable=False),
    _now("offered_at"),
    UniqueConstraint("conversation_id", "key"),
)

forms = Table(
    "forms",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    # What kind of state it is: `bot.hub.kept` lists them.
    Column("kind", Text, primary_key=True),
    Column("sealed_state", LargeBinary, nullable=False),
    _at("expires_at", nullable=False, index=True),
)

verification_attempts = Table(
    "verification_attempts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject_hash", LargeBinary, nullable=False),
    Column("origin_hash", LargeBinary, nullable=False),
    # The neighbourhood of the number: who tries one number after the other stays in it.
    Column("range_hash", LargeBinary),
    # The kiosk, where the origin is one visit at it.
    Column("device_hash", LargeBinary),
    # A try that was locked is written down for the alarms only.
    Column("admitted", Boolean, nullable=False, server_default=text("true")),
    Column("succeeded", Boolean, nullable=False),
    _now("at"),
    Index("ix_verification_attempts_subject", "subject_hash", "at", postgresql_where=text("admitted")),
    Index("ix_verification_attempts_origin", "origin_hash", "at"),
    Index("ix_verification_attempts_device", "device_hash", "at"),
    Index("ix_verification_attempts_range", "range_hash", "at"),
    Index("ix_verification_attempts_at", "at"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    _now("raised_at"),
    _now("last_at"),
    _at("seen_at"),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    # One open alarm of a kind: what goes on is the same alarm.
    Index("uq_alarms_open", "kind", unique=True, postgresql_where=text("seen_at IS NULL")),
)

consents = Table(
    "consents",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(index=True),
    Column("what", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    _now("given_at"),
    _at("withdrawn_at"),
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
    _now("made_at"),
    _at("ends_at", nullable=False),
    # The last announcement that may concern an appointment.
    _at("changed_at"),
    _at("tried_at"),
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
    _conversation(),
    Column("what", Text, nullable=False),
    # Empty once it is over: what was said stands in the outbox, and the rest is needed no more.
    Column("sealed_details", LargeBinary, nullable=False),
    # Who would have told that the details are no longer true.
    Column("subscription_id", BigInteger, ForeignKey("subscriptions.id", ondelete="SET NULL"), index=True),
    _at("due_at", nullable=False),
    # After this moment saying it would help nobody.
    _at("ends_at", nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    _now("made_at"),
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
    _now("received_at"),
    _at("told_at"),
    Index("ix_case_changes_subscription_id", "subscription_id"),
    Index("ix_case_changes_untold", "received_at", postgresql_where=text("told_at IS NULL")),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    _now("created_at"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    _now("created_at"),
    _now("seen_at"),
    # An open console touches `seen_at`, the person at it touches `acted_at`: presence is the one, idle time the other.
    _now("acted_at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    _conversation(index=True),
    Column("language", Text, nullable=False),
    Column("topic", Text),
    Column("priority", SmallInteger, nullable=False, server_default=text("0")),
    # Whether the bot is silent: not yet where it called a person itself and nobody has come.
    Column("quiet", Boolean, nullable=False, server_default=text("true")),
    _now("opened_at"),
    _at("closed_at"),
    # At most one open case a conversation: a second request for a person joins the first.
    Index("uq_cases_open", "conversation_id", unique=True, postgresql_where=text("closed_at IS NULL")),
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
    # Who may read it. Empty: an internal note.
    Column("audience", ARRAY(Text), nullable=False),
    Column("sealed_text", LargeBinary),
    Column("outbox_id", BigInteger, ForeignKey("outbox.id", ondelete="SET NULL")),
    _now("at"),
    CheckConstraint("kind IN ('opened', 'message', 'claimed', 'returned', 'closed')", name="kind"),
    CheckConstraint("author IN ('applicant', 'bot', 'interpreter', 'officer', 'system')", name="author"),
    Index("ix_case_entries_case", "case_id", "id"),
    Index("ix_case_entries_outbox_id", "outbox_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    _now("at"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    _now("at"),
)
