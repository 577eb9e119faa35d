"""The first page: who waits, in which language, for how long, who has which case; above it, what is wrong."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.cases.alarms import open_alarms
from bot.cases.model import Role, Staff
from bot.cases.queue import queue
from kiosk.staff.access import Access
from kiosk.staff.alarms import HAPPENING
from kiosk.staff.desk import Desk


def queue_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()

    @routes.get("/")
    async def queue_page(request: Request, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with desk.service.engine.connect() as db:
            items = await queue(db, person)
            alarms = await open_alarms(db)
        return desk.page(
            request,
            "queue.html",
            person=person,
            alarms=alarms,
            happening=HAPPENING,
            may_mark_seen=person.role is Role.OFFICER,
            waiting=[item for item in items if item.state.in_queue],
            mine=[item for item in items if item.holder == person.id],
            others=[item for item in items if item.holder not in (None, person.id)],
        )

    return routes
