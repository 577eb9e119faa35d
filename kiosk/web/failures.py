"""Error pages: what happened and what to do, in the person's language, never a number alone.

A request for JSON gets the same two sentences as JSON. Nothing of the failed request is repeated in the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.i18n.catalogues import N_, Catalogues
from kiosk.web.headers import SECURITY_HEADERS
from kiosk.web.pages import Pages

log = structlog.get_logger()

LanguageOf = Callable[[Request], str]
"""The language of a person without asking the database, which may be what has failed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened, and what to do now (English message ids)."""

    happened: str
    remedy: str


_NOT_FOUND: Final = Failure(N_("This page does not exist."), N_("Please go back to the start."))
_INVALID: Final = Failure(N_("We could not read what was sent."), N_("Please go back and try again."))
_DEFECT: Final = Failure(
    N_("Something went wrong on our side. It is not your mistake."), N_("Please try again, or ask at the desk.")
)

FAILURES: Final = {
    400: _INVALID,
    401: Failure(N_("You are not signed in."), N_("Please sign in.")),
    403: Failure(N_("This is not allowed from here."), N_("Please go back to the start and try again.")),
    404: _NOT_FOUND,
    405: _NOT_FOUND,
    409: Failure(N_("This has changed in the meantime."), N_("Please look at it again.")),
    413: Failure(N_("This text is too long."), N_("Please write less.")),
    422: _INVALID,
    429: Failure(N_("There were too many tries."), N_("Please wait a little and try again.")),
    500: _DEFECT,
    503: Failure(N_("The service cannot answer at the moment."), N_("Please try again soon, or ask at the desk.")),
}


class Failures:
    """Makes error pages for one door and registers itself for everything that can go wrong there."""

    def __init__(self, pages: Pages, catalogues: Catalogues, language_of: LanguageOf) -> None:
        self._pages = pages
        self._catalogues = catalogues
        self._language_of = language_of

    def register(self, app: FastAPI) -> None:
        """Handle HTTP errors, invalid requests, an absent database and defects of `app`."""
        app.add_exception_handler(HTTPException, self._http)
        app.add_exception_handler(RequestValidationError, self._invalid)
        app.add_exception_handler(DBAPIError, self._no_database)
        app.add_exception_handler(PoolTimeoutError, self._no_database)
        app.add_exception_handler(Exception, self._defect)

    async def page(self, request: Request, status: int) -> Response:
        """The error page, or its JSON, for a status."""
        failure = FAILURES.get(status, _DEFECT if status >= 500 else _INVALID)
        language = self._language_of(request)
        if "application/json" in request.headers.get("accept", ""):
            say = self._catalogues.gettext(language)
            return JSONResponse({"happened": say(failure.happened), "remedy": say(failure.remedy)}, status)
        return self._pages.page("error.html", language, status=status, failure=failure)

    async def _http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - narrows what Starlette types as Exception
        if error.status_code < 400:
            # The way to another page is no failure, and needs no words.
            return Response(status_code=error.status_code, headers=error.headers)
        response = await self.page(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def _invalid(self, request: Request, _: Exception) -> Response:
        return await self.page(request, 422)

    async def _no_database(self, request: Request, error: Exception) -> Response:
        log.error("door.database_failed", kind=type(error).__name__)
        return await self.page(request, 503)

    async def _defect(self, request: Request, _: Exception) -> Response:
        response = await self.page(request, 500)
        # This handler stands outside the middleware that sets them.
        response.headers.update(SECURITY_HEADERS)
        return response
