"""Erasing what was said, at a person's wish or when its time is over: what goes at once, and what must outlive it."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.post import conversations, taking_back
from bot.post.conversations import Conversation
from bot.storage.sealing import Seal
from bot.storage.tables import choices, inbox, outbox
from bot.storage.tables import conversations as conversations_table

_LONG_AGO: Final = timedelta(days=1)


async def begin_anew(db: AsyncConnection, seal: Seal, old: Conversation, asked_by: int) -> UUID:
    """Erase a conversation and open an empty one with the same address. Returns its id.

    `asked_by` is the inbox id of the wish. What the person sent after it belongs to the new conversation.
    """
    # From here on nobody finds the old one by its address, and who has just found it is waited for.
    await db.execute(
        update(conversations_table)
        .where(conversations_table.c.id == old.id)
        .values(address_hash=secrets.token_bytes(32))
    )
    fresh = await conversations.open_new(db, seal, old.channel, old.address)
    await db.execute(
        update(inbox)
        .where(inbox.c.conversation_id == old.id, inbox.c.state == "received", inbox.c.id > asked_by)
        .values(conversation_id=fresh)
    )
    await _hand_on_private(db, seal, old.id, fresh)
    await conversations.erase(db, old.id)
    return fresh


async def empty(db: AsyncConnection, conversation_ids: Collection[UUID], before: ColumnElement[datetime]) -> None:
    """Erase what was said and learned in these conversations before a moment, and keep only where to write to.

    Buttons of reminders stay good: they stop what the conversation is kept for. Call `tracker.forget` first.
    """
    for table, at in ((inbox, inbox.c.received_at), (outbox, outbox.c.queued_at)):
        await db.execute(delete(table).where(table.c.conversation_id.in_(conversation_ids), at < before))
    of_reminders = choices.c.key.startswith("remind", autoescape=True)
    await db.execute(
        delete(choices).where(
            choices.c.conversation_id.in_(conversation_ids), choices.c.offered_at < before, ~of_reminders
        )
    )
    await db.execute(
        update(conversations_table)
        .where(conversations_table.c.id.in_(conversation_ids))
        .values(last_keys=None, focus=None, sealed_paper=None, misunderstood=0)
    )


async def _hand_on_private(db: AsyncConnection, seal: Seal, old: UUID, fresh: UUID) -> None:
    """Checks on the person's phone: their words go now, their rows stay until the channel took the messages back."""
    await db.execute(
        update(inbox).where(inbox.c.conversation_id == old, taking_back.TYPED).values(conversation_id=fresh)
    )
    rows = await db.execute(
        select(outbox.c.id, outbox.c.sealed_payload).where(
            outbox.c.conversation_id == old,
            outbox.c.purpose.in_([purpose.value for purpose in taking_back.PURPOSES]),
            outbox.c.channel_reference.is_not(None),
        )
    )
    for row in rows.all():
        await db.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                conversation_id=fresh,
                inbox_id=None,
                sealed_payload=taking_back.without_words(seal, row.sealed_payload),
                # As if its time were over: the channel takes it back with its next look.
                closed_at=func.now() - _LONG_AGO,
            )
        )
