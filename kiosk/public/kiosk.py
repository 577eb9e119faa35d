"""What the pages of the kiosk share: the service, its visits, its streams, and which language a request is in."""

from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.bootstrap import Service
from bot.caseapi.verification import Verification
from kiosk.public.device import Devices
from kiosk.public.open_checks import OpenChecks
from kiosk.public.phone_answers import PhoneAnswers
from kiosk.public.streams import Streams
from kiosk.public.visit import Visit, Visits
from kiosk.web.declared import SEE_OTHER, failures
from kiosk.web.pages import Pages

LANGUAGE_COOKIE: Final = "rehber_language"
"""Repeats the language of the visit for pages that must do without the database (the wall, error pages), and for the
service worker, which must do without the server: a script may read it, and it names no person."""

CARRIED_COOKIE: Final = "rehber_carried"
"""The key to words that a page carries to the next one: see `static/carried.js`. The server never reads it."""

COOKIES_OF_A_VISIT: Final = (LANGUAGE_COOKIE, CARRIED_COOKIE)
"""What the wall takes away once the visit is over. The cookie that names the visit goes with *Finish*; one that names
the machine stays."""

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
    phones: PhoneAnswers
    verification: Verification
    devices: Devices

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
            httponly=False,
            samesite="strict",
        )

    def forget_check(self, token: str) -> None:
        """The visit is over: what was typed and answered goes, but for what its person has on the own phone."""
        self.checks.drop(token)
        self.phones.end(token)

    async def present(self, request: Request) -> Visit | None:
        """The visit of the request, or None."""
        async with self.service.engine.connect() as db:
            return await self.visits.current(db, request)

    async def visiting(self, request: Request) -> Visit:
        """The visit of the request, which is a touch of the person: what a page asks by itself uses `present`.

        Without a visit a page leads to the wall, and anything else is refused with 401.
        """
        async with self.service.engine.begin() as db:
            visit = await self.visits.current(db, request)
            if visit is None or not await self.visits.touch(db, visit):
                raise self.turned_away(request)
        return visit

    def turned_away(self, request: Request) -> HTTPException:
        """To the wall where a page was asked for, without the cookie of a visit that is over; else refused.

        What a script asks for takes no cookie away: the person may have begun a new visit meanwhile.
        """
        if "text/html" not in request.headers.get("accept", ""):
            return HTTPException(401)
        to_wall = see_other("/")
        if self.visits.cookie.read(request) is not None:
            self.visits.cookie.clear(to_wall)
        return HTTPException(303, headers=dict(to_wall.headers))

    def forget(self, response: Response) -> None:
        """Take away what the browser keeps of a visit that is over."""
        for name in COOKIES_OF_A_VISIT:
            response.delete_cookie(name, path="/", secure=self.service.settings.https, httponly=True, samesite="strict")

    def reading(self, request: Request) -> str:
        """The language of a page that says the same to everybody, and asks no database.

        Its visit must have begun all the same: who goes back after *Finish* shall not see what the last person read.
        """
        if self.visits.cookie.read(request) is None:
            raise self.turned_away(request)
        return self.language(request)


def see_other(place: str) -> RedirectResponse:
    """Go on with a page after a form, so that opening it again sends nothing again."""
    return RedirectResponse(place, status_code=303)
