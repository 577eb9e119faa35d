"""Visits at a kiosk: begun, touched, and ended for good, whoever ends them.

A visit is a row found by the hash of its cookie, for as long as somebody stands there. Without the row the cookie opens
nothing, also where the conversation outlives the visit because a person works on its case. The boundary: what happens
in a visit is the pages' and the post room's; when it is over, and what goes with it, is decided here.
"""

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases.opening import open_case_of
from bot.post import conversations, inbox, outbox
from bot.settings import Settings
from bot.storage.database import ring
from bot.storage.sealing import Seal
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import visits

CHANNEL: Final = "kiosk"
"""The channel whose conversations are visits."""
MARGIN: Final = timedelta(seconds=60)
"""How much longer than the page the service waits: the page tells of touches twice a minute, and lines are slow."""

_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.05


def lifetime(settings: Settings) -> timedelta:
    """After this time without a touch nobody is at the kiosk any more, whatever became of its page."""
    return timedelta(seconds=settings.kiosk_idle_seconds + settings.kiosk_more_time_seconds) + MARGIN


async def begin(db: AsyncConnection, seal: Seal, token: str) -> UUID:
    """A visit with an empty conversation, whose id this is. `token` is the cookie's value and the address."""
    conversation_id = await conversations.find_or_open(db, seal, CHANNEL, token)
    await db.execute(insert(visits).values(address_hash=_address(seal, token)).on_conflict_do_nothing())
    return conversation_id


async def find(db: AsyncConnection, seal: Seal, token: str) -> UUID | None:
    """The conversation of a visit that goes on, or None when there is none (any more)."""
    found = await db.scalar(
        select(conversations_table.c.id)
        .join(visits, visits.c.address_hash == conversations_table.c.address_hash)
        .where(
            conversations_table.c.channel == CHANNEL,
            conversations_table.c.address_hash == _address(seal, token),
            visits.c.touched_at.is_not(None),
        )
    )
    return None if found is None else UUID(str(found))


async def touch(db: AsyncConnection, seal: Seal, token: str) -> bool:
    """Somebody is there. False when the visit is over; otherwise it cannot end before the caller commits."""
    touched = await db.execute(
        update(visits)
        .where(visits.c.address_hash == _address(seal, token), visits.c.touched_at.is_not(None))
        .values(touched_at=func.now())
    )
    return touched.rowcount > 0


async def end(db: AsyncConnection, seal: Seal, token: str) -> bool:
    """End the visit. True when its conversation is erased, False when a case needs it, whoever opened that.

    From the commit on the cookie opens nothing. Where a turn takes longer than a second, the sweeper erases what is
    left as soon as the turn is over: nobody stands before a screen that does not let go of them.
    """
    address = _address(seal, token)
    await db.execute(update(visits).where(visits.c.address_hash == address).values(touched_at=None))
    return await _forget(db, address, _TRIES)


async def leave_for_another_place(db: AsyncConnection, conversation_id: UUID) -> None:
    """The visit of this conversation is over without an end: what it was goes on at the person's phone.

    What the screen is sending at this moment is in the conversation, or is refused. Call it before the conversation is
    held: whoever sends holds the visit first.
    """
    address = select(conversations_table.c.address_hash).where(
        conversations_table.c.id == conversation_id, conversations_table.c.channel == CHANNEL
    )
    await db.execute(delete(visits).where(visits.c.address_hash == address.scalar_subquery()))


async def end_abandoned(service: Service) -> int:
    """End all visits that nobody has touched for their lifetime, and finish what `end` had to leave. How many."""
    over = or_(visits.c.touched_at.is_(None), visits.c.touched_at < func.now() - lifetime(service.settings))
    async with service.engine.begin() as db:
        addresses = list(
            await db.scalars(select(visits.c.address_hash).where(over).with_for_update(skip_locked=True).limit(1000))
        )
        await db.execute(update(visits).where(visits.c.address_hash.in_(addresses)).values(touched_at=None))
        for address in addresses:
            await _forget(db, address, tries=1)
    return len(addresses)


async def _forget(db: AsyncConnection, address: bytes, tries: int) -> bool:
    conversation_id = await db.scalar(
        select(conversations_table.c.id).where(
            conversations_table.c.channel == CHANNEL, conversations_table.c.address_hash == address
        )
    )
    if conversation_id is None:
        await db.execute(delete(visits).where(visits.c.address_hash == address))
        return True
    # A turn that runs may open a case, and what Rasa writes in it must be forgotten too.
    free = await _between_turns(db, conversation_id, tries)
    kept = await open_case_of(db, conversation_id) is not None
    if free and not kept:
        await conversations.erase(db, conversation_id)
    if free:
        await db.execute(delete(visits).where(visits.c.address_hash == address))
    # Streams that are still open look, and find no visit.
    await ring(db, outbox.bell(CHANNEL), str(conversation_id))
    return not kept


async def _between_turns(db: AsyncConnection, conversation_id: UUID, tries: int) -> bool:
    """Keep turns out of the conversation until the commit. False when one runs."""
    for _ in range(tries - 1):
        if await inbox.may_take_turn(db, conversation_id):
            return True
        await asyncio.sleep(_PAUSE_SECONDS)
    return await inbox.may_take_turn(db, conversation_id)


def _address(seal: Seal, token: str) -> bytes:
    return seal.fingerprint(CHANNEL, token)
