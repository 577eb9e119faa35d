"""What a supervisor may do with a case that a colleague has."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from bot.cases import audit, stepping_in
from bot.cases.model import Staff
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.web.declared import failures, goes_on


def supervising_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/cases/{case_id}", responses=failures(404, 409))

    @routes.post("/take-back", **goes_on())
    async def take_back(case_id: UUID, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with desk.service.engine.begin() as db:
            await stepping_in.take_back(db, desk.voice, case_id, person)
            await audit.record(db, person.id, "case.take-back", str(case_id))
        return RedirectResponse(f"/cases/{case_id}", 303)

    return routes
