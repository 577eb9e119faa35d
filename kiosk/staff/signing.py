"""Signing in with a name and a password, signing out, and the choice of the console's language.

What comes after a right password is said by `bot.cases.signing_in`; its pages are in `kiosk.staff.second_factor`.
"""

import re
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.cases import audit, holding, presence, sessions, signing_in
from bot.cases.model import Staff
from bot.cases.signing_in import Next, TooManyAttempts
from bot.i18n.catalogues import N_
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.staff.language import LANGUAGE_COOKIE, STAFF_LANGUAGES
from kiosk.web.declared import goes_on

log = structlog.get_logger()

WRONG: Final = N_("The name or the password is wrong.")
TOO_MANY: Final = N_("There were too many wrong passwords for this name. Please wait 15 minutes.")

# A page of this door and nothing else: a form must not become a way to send staff elsewhere.
_OWN_PATH: Final = re.compile(
    r"/(?:sign-in(?:/code)?|second-factor|staff/[a-z]+|figures|cases/[0-9a-f-]{36}(?:/translate)?)?"
)
_GO_ON: Final = {Next.DONE: "/", Next.OFFER: "/second-factor", Next.CODE: "/sign-in/code", Next.ENROL: "/second-factor"}
_YEAR_SECONDS: Final = 31_536_000


def signing_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()
    service = desk.service

    @routes.get("/sign-in")
    async def sign_in_page(request: Request) -> Response:
        return desk.page(request, "sign_in.html", problem=None, name="")

    @routes.post("/sign-in", **goes_on(401, 429))
    async def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=200)],
    ) -> Response:
        origin = request.client.host if request.client else ""
        required = service.settings.staff_second_factor == "required"
        try:
            step = await signing_in.with_password(
                service.engine, service.seal, name, password, origin, required=required
            )
        except TooManyAttempts:
            log.warning("staff.sign_in_paused")
            return desk.page(request, "sign_in.html", status=429, problem=TOO_MANY, name=name)
        if step is None:
            log.warning("staff.sign_in_refused")
            return desk.page(request, "sign_in.html", status=401, problem=WRONG, name=name)
        response = RedirectResponse(_GO_ON[step.next], 303)
        signed_in = step.next in (Next.DONE, Next.OFFER)
        (desk.cookie if signed_in else desk.half).write(response, step.token)
        return response

    @routes.post("/sign-out", **goes_on(401))
    async def sign_out(request: Request, person: Annotated[Staff, Depends(access.person)]) -> Response:
        async with service.engine.begin() as db:
            await sessions.sign_out(db, desk.cookie.read(request) or "")
            if not await presence.is_present(db, person.id):
                await holding.return_all(db, desk.voice, person)
            await audit.record(db, person.id, "sign-out", str(person.id))
        # Drafts are kept in the tab's storage: they leave with their writer.
        response = RedirectResponse("/sign-in", 303, headers={"Clear-Site-Data": '"storage"'})
        desk.cookie.clear(response)
        return response

    @routes.post("/language", **goes_on())
    async def choose_language(code: Annotated[str, Form()], to: Annotated[str, Form()] = "/") -> Response:
        response = RedirectResponse(to if _OWN_PATH.fullmatch(to) else "/", 303)
        if code in STAFF_LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE,
                code,
                max_age=_YEAR_SECONDS,
                secure=service.settings.https,
                httponly=True,
                samesite="strict",
            )
        return response

    return routes
