"""The accounts of the office for their administrator: who is signed in, and how to sign somebody out everywhere.

Accounts are made and changed by command at the machine (`python -m bot staff`), never over the web.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from bot.cases import audit
from bot.cases.model import Staff
from bot.cases.people import accounts, end_sessions
from kiosk.staff.access import Access, is_refresh
from kiosk.staff.desk import Desk
from kiosk.web.declared import goes_on


def people_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/staff/people")
    service = desk.service

    @routes.get("")
    async def people_page(request: Request, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with service.engine.begin() as db:
            found = await accounts(db)
            await audit.record_view(db, person.id, "people.view", "", again=is_refresh(request))
        return desk.page(request, "people.html", person=person, accounts=found)

    @routes.post("/{staff_id}/sign-out", **goes_on(404))
    async def sign_out(staff_id: UUID, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with service.engine.begin() as db:
            await end_sessions(db, desk.voice, staff_id, person)
        return RedirectResponse("/staff/people", 303)

    return routes
