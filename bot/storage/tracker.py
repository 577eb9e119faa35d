"""What Rasa's tracker keeps of a conversation, as far as it has to be forgotten. The tables are Rasa's own.

Owns the names under which Rasa knows conversations. Where no Rasa has ever run against this database there is nothing
to forget.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Float, MetaData, Table, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import conversations, inbox

EVENTS: Final = Table("events", MetaData(), Column("sender_id", Text), Column("timestamp", Float), schema="rasa")


def sender(conversation_id: UUID, retried: int | None = None) -> str:
    """The name of a conversation in Rasa; `retried` is the inbox id of a question that is asked again."""
    return conversation_id.hex if retried is None else f"{conversation_id.hex}-{retried}"


async def forget(db: AsyncConnection, conversation_ids: Collection[UUID]) -> None:
    """Delete what these conversations left in the tracker. Call it while their inbox rows are still there."""
    if not conversation_ids or not await _is_there(db):
        return
    retried = await db.execute(
        select(inbox.c.conversation_id, inbox.c.id).where(
            inbox.c.conversation_id.in_(conversation_ids), inbox.c.attempts > 0
        )
    )
    names = [*map(sender, conversation_ids), *(sender(row.conversation_id, row.id) for row in retried)]
    await db.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(names)))


async def forget_older_than(db: AsyncConnection, age: timedelta) -> None:
    """Delete every event of that age, also of conversations that are gone: Rasa may finish a turn after its erasure."""
    if await _is_there(db):
        await db.execute(EVENTS.delete().where(EVENTS.c.timestamp < func.extract("epoch", func.now() - age)))


async def forget_orphans(db: AsyncConnection) -> None:
    """Delete every event of a conversation that is no more: a turn that was given up may be finished by Rasa later."""
    if await _is_there(db):
        of_one = func.replace(cast(conversations.c.id, Text), "-", "") == func.left(EVENTS.c.sender_id, 32)
        ours = EVENTS.c.sender_id.regexp_match("^[0-9a-f]{32}")
        await db.execute(EVENTS.delete().where(ours, ~select(conversations.c.id).where(of_one).exists()))


async def _is_there(db: AsyncConnection) -> bool:
    return await db.scalar(select(func.to_regclass(EVENTS.fullname))) is not None
