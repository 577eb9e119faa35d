"""What a kiosk's machine has to do with the door: its start address, and its heartbeat.

The start script opens the start address each time, because its browser remembers nothing. A kiosk that was opened
without it works; but the staff cannot see when it dies.
"""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from bot.storage.kiosks import START_PLACE, beat, find_kiosk
from kiosk.public.kiosk import Kiosk, see_other
from kiosk.web.declared import SEE_OTHER, failures

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def machine_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()

    @routes.get(f"{START_PLACE}/{{secret}}", responses=SEE_OTHER | failures(404))
    async def start(request: Request, secret: Annotated[str, Path(max_length=200)]) -> Response:
        """The kiosk with this secret begins its day at the wall; a technician sees when there is no such kiosk."""
        known = None
        if _SECRET.fullmatch(secret):
            async with kiosk.service.engine.connect() as db:
                known = await find_kiosk(db, secret)
        if known is None:
            return kiosk.pages.page("unknown-kiosk.html", kiosk.language(request), status=404)
        response = see_other("/")
        kiosk.devices.cookie.write(response, secret)
        return response

    @routes.post("/heartbeat", status_code=204, response_class=Response)
    async def heartbeat(request: Request) -> Response:
        """A page is alive. It says nothing else, and a browser that is no kiosk of the office is not noted."""
        secret = kiosk.devices.cookie.read(request)
        if secret is not None:
            async with kiosk.service.engine.begin() as db:
                await beat(db, secret)
        return Response(status_code=204)

    return routes
