"""What can be done with a case among colleagues: hand it over, invite an officer, take it over, open it again.

Owns these forms of the case's page and their routes. Who may do what is decided by `bot.cases` when it is done; the
page offers only what would go through as things stand.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from bot.cases import audit
from bot.cases.handing import Colleague, colleagues_for, hand
from bot.cases.model import Role, Staff, State
from bot.cases.queue import QueueItem
from bot.cases.reopening import may_reopen, reopen
from bot.cases.stepping_in import invite, take_over
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.web.declared import failures, goes_on


@dataclass(frozen=True, slots=True)
class Hands:
    """What this reader may do with the case. Empty lists where it is not theirs to give.

    `may_write`: they have it, or are an officer beside its holder.
    """

    has_it: bool
    may_write: bool
    may_claim: bool
    may_reopen: bool
    colleagues: tuple[Colleague, ...]
    officers: tuple[Colleague, ...]

    @classmethod
    async def on(cls, db: AsyncConnection, case: QueueItem, person: Staff) -> Self:
        """As things stand in this transaction."""
        claimed = case.state is State.CLAIMED
        has_it = claimed and case.holder == person.id
        colleagues = await colleagues_for(db, case.language, person) if has_it else []
        return cls(
            has_it=has_it,
            may_write=has_it or (claimed and person.may_step_in),
            may_claim=case.state.in_queue and (case.offered_to in (None, person.id) or person.may_step_in),
            may_reopen=await may_reopen(db, case.case_id, person),
            colleagues=tuple(colleagues),
            officers=tuple(one for one in colleagues if one.role is Role.OFFICER),
        )


def hands_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/cases/{case_id}", responses=failures(404, 409))
    service = desk.service
    Person = Annotated[Staff, Depends(access.person)]  # noqa: N806 - a type

    @routes.post("/hand", **goes_on())
    async def hand_over(case_id: UUID, person: Person, colleague: Annotated[UUID, Form()]) -> Response:
        async with service.engine.begin() as db:
            at_once = await hand(db, desk.voice, case_id, person, colleague)
            await audit.record(db, person.id, "case.hand", str(case_id))
        # Whoever handed it over still reads it; what waits for an absent colleague is seen in the queue.
        return _to_case(case_id) if at_once else RedirectResponse("/", 303)

    @routes.post("/invite", **goes_on())
    async def invite_officer(case_id: UUID, person: Person, officer: Annotated[UUID, Form()]) -> Response:
        async with service.engine.begin() as db:
            await invite(db, service.seal, case_id, person, officer)
            await audit.record(db, person.id, "case.invite", str(case_id))
        return _to_case(case_id)

    @routes.post("/take-over", **goes_on())
    async def take(
        case_id: UUID, person: Person, holder: Annotated[UUID, Form()], sure: Annotated[Literal["yes"], Form()]
    ) -> Response:
        async with service.engine.begin() as db:
            await take_over(db, desk.voice, case_id, person, holder)
            await audit.record(db, person.id, "case.take-over", str(case_id))
        return _to_case(case_id)

    @routes.post("/reopen", **goes_on())
    async def open_again(case_id: UUID, person: Person) -> Response:
        async with service.engine.begin() as db:
            await reopen(db, desk.voice, case_id, person)
            await audit.record(db, person.id, "case.reopen", str(case_id))
        return _to_case(case_id)

    return routes


def _to_case(case_id: UUID) -> Response:
    return RedirectResponse(f"/cases/{case_id}", 303)
