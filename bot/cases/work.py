"""The staff's side of hand-over: claim a case, answer in it, give it back, close it.

Who has it may do all of this; an officer may write beside them. Both is decided under the case's lock (`holding`).
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries, translations
from bot.cases.entries import Case
from bot.cases.holding import give_back, held, written_in
from bot.cases.model import (
    MOST_CHARACTERS,
    TO_APPLICANT,
    AlreadyClaimed,
    CaseClosed,
    CaseNotFound,
    KeptForColleague,
    Outcome,
    Reason,
    Staff,
    State,
    UnfitMessage,
    reference,
)
from bot.cases.voice import Voice
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries


async def claim(db: AsyncConnection, seal: Seal, case_id: UUID, staff: Staff) -> None:
    """Take a case out of the queue. Claiming one's own case again changes nothing.

    Raises AlreadyClaimed, CaseClosed, KeptForColleague, or CaseNotFound for a language that is not this person's.
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
    if now.offered_to not in (None, staff.id) and not staff.may_step_in:
        raise KeptForColleague("The case was handed to a colleague and waits for them.")
    await entries.append(db, seal, case_id, "claimed", staff.role.value, staff_id=staff.id)
    await entries.mark_quiet(db, case_id)


async def reply(
    db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff, text: str, *, translation: str = ""
) -> int:
    """Write to the applicant. Returns the outbox id. Raises NotYours, CaseClosed, UnfitMessage.

    `translation`: what a machine made of a `text` in the office's language. The applicant gets both, and is told which
    is which.
    """
    words = _fit(text)
    translated = _fit(translation) if translation else ""
    case = await written_in(db, case_id, staff)
    name = await _next_reference(db, case)
    entry_id = await entries.append(
        db, voice.seal, case_id, "message", staff.role.value, text=words, staff_id=staff.id, audience=TO_APPLICANT
    )
    if translated:
        await translations.keep(db, voice.seal, entry_id, case_id, case.language, translated)
    outbox_id = await voice.person(
        db,
        case.conversation_id,
        case.language,
        staff.role,
        translated or words,
        reference=name,
        entry_id=entry_id,
        original=words if translated else "",
    )
    await entries.said_as(db, entry_id, outbox_id)
    return outbox_id


async def add_note(db: AsyncConnection, seal: Seal, case_id: UUID, staff: Staff, text: str) -> None:
    """Write for colleagues only. Raises NotYours, CaseClosed, UnfitMessage."""
    words = _fit(text)
    await written_in(db, case_id, staff)
    await entries.append(db, seal, case_id, "message", staff.role.value, text=words, staff_id=staff.id, audience=())


async def return_to_queue(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff) -> None:
    """Give a case back; the applicant is told. Raises NotYours, CaseClosed."""
    case = await held(db, case_id, staff)
    await give_back(db, voice, case, staff.role.value, staff.id, Reason.RETURNED)


async def close(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff, outcome: Outcome) -> None:
    """Finish a case; the bot answers again from now on, and the applicant is told. Raises NotYours, CaseClosed."""
    case = await held(db, case_id, staff)
    outbox_id = await voice.finished(db, case.conversation_id, case.language)
    entry_id = await entries.append(
        db, voice.seal, case_id, "closed", staff.role.value, text=outcome.value, staff_id=staff.id
    )
    await entries.said_as(db, entry_id, outbox_id)
    await entries.mark_closed(db, case_id)


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
