"""Others in a colleague's case: an officer invited to write in it, one who takes it over, a supervisor who returns it.

That an officer may write in every held case is decided in `holding`; an invitation asks one of them to do so.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.entries import Standing
from bot.cases.handing import colleagues_for
from bot.cases.holding import give_back, held
from bot.cases.model import (
    HELD,
    AlreadyClaimed,
    CannotTake,
    CaseClosed,
    NotYours,
    OfficersOnly,
    Reason,
    Role,
    Staff,
    State,
)
from bot.cases.rights import Right
from bot.cases.voice import Voice
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases


async def invite(db: AsyncConnection, seal: Seal, case_id: UUID, holder: Staff, officer_id: UUID) -> None:
    """Ask an officer to write in the case; its holder keeps it. Raises NotYours, CaseClosed, or CannotTake for whoever
    is no officer."""
    case = await held(db, case_id, holder)
    officers = {one.id for one in await colleagues_for(db, case.language, holder) if one.role is Role.OFFICER}
    if officer_id not in officers:
        raise CannotTake("Only an officer can be invited.")
    await entries.append(db, seal, case_id, "invited", holder.role.value, staff_id=officer_id, from_id=holder.id)


async def invitations(db: AsyncConnection, officer: Staff) -> set[UUID]:
    """The held cases to which this officer was invited and has not written since; a new holder invites anew."""
    change = entries.last_change()
    asked, wrote = case_entries.alias("asked"), case_entries.alias("wrote")
    answered = (
        select(func.max(wrote.c.id))
        .where(wrote.c.case_id == cases.c.id, wrote.c.kind == "message", wrote.c.staff_id == officer.id)
        .correlate(cases)
        .scalar_subquery()
    )
    ids = await db.scalars(
        select(cases.c.id)
        .join(change, cases.c.closed_at.is_(None))
        .join(asked, asked.c.case_id == cases.c.id)
        .where(
            change.c.kind.in_(HELD),
            asked.c.kind == "invited",
            asked.c.staff_id == officer.id,
            asked.c.from_id == change.c.staff_id,
            asked.c.at >= change.c.at,
            asked.c.id > func.coalesce(answered, 0),
        )
    )
    return set(ids)


async def take_over(db: AsyncConnection, voice: Voice, case_id: UUID, officer: Staff, holder_id: UUID) -> None:
    """Take a case from this holder; the applicant is told. Taking what one has already changes nothing.

    Raises OfficersOnly, CaseClosed, CaseNotFound, or AlreadyClaimed when somebody else has the case by now.
    """
    if not officer.may_step_in:
        raise OfficersOnly("A case is taken over by an officer.")
    case = await entries.lock(db, case_id)
    now = await entries.standing(db, case_id)
    if now.state is State.CLOSED:
        raise CaseClosed("The case is finished.")
    if now == Standing(State.CLAIMED, officer.id):
        return
    if now != Standing(State.CLAIMED, holder_id):
        raise AlreadyClaimed("The case has changed hands since the page was shown.")
    outbox_id = await voice.another_person(db, case.conversation_id, case.language)
    entry_id = await entries.append(
        db, voice.seal, case_id, "taken", officer.role.value, staff_id=officer.id, from_id=holder_id
    )
    await entries.said_as(db, entry_id, outbox_id)


async def take_back(db: AsyncConnection, voice: Voice, case_id: UUID, staff: Staff) -> None:
    """Put a colleague's case back into the queue; the applicant is told. Nothing happens to one that is there already.

    Raises NotYours without the right to it, CaseClosed.
    """
    if not staff.may(Right.TAKE_BACK):
        raise NotYours("Only a supervisor may take a case back.")
    case = await entries.lock(db, case_id)
    now = await entries.standing(db, case_id)
    if now.state is State.CLOSED:
        raise CaseClosed("The case is finished.")
    if now.state is State.CLAIMED:
        await give_back(db, voice, case, staff.role.value, staff.id, Reason.TAKEN_BACK)
