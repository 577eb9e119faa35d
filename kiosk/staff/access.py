"""Who is at the console: the session behind the cookie.

`Access.person` is the dependency that every guarded route has; `Access.may` asks for a right of the person's role
besides (`bot.cases.rights`), and `kiosk.staff.app` includes no routes without saying which. A request that a page makes
by itself (its event stream, its refreshing) shows that a console is open, not that somebody is at it.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.cases import sessions
from bot.cases.model import Staff
from bot.cases.rights import Right
from bot.errors import RehberError
from bot.i18n.catalogues import N_
from kiosk.staff.desk import Desk
from kiosk.staff.menu import home_of
from kiosk.web.declared import SEE_OTHER, failures

REFRESH_HEADER: Final = "live-refresh"
"""Set by the console's script when it fetches a page again because of news."""

NEEDS_SESSION: Final = {**SEE_OTHER, **failures(401)}
"""What guarded routes declare: without a session, a page leads to the sign-in, and what asks by itself is refused."""


class SignInFirst(RehberError):  # noqa: N818 - an instruction, not a failure
    """Somebody without a session opened a page: they are shown the sign-in page."""


class NotForRole(RehberError):  # noqa: N818 - says what is the case
    """Somebody is signed in, and their role has not the right that the route needs."""

    def __init__(self, person: Staff) -> None:
        super().__init__("The account has no right to this.")
        self.person = person


_NOT_FOR_ROLE: Final = N_("Your account has no right to this page.")


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

    def may(self, right: Right) -> Callable[..., Awaitable[Staff]]:
        """The dependency of routes that need a right. Raises NotForRole, before anything is looked up."""

        async def allowed(person: Annotated[Staff, Depends(self.person)]) -> Staff:
            if not person.may(right):
                raise NotForRole(person)
            return person

        return allowed

    async def turn_away(self, request: Request, error: Exception) -> Response:
        """403; whoever only opened the console goes on to the first page of their own."""
        assert isinstance(error, NotForRole)  # noqa: S101 - narrows what Starlette types as Exception
        if request.url.path == "/" and not is_refresh(request):
            return RedirectResponse(home_of(error.person), 303)
        return self._desk.page(request, "not_for_role.html", status=403, reason=_NOT_FOR_ROLE)

    async def ask_to_sign_in(self, request: Request, _: Exception) -> Response:
        response = RedirectResponse("/sign-in", 303)
        self._desk.cookie.clear(response)
        return response
