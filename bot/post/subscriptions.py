"""Subscriptions to changes of a file, as far as Rehber keeps them: who to tell, and what still has to be ended.

Owns the rows of `subscriptions` and `case_changes`. The case system's reference stands here sealed; an announcement
finds it by its hash. A row without a conversation is one that nobody wants any more: it stays until the case system
has heard so, which is why it outlives a conversation that is erased.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sealing import Seal
from bot.storage.tables import case_changes, reminders, subscriptions

ABOUT_THE_FILE: Final = "FILE"
"""The one kind that surely concerns no appointment; kinds that are not known yet may."""

TOLD_AGAIN: Final = timedelta(hours=24)
"""At most one message of news in this time; what is announced meanwhile is told with the next."""

AGAIN_AFTER: Final = timedelta(minutes=1)
SETTLED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A subscription that the case system must still be asked to end."""

    id: int
    reference: str


async def of_session(db: AsyncConnection, seal: Seal, session: str) -> int | None:
    """The subscription that was made in this confirmed session, if one was."""
    return await db.scalar(
        select(subscriptions.c.id).where(
            subscriptions.c.session_hash == seal.fingerprint("case-session", session),
            subscriptions.c.conversation_id.is_not(None),
        )
    )


async def add(
    db: AsyncConnection, seal: Seal, conversation_id: UUID, session: str, reference: str, ends_at: datetime
) -> int:
    """Keep a new subscription. Returns its id."""
    row = await db.execute(
        insert(subscriptions)
        .values(
            conversation_id=conversation_id,
            session_hash=seal.fingerprint("case-session", session),
            reference_hash=seal.fingerprint("case-subscription", reference),
            sealed_reference=seal.close(reference),
            ends_at=ends_at,
        )
        .returning(subscriptions.c.id)
    )
    return int(row.scalar_one())


async def note_change(db: AsyncConnection, seal: Seal, event_id: str, reference: str, kind: str) -> None:
    """Write down that something changed. A known event, or a subscription that is not ours, changes nothing."""
    found = select(subscriptions.c.id).where(
        subscriptions.c.reference_hash == seal.fingerprint("case-subscription", reference),
        subscriptions.c.conversation_id.is_not(None),
    )
    # Held, so that the subscription is not ended in between.
    subscription_id = await db.scalar(found.with_for_update(key_share=True))
    if subscription_id is None:
        return
    new = await db.execute(
        insert(case_changes)
        .values(event_id=event_id, subscription_id=subscription_id, kind=kind)
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(case_changes.c.event_id)
    )
    if new.scalar_one_or_none() is not None and kind != ABOUT_THE_FILE:
        await db.execute(
            update(subscriptions).where(subscriptions.c.id == subscription_id).values(changed_at=func.clock_timestamp())
        )


def _untold() -> Select[tuple[UUID]]:
    """Conversations with something to tell that were told nothing for a day.

    A subscription alone is no promise: it is made a moment before the reminder, and the turn may have failed between.
    """
    promised = select(reminders.c.id).where(reminders.c.subscription_id == subscriptions.c.id).exists()
    lately = case_changes.alias("lately")
    theirs = subscriptions.alias("theirs")
    told_lately = (
        select(lately.c.event_id)
        .join(theirs, theirs.c.id == lately.c.subscription_id)
        .where(theirs.c.conversation_id == subscriptions.c.conversation_id, lately.c.told_at > func.now() - TOLD_AGAIN)
        .exists()
    )
    return (
        select(subscriptions.c.conversation_id)
        .join(case_changes, case_changes.c.subscription_id == subscriptions.c.id)
        .where(subscriptions.c.conversation_id.is_not(None), case_changes.c.told_at.is_(None), promised, ~told_lately)
        .order_by(subscriptions.c.conversation_id)
        .limit(1)
    )


async def next_with_news(db: AsyncConnection, after: UUID) -> UUID | None:
    """The next conversation that there is news for, in the order of ids: one pass looks at each once."""
    found: UUID | None = await db.scalar(_untold().where(subscriptions.c.conversation_id > after))
    return found


async def take_news(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Note as told whatever there is to tell. False when nothing is, or not yet. One at a time for a conversation."""
    if await db.scalar(_untold().where(subscriptions.c.conversation_id == conversation_id)) is None:
        return False
    mine = select(subscriptions.c.id).where(subscriptions.c.conversation_id == conversation_id)
    await db.execute(
        update(case_changes)
        .where(case_changes.c.told_at.is_(None), case_changes.c.subscription_id.in_(mine))
        .values(told_at=func.now())
    )
    return True


async def exist(db: AsyncConnection, conversation_id: UUID) -> bool:
    found = select(subscriptions.c.id).where(subscriptions.c.conversation_id == conversation_id)
    return bool(await db.scalar(select(found.exists())))


async def let_go(db: AsyncConnection, conversation_id: UUID) -> None:
    """Nobody wants the subscriptions of this conversation any more."""
    await db.execute(
        update(subscriptions).where(subscriptions.c.conversation_id == conversation_id).values(conversation_id=None)
    )


async def let_go_unused(db: AsyncConnection, conversation_id: UUID) -> None:
    """Of this conversation, let go the subscriptions that nothing to come depends on."""
    await db.execute(
        update(subscriptions)
        .where(subscriptions.c.conversation_id == conversation_id, ~_to_come())
        .values(conversation_id=None)
    )


async def next_to_end(db: AsyncConnection, seal: Seal) -> Ending | None:
    """A subscription to end at the case system, and not tried a moment ago. The caller commits before it asks there."""
    row = (
        await db.execute(
            select(subscriptions.c.id, subscriptions.c.sealed_reference)
            .where(
                subscriptions.c.conversation_id.is_(None),
                or_(subscriptions.c.tried_at.is_(None), subscriptions.c.tried_at < func.now() - AGAIN_AFTER),
            )
            .order_by(subscriptions.c.tried_at.nulls_first(), subscriptions.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    if row is None:
        return None
    await db.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(tried_at=func.now()))
    return Ending(row.id, seal.open(row.sealed_reference))


async def ended(db: AsyncConnection, subscription_id: int) -> None:
    """The case system knows: nothing of it is kept."""
    await db.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))


async def clear(db: AsyncConnection) -> None:
    """Drop what is over: subscriptions that ended by themselves, told changes; let go what nothing is expected of."""
    await db.execute(delete(subscriptions).where(subscriptions.c.ends_at <= func.now()))
    # A turn may be about to plan the reminder it subscribed for.
    await db.execute(
        update(subscriptions)
        .where(
            subscriptions.c.conversation_id.is_not(None), subscriptions.c.made_at < func.now() - SETTLED, ~_to_come()
        )
        .values(conversation_id=None)
    )
    await db.execute(delete(case_changes).where(case_changes.c.told_at <= func.now() - TOLD_AGAIN))


def _to_come() -> ColumnElement[bool]:
    """Whether a reminder depends on the subscription whose time is not over."""
    return (
        select(reminders.c.id)
        .where(reminders.c.subscription_id == subscriptions.c.id, reminders.c.ends_at > func.now())
        .exists()
    )
