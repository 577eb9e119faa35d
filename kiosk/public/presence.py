"""Where a page tells that somebody still uses it: `POST /here`, answered with nothing.

Many pages are read for minutes without asking the server for anything; without this, who reads would be taken for
gone. A page tells it after a touch and never by itself: the page of somebody who has left must not keep itself open.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from kiosk.public.kiosk import NEEDS_VISIT, Kiosk
from kiosk.public.visit import Visit

HERE: Final = "/here"


def presence_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()

    @routes.post(HERE, status_code=204, response_class=Response, responses=NEEDS_VISIT)
    async def here(_: Annotated[Visit, Depends(kiosk.visiting)]) -> Response:
        return Response(status_code=204)

    return routes
