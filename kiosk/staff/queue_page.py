"""The first page: who waits, in which language, for how long, who has which case; above it, what is wrong."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.cases.alarms import open_alarms
from bot.cases.model import Staff
from bot.cases.queue import finished, queue
from bot.cases.rights import Right
from bot.cases.stepping_in import invitations
from bot.storage.kiosks import silent_kiosks
from kiosk.staff.access import Access
from kiosk.staff.alarms import HAPPENING
from kiosk.staff.desk import Desk


def queue_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()

    @routes.get("/")
    async def queue_page(request: Request, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with desk.service.engine.connect() as db:
            items = await queue(db, person)
            invited = await invitations(db, person)
            over = await finished(db, person)
            alarms = await open_alarms(db)
            silent = await silent_kiosks(db)
        return desk.page(
            request,
            "queue.html",
            person=person,
            alarms=alarms,
            happening=HAPPENING,
            silent=silent,
            may_mark_seen=person.may(Right.ALARMS),
            waiting=[item for item in items if item.state.in_queue],
            mine=[item for item in items if item.holder == person.id],
            invited=[item for item in items if item.case_id in invited],
            others=[item for item in items if item.holder not in (None, person.id) and item.case_id not in invited],
            over=over,
        )

    return routes
