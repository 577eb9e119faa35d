"""The staff's side of hand-over: claim a case, answer in it, give it back, close it.

Who may act is decided here, under the case's lock: the person who has claimed it, nobody else.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.entries import Case, Standing
from bot.cases.model import (
    MOST_CHARACTERS,
    TO_APPLICANT,
    AlreadyClaimed,
    CaseClosed,
    CaseNotFound,
    NotYours,
    Outcome,
    Reason,
    Staff,
    State,
    UnfitMessage,
    reference,
)
from bot.cases.voice import Voice
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases


async def claim(db: AsyncConnection, seal: Seal, case_id: UUID, staff: Staff) -> None:
    """Take a case out of the queue. Claiming one's own case again changes nothing.

    Raises AlreadyClaimed, CaseClosed, or CaseNotFound for a language that is not this person's.
    """
    case = await entries.lock(db, case_id)
    if not staff.may_take(case.language):
        raise CaseNotFound("This case needs a language that is not one of yours.")
    now = await entries.standing(db, case_id)
    if now.state is State.CLOSED:
        raise CaseClosed("The case is finished.")
    if now.state is State.CLAIMED:
        if now.holder == staff.id:
            return
        raise AlreadyClaimed("Another person has taken this case.")
    await entries.append(db, seal, case_id, "claimed", staff.role.value, staff_id=staff.id)
    await entries.mark_quiet(db, case_id)


async def reply(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff, text: str) -> int:
    """Write to the applicant. Returns the outbox id. Raises NotYours, CaseClosed, UnfitMessage."""
    words = _fit(text)
    case = await _held(db, case_id, staff)
    outbox_id = await voice.person(
        db, case.conversation_id, case.language, staff.role, words, await _next_reference(db, case)
    )
    await entries.append(
        db,
        voice.seal,
        case_id,
        "message",
        staff.role.value,
        text=words,
        staff_id=staff.id,
        audience=TO_APPLICANT,
        outbox_id=outbox_id,
    )
    return outbox_id


async def add_note(db: AsyncConnection, seal: Seal, case_id: UUID, staff: Staff, text: str) -> None:
    """Write for colleagues only. Raises NotYours, CaseClosed, UnfitMessage."""
    words = _fit(text)
    await _held(db, case_id, staff)
    await entries.append(db, seal, case_id, "message", staff.role.value, text=words, staff_id=staff.id, audience=())


async def return_to_queue(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff) -> None:
    """Give a case back; the applicant is told. Raises NotYours, CaseClosed."""
    case = await _held(db, case_id, staff)
    await _give_back(db, voice, case, staff.role.value, staff.id, Reason.RETURNED)


async def return_all(db: AsyncConnection, voice: Voice, staff: Staff) -> None:
    """Give back every case of somebody who leaves the console."""
    for case_id in await _claimed_by(db, staff.id):
        await return_for(db, voice, case_id, staff.id, Reason.SIGNED_OUT)


async def return_for(db: AsyncConnection, voice: Voice, case_id: UUID, holder: UUID, reason: Reason) -> bool:
    """Give back a case for its holder, who is gone. False when it has changed hands meanwhile."""
    case = await entries.lock(db, case_id)
    if await entries.standing(db, case_id) != Standing(State.CLAIMED, holder):
        return False
    await _give_back(db, voice, case, "system", holder, reason)
    return True


async def close(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff, outcome: Outcome) -> None:
    """Finish a case; the bot answers again from now on, and the applicant is told. Raises NotYours, CaseClosed."""
    case = await _held(db, case_id, staff)
    outbox_id = await voice.finished(db, case.conversation_id, case.language)
    await entries.append(
        db,
        voice.seal,
        case_id,
        "closed",
        staff.role.value,
        text=outcome.value,
        staff_id=staff.id,
        outbox_id=outbox_id,
    )
    await entries.mark_closed(db, case_id)


async def _held(db: AsyncConnection, case_id: UUID, staff: Staff) -> Case:
    case = await entries.lock(db, case_id)
    now = await entries.standing(db, case_id)
    if now.state is State.CLOSED:
        raise CaseClosed("The case is finished.")
    if now.state is not State.CLAIMED or now.holder != staff.id:
        raise NotYours("You do not have this case. Take it first.")
    return case


async def _give_back(
    db: AsyncConnection, voice: Voice, case: Case, author: str, staff_id: UUID, reason: Reason
) -> None:
    outbox_id = await voice.back_in_queue(db, case.conversation_id, case.language)
    await entries.append(
        db, voice.seal, case.id, "returned", author, text=reason.value, staff_id=staff_id, outbox_id=outbox_id
    )


async def _claimed_by(db: AsyncConnection, staff_id: UUID) -> list[UUID]:
    change = entries.last_change()
    ids = await db.scalars(
        select(cases.c.id)
        .join(change, cases.c.closed_at.is_(None))
        .where(change.c.kind == "claimed", change.c.staff_id == staff_id)
        .order_by(cases.c.id)
    )
    return list(ids)


async def _next_reference(db: AsyncConnection, case: Case) -> str:
    ordinal = await entries.ordinal(db, case.conversation_id, case.opened_at)
    written = await db.scalar(
        select(func.count()).where(
            case_entries.c.case_id == case.id,
            case_entries.c.kind == "message",
            case_entries.c.author != "applicant",
            case_entries.c.audience != [],
        )
    )
    return reference(ordinal, int(written or 0) + 1)


def _fit(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise UnfitMessage("The message is empty. Nothing was sent.")
    if len(words) > MOST_CHARACTERS:
        raise UnfitMessage(f"The message is longer than {MOST_CHARACTERS} characters. Nothing was sent.")
    return words
