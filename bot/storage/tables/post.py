"""The post room: conversations, their messages in and out, and what a conversation keeps for some minutes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage.tables.columns import at, conversation, metadata, now

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
    now("created_at"),
    now("last_at"),
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
    conversation(),
    Column("channel", Text, nullable=False),
    Column("channel_message_id", Text, nullable=False),
    # By what name the channel takes it out of the chat, for as long as that may be needed: see `bot.post.taking_back`.
    Column("channel_reference", Text),
    Column("kind", Text, nullable=False),
    Column("sealed_payload", LargeBinary),
    Column("language_hint", Text),
    Column("state", Text, nullable=False, server_default="received"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    now("due_at"),
    now("received_at"),
    at("closed_at"),
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
    conversation(index=True),
    Column("language", Text, nullable=False),
    Column("intent", Text),
    Column("confidence", Float),
    Column("ranking", JSONB, nullable=False, server_default=text("'[]'")),
    Column("keys", JSONB, nullable=False, server_default=text("'[]'")),
    Column("milliseconds", Integer, nullable=False),
    now("at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("inbox_id", BigInteger, ForeignKey("inbox.id", ondelete="CASCADE")),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sealed_payload", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("channel_reference", Text),
    now("due_at"),
    now("queued_at"),
    at("sending_at"),
    at("closed_at"),
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
    conversation(),
    Column("key", Text, nullable=False),
    now("offered_at"),
    UniqueConstraint("conversation_id", "key"),
)

forms = Table(
    "forms",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    # What kind of state it is: `bot.hub.kept` lists them.
    Column("kind", Text, primary_key=True),
    Column("sealed_state", LargeBinary, nullable=False),
    at("expires_at", nullable=False, index=True),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    now("at"),
)
