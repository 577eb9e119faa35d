"""Who saw and did what, for the data officer: by day, person and act. To look here is written down too."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.cases import audit
from bot.cases.model import Staff
from bot.cases.people import accounts
from bot.cases.trail import NEWEST, PAGE, trail
from bot.i18n.catalogues import N_
from kiosk.staff.access import Access, is_refresh
from kiosk.staff.desk import Desk

ACTS: Final = {
    "sign-in": N_("Signed in"),
    "sign-out": N_("Signed out"),
    "case.view": N_("Read a case"),
    "case.claim": N_("Took a case"),
    "case.reply": N_("Wrote to the applicant"),
    "case.note": N_("Wrote an internal note"),
    "case.translate": N_("Had a message translated"),
    "case.hand": N_("Handed a case to a colleague"),
    "case.invite": N_("Invited an officer"),
    "case.take-over": N_("Took over a case"),
    "case.reopen": N_("Opened a case again"),
    "case.return": N_("Gave a case back to the queue"),
    "case.take-back": N_("Put a colleague's case back into the queue"),
    "case.close": N_("Closed a case"),
    "alarm.seen": N_("Saw an alarm"),
    "figures.view": N_("Looked at the figures"),
    "figures.export": N_("Saved the figures as a file"),
    "people.view": N_("Looked at the accounts"),
    "person.sign-out": N_("Signed a person out everywhere"),
    "audit.view": N_("Looked at the audit"),
    "second-factor.on": N_("Turned the second factor on"),
    "second-factor.recovery": N_("Signed in with a recovery code"),
    "second-factor.reset": N_("Took the second factor off an account"),
}
"""What an act is called. One that is not here is shown by its own name."""

Filter = Annotated[str, Query(max_length=60)]


def audit_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()

    @routes.get("/staff/audit")
    async def audit_page(
        request: Request,
        person: Annotated[Staff, Depends(access.person)],
        day: Filter = "",
        who: Filter = "",
        act: Filter = "",
        before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
    ) -> Response:
        wanted_day, wanted_person = _chosen(day, who)
        async with desk.service.engine.begin() as db:
            rows = await trail(db, day=wanted_day, staff_id=wanted_person, act=act or None, before=before)
            people = await accounts(db)
            await audit.record_view(db, person.id, "audit.view", who, again=is_refresh(request))
        return desk.page(
            request,
            "audit.html",
            person=person,
            rows=rows,
            people=[one.person for one in people],
            acts=ACTS,
            chosen={"day": day, "who": who, "act": act},
            is_first=before == NEWEST,
            older=rows[-1].id if len(rows) == PAGE else None,
        )

    return routes


def _chosen(day: str, who: str) -> tuple[date | None, UUID | None]:
    """The day and the person of a form in which both may be left empty. Raises HTTPException 422."""
    try:
        return date.fromisoformat(day) if day else None, UUID(who) if who else None
    except ValueError:
        raise HTTPException(422) from None
