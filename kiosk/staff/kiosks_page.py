"""The office's kiosks in words: which are alive, which are silent and since when, which were never started."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.cases.model import Staff
from bot.i18n.catalogues import N_
from bot.storage.kiosks import Sign, all_kiosks
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk

SIGNS: Final = {
    Sign.NOT_SEEN: N_("Not seen yet"),
    Sign.ALIVE: N_("Works"),
    Sign.SILENT: N_("Silent since {time}"),
}


def kiosks_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()

    @routes.get("/staff/kiosks")
    async def kiosks_page(request: Request, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with desk.service.engine.connect() as db:
            kiosks = await all_kiosks(db)
        return desk.page(request, "kiosks.html", person=person, kiosks=kiosks, signs=SIGNS)

    return routes
