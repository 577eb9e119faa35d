"""Who is at the console: the session behind the cookie.

`Access.person` is the dependency that every guarded route has. A request that a page makes by itself (its event stream,
its refreshing) shows that a console is open, not that somebody is at it.
"""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.cases import sessions
from bot.cases.model import Staff
from bot.errors import RehberError
from kiosk.staff.desk import Desk
from kiosk.web.declared import SEE_OTHER, failures

REFRESH_HEADER: Final = "live-refresh"
"""Set by the console's script when it fetches a page again because of news."""

NEEDS_SESSION: Final = {**SEE_OTHER, **failures(401)}
"""What guarded routes declare: without a session, a page leads to the sign-in, and what asks by itself is refused."""


class SignInFirst(RehberError):  # noqa: N818 - an instruction, not a failure
    """Somebody without a session opened a page: they are shown the sign-in page."""


def is_refresh(request: Request) -> bool:
    """Whether the page asks by itself."""
    return REFRESH_HEADER in request.headers or "text/event-stream" in request.headers.get("accept", "")


class Access:
    """Finds the person behind a request, or turns it away."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def person(self, request: Request) -> Staff:
        """The person whose session the request carries.

        Raises SignInFirst for a page, HTTPException 401 for what a page asks for by itself.
        """
        token = self._desk.cookie.read(request)
        if token is not None:
            async with self._desk.service.engine.begin() as db:
                person = await sessions.resume(db, token, acted=not is_refresh(request))
            if person is not None:
                return person
        if is_refresh(request):
            raise HTTPException(401)
        raise SignInFirst

    async def ask_to_sign_in(self, request: Request, _: Exception) -> Response:
        response = RedirectResponse("/sign-in", 303)
        self._desk.cookie.clear(response)
        return response
