"""A finished case goes on: opened again by who closed it or by an officer, who has it from then on.

Without it a second question about the same thing would begin in the queue, with somebody who knows nothing of it.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.model import REOPENED_WITHIN, CaseNotFound, NotYours, Staff, State, StaysClosed
from bot.cases.voice import Voice
from bot.post import conversations, inbox
from bot.storage.tables import cases


async def reopen(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff) -> None:
    """Have a finished case again; the bot is silent from now on, and the applicant is told.

    Waits for an answer of the bot that is under way. Reopening one's own open case changes nothing. Raises
    CaseNotFound, NotYours, or StaysClosed for a case that ended more than `REOPENED_WITHIN` ago or was followed by
    another one that is open.
    """
    conversation_id = await _conversation_of(db, case_id)
    # In this order, as everybody: the turn, the case, the conversation. What the bot is saying is said before.
    await inbox.hold_turn(db, conversation_id)
    case = await entries.lock(db, case_id)
    await conversations.shut(db, voice.seal, conversation_id)
    now = await entries.standing(db, case_id)
    if now.holder != staff.id and not staff.may_step_in:
        if staff.may_take(case.language):
            raise NotYours("A case is opened again by who closed it, or by an officer.")
        raise CaseNotFound("There is no such case for you.")
    if now.state is State.CLAIMED and now.holder == staff.id:
        return
    # A case that nobody has closed was joined to another one: what was written in it is there.
    joined = now.holder is None
    if (
        joined
        or now.state is not State.CLOSED
        or case.conversation_id != conversation_id
        or not await _is_recent(db, case_id)
    ):
        raise StaysClosed("The case cannot go on.")
    try:
        async with db.begin_nested():
            await entries.mark_open(db, case_id)
    except IntegrityError as error:
        raise StaysClosed("The applicant has another open case.") from error
    outbox_id = await voice.open_again(db, case.conversation_id, case.language)
    entry_id = await entries.append(db, voice.seal, case_id, "reopened", staff.role.value, staff_id=staff.id)
    await entries.said_as(db, entry_id, outbox_id)


async def may_reopen(db: AsyncConnection, case_id: UUID, staff: Staff) -> bool:
    """Whether `reopen` would succeed now."""
    now = await entries.standing(db, case_id)
    if now.state is not State.CLOSED or now.holder is None or not (staff.may_step_in or now.holder == staff.id):
        return False
    return await _is_recent(db, case_id) and not await _has_another(db, case_id)


async def _conversation_of(db: AsyncConnection, case_id: UUID) -> UUID:
    found: UUID | None = await db.scalar(select(cases.c.conversation_id).where(cases.c.id == case_id))
    if found is None:
        raise CaseNotFound("There is no such case. It may have been erased: go back to the queue.")
    return found


async def _is_recent(db: AsyncConnection, case_id: UUID) -> bool:
    recent = select(cases.c.id).where(cases.c.id == case_id, cases.c.closed_at > func.now() - REOPENED_WITHIN)
    return await db.scalar(recent) is not None


async def _has_another(db: AsyncConnection, case_id: UUID) -> bool:
    this = cases.alias("this")
    another = select(cases.c.id).join(this, this.c.conversation_id == cases.c.conversation_id)
    return await db.scalar(another.where(this.c.id == case_id, cases.c.closed_at.is_(None)).limit(1)) is not None
