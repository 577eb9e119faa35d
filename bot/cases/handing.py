"""A case goes from its holder to a colleague by name.

A colleague at a console has it at once. For one who is not, it waits `OFFERED_FOR`, and is everybody's afterwards.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.holding import held
from bot.cases.model import OFFERED_FOR, CannotTake, Reason, Role, Staff
from bot.cases.presence import at_console, is_present
from bot.cases.voice import Voice
from bot.storage.sealing import Seal
from bot.storage.tables import cases, staff, staff_sessions


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the office who may take the case. `present`: they have an open console."""

    id: UUID
    name: str
    role: Role
    present: bool


async def colleagues_for(db: AsyncConnection, language: str, person: Staff) -> list[Colleague]:
    """Everybody else who may take cases of this language; who is at a console first, then by name."""
    there = (
        select(staff_sessions.c.staff_id).where(staff_sessions.c.staff_id == staff.c.id, at_console()).exists()
    ).label("present")
    rows = await db.execute(
        select(staff.c.id, staff.c.name, staff.c.role, there)
        .where(
            staff.c.active,
            staff.c.id != person.id,
            or_(
                (staff.c.role == Role.INTERPRETER.value) & (literal(language) == any_(staff.c.languages)),
                staff.c.role == Role.OFFICER.value,
            ),
        )
        .order_by(there.desc(), staff.c.name)
    )
    return [Colleague(row.id, row.name, Role(row.role), row.present) for row in rows]


async def hand(db: AsyncConnection, voice: Voice, case_id: UUID, giver: Staff, colleague_id: UUID) -> bool:
    """Give a held case to a colleague; the applicant is told. Returns whether the colleague has it already.

    Raises NotYours, CaseClosed, or CannotTake for whoever is not among `colleagues_for`.
    """
    case = await held(db, case_id, giver)
    if colleague_id not in {colleague.id for colleague in await colleagues_for(db, case.language, giver)}:
        raise CannotTake("This colleague cannot take a case of this language.")
    at_once = await is_present(db, colleague_id)
    tell = voice.another_person if at_once else voice.back_in_queue
    outbox_id = await tell(db, case.conversation_id, case.language)
    entry_id = await entries.append(
        db,
        voice.seal,
        case_id,
        "handed" if at_once else "offered",
        giver.role.value,
        staff_id=colleague_id,
        from_id=giver.id,
    )
    await entries.said_as(db, entry_id, outbox_id)
    return at_once


async def open_to_all(db: AsyncConnection, seal: Seal) -> list[UUID]:
    """Tell the staff of every case whose colleague did not come in time: all may take it now. Returns the cases.

    The applicant was told already that the request is in the queue.
    """
    change = entries.last_change()
    late = await db.scalars(
        select(cases.c.id)
        .join(change, cases.c.closed_at.is_(None))
        .where(change.c.kind == "offered", change.c.at <= func.now() - OFFERED_FOR)
        .order_by(cases.c.id)
    )
    return [case_id for case_id in list(late) if await _open_to_all(db, seal, case_id)]


async def _open_to_all(db: AsyncConnection, seal: Seal, case_id: UUID) -> bool:
    await entries.lock(db, case_id)
    # Somebody else may have taken it or told of it meanwhile.
    absent = await entries.missed_by(db, case_id)
    if absent is None:
        return False
    await entries.append(db, seal, case_id, "returned", "system", text=Reason.NOT_TAKEN.value, staff_id=absent)
    return True
