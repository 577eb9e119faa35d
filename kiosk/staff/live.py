"""The event stream of a console, and its sign that somebody is at it. Events carry ids; pages fetch what they show."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from bot.cases import sessions
from bot.cases.model import Staff
from bot.cases.rights import Right
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.staff.news import ANY_CASE

SIGN_OF_LIFE_SECONDS: Final = 4.0
"""How often an open stream marks its session as seen, and how late it notices that the session was ended."""


def live_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()

    @routes.get("/live", response_class=EventSourceResponse)
    async def live(
        request: Request, person: Annotated[Staff, Depends(access.person)]
    ) -> AsyncIterator[ServerSentEvent]:
        """`ready` once nothing can be missed any more, `case` for each change, `open-still`, at last `signed-out`."""
        token = desk.cookie.read(request) or ""
        with desk.news.reader() as reader:
            yield ServerSentEvent(event="ready", data={}, retry=1000)
            while await _still_open(desk, token):
                changed = await reader.next(SIGN_OF_LIFE_SECONDS)
                # Who may see no case is told that something has changed, and not what.
                for case_id in changed if person.may(Right.CASES) else [ANY_CASE][: len(changed)]:
                    yield ServerSentEvent(event="case", data={"case": case_id})
                # Without anything to write, neither side would notice a line that is dead.
                yield ServerSentEvent(event="open-still", data={})
        yield ServerSentEvent(event="signed-out", data={})

    @routes.post("/here", status_code=204, response_class=Response)
    async def here() -> Response:
        """Somebody moved or typed: the guard in front of this route has marked it."""
        return Response(status_code=204)

    return routes


async def _still_open(desk: Desk, token: str) -> bool:
    async with desk.service.engine.begin() as db:
        return await sessions.resume(db, token, acted=False) is not None
