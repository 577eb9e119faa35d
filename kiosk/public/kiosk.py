"""What the pages of the kiosk share: the service, its visits, its streams, and which language a request is in."""

from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.bootstrap import Service
from bot.caseapi.verification import Verification
from kiosk.public.open_checks import OpenChecks
from kiosk.public.streams import Streams
from kiosk.public.visit import Visit, Visits
from kiosk.web.declared import SEE_OTHER, failures
from kiosk.web.pages import Pages

LANGUAGE_COOKIE: Final = "rehber_language"
"""Repeats the language of the visit for pages that must do without the database: the wall and error pages."""

NEEDS_VISIT: Final = {**SEE_OTHER, **failures(401)}
"""What routes of a visit declare: without one, a page leads to the wall and anything else is refused."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One for a process."""

    service: Service
    pages: Pages
    visits: Visits
    streams: Streams
    checks: OpenChecks
    verification: Verification

    def language(self, request: Request, visit: Visit | None = None) -> str:
        """The language of the page: of the visit, else of the cookie, else the default."""
        chosen = visit.language if visit else None
        return self.pages.language_or_default(chosen or request.cookies.get(LANGUAGE_COOKIE))

    def remember_language(self, response: Response, language: str) -> None:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            path="/",
            secure=self.service.settings.https,
            httponly=True,
            samesite="strict",
        )

    async def present(self, request: Request) -> Visit | None:
        """The visit of the request, or None."""
        async with self.service.engine.connect() as db:
            return await self.visits.current(db, request)

    async def visiting(self, request: Request) -> Visit:
        """The visit of the request. Without one a page leads to the wall, and anything else is refused with 401."""
        visit = await self.present(request)
        if visit is None:
            raise _turned_away(request)
        return visit

    def reading(self, request: Request) -> str:
        """The language of a page that says the same to everybody, and asks no database.

        Its visit must have begun all the same: who goes back after *Finish* shall not see what the last person read.
        """
        if self.visits.cookie.read(request) is None:
            raise _turned_away(request)
        return self.language(request)


def _turned_away(request: Request) -> HTTPException:
    """To the wall where a page was asked for; anything else is refused."""
    if "text/html" in request.headers.get("accept", ""):
        return HTTPException(303, headers={"Location": "/"})
    return HTTPException(401)


def see_other(place: str) -> RedirectResponse:
    """Go on with a page after a form, so that opening it again sends nothing again."""
    return RedirectResponse(place, status_code=303)
