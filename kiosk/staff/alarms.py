"""The banner above the queue while somebody seems to be trying out numbers, and the officer's "seen"."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from bot.caseapi.alarms import Alarm
from bot.cases.alarms import mark_seen
from bot.cases.model import Staff
from bot.i18n.catalogues import N_
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk

HAPPENING: Final = {
    Alarm.RANGE: N_("Somebody is trying one number after another."),
    Alarm.FAILURES: N_("Many more checks fail than usual."),
    Alarm.PERSISTENCE: N_("Somebody goes on trying after the limit."),
}
"""What happens in the check of appointments and permits, for people who know no technical words."""

_LARGEST_ID: Final = 2**63 - 1


def alarm_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/alarms")

    @routes.post("/{alarm_id}/seen")
    async def seen(
        alarm_id: Annotated[int, Path(ge=1, le=_LARGEST_ID)], person: Annotated[Staff, Depends(access.person)]
    ) -> Response:
        async with desk.service.engine.begin() as db:
            await mark_seen(db, alarm_id, person)
        return RedirectResponse("/", 303)

    return routes
