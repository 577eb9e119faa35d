"""The identity check: tries, counted by keyed hashes, and the alarms that they raise."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from bot.storage.tables.columns import at, metadata, now

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
    now("at"),
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
    now("raised_at"),
    now("last_at"),
    at("seen_at"),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    # One open alarm of a kind: what goes on is the same alarm.
    Index("uq_alarms_open", "kind", unique=True, postgresql_where=text("seen_at IS NULL")),
)
