"""Who has a case: asked under its lock, and what happens when it has to go back to the queue.

Every act of the staff begins with `held` or `written_in`: what they say stays true until the commit.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.entries import Case, Standing
from bot.cases.model import HELD, CaseClosed, CaseNotFound, NotYours, Reason, Staff, State
from bot.cases.voice import Voice
from bot.storage.tables import cases


async def held(db: AsyncConnection, case_id: UUID, staff: Staff) -> Case:
    """The case, locked, of the person who has it. Raises NotYours, CaseClosed, CaseNotFound."""
    case, now = await _open(db, case_id, staff)
    if now.state is not State.CLAIMED or now.holder != staff.id:
        raise NotYours("You do not have this case. Take it first.")
    return case


async def written_in(db: AsyncConnection, case_id: UUID, staff: Staff) -> Case:
    """The case, locked, for who has it and for officers beside them. Raises NotYours, CaseClosed, CaseNotFound."""
    case, now = await _open(db, case_id, staff)
    if now.state is not State.CLAIMED or not (now.holder == staff.id or staff.may_step_in):
        raise NotYours("You do not have this case. Take it first.")
    return case


async def return_all(db: AsyncConnection, voice: Voice, staff: Staff) -> None:
    """Give back every case of somebody who leaves the console."""
    change = entries.last_change()
    ids = await db.scalars(
        select(cases.c.id)
        .join(change, cases.c.closed_at.is_(None))
        .where(change.c.kind.in_(HELD), change.c.staff_id == staff.id)
        .order_by(cases.c.id)
    )
    for case_id in list(ids):
        await return_for(db, voice, case_id, staff.id, Reason.SIGNED_OUT)


async def return_for(db: AsyncConnection, voice: Voice, case_id: UUID, holder: UUID, reason: Reason) -> bool:
    """Give back a case for its holder, who is gone. False when it has changed hands meanwhile."""
    case = await entries.lock(db, case_id)
    if await entries.standing(db, case_id) != Standing(State.CLAIMED, holder):
        return False
    await give_back(db, voice, case, "system", holder, reason)
    return True


async def give_back(db: AsyncConnection, voice: Voice, case: Case, author: str, staff_id: UUID, reason: Reason) -> None:
    """Put a held case, which is locked, back into the queue and tell the applicant."""
    outbox_id = await voice.back_in_queue(db, case.conversation_id, case.language)
    entry_id = await entries.append(db, voice.seal, case.id, "returned", author, text=reason.value, staff_id=staff_id)
    await entries.said_as(db, entry_id, outbox_id)


async def _open(db: AsyncConnection, case_id: UUID, staff: Staff) -> tuple[Case, Standing]:
    case = await entries.lock(db, case_id)
    now = await entries.standing(db, case_id)
    if now.holder != staff.id and not staff.may_take(case.language):
        raise CaseNotFound("There is no such case for you.")
    if now.state is State.CLOSED:
        raise CaseClosed("The case is finished.")
    return case, now
