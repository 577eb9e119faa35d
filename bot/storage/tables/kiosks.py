"""The office's kiosks, the visits at them, and the codes with which a person goes on at another place."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text, Uuid, func, text

from bot.storage.tables.columns import at, conversation, metadata, now

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Where it stands, as the staff say it: "Hall, left of the door".
    Column("name", Text, nullable=False, unique=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    now("created_at"),
    # Its last heartbeat.
    at("seen_at"),
)

visits = Table(
    "visits",
    metadata,
    # Of the cookie, and so of the conversation's address. A visit outlives no conversation, and no case a visit.
    Column("address_hash", LargeBinary, primary_key=True),
    # The last touch. Empty: it is over, and what is left of it goes as soon as no turn runs in it.
    at("touched_at", server_default=func.now()),
)

continuations = Table(
    "continuations",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    # Of the visit, and once the code was used, of the chat that it led to.
    conversation(index=True),
    at("expires_at", nullable=False, index=True),
    at("used_at"),
    # The address that the visit had: its screen still asks what became of it.
    Column("left_hash", LargeBinary),
    Index("ix_continuations_left", "left_hash", postgresql_where=text("left_hash IS NOT NULL")),
)
