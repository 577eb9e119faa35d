"""The pages around the second factor: its code at sign-in, and setting it up with a picture, a key and one code.

Setting up is open to a session, and to half a sign-in where the office asks for a second factor. A factor that is on is
never replaced here: a lost phone is a matter for the machine (`python -m bot staff reset-second-factor`).
"""

from dataclasses import dataclass
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.cases import second_factor, signing_in
from bot.cases.model import Staff
from bot.cases.signing_in import TooManyAttempts
from bot.i18n.catalogues import N_
from bot.printing.codes import code as picture_of
from kiosk.staff.access import NEEDS_SESSION, Access, SignInFirst
from kiosk.staff.desk import Desk
from kiosk.web.declared import goes_on

log = structlog.get_logger()

WRONG_CODE: Final = N_("The code is wrong, or it was used before. Please wait for the next code.")
TOO_MANY_CODES: Final = N_("There were too many wrong codes. Please wait 15 minutes.")

Code = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Who sets up a second factor. `half` is the token of a sign-in that waits for it, None within a session."""

    person: Staff
    half: str | None


def second_factor_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(responses=NEEDS_SESSION)
    service = desk.service

    async def half(request: Request) -> Enrolling:
        token = desk.half.read(request)
        if token is not None:
            async with service.engine.connect() as db:
                person = await signing_in.half_signed_in(db, token)
            if person is not None:
                return Enrolling(person, token)
        raise SignInFirst

    async def enrolling(request: Request) -> Enrolling:
        try:
            return await half(request)
        except SignInFirst:
            return Enrolling(await access.person(request), None)

    @routes.get("/sign-in/code")
    async def code_page(request: Request, _: Annotated[Enrolling, Depends(half)]) -> Response:
        return desk.page(request, "sign_in_code.html", problem=None)

    @routes.post("/sign-in/code", **goes_on(401, 429))
    async def give_code(request: Request, one: Annotated[Enrolling, Depends(half)], code: Code) -> Response:
        origin = request.client.host if request.client else ""
        try:
            token = await signing_in.with_code(service.engine, service.seal, one.half or "", one.person, code, origin)
        except TooManyAttempts:
            log.warning("staff.code_paused")
            return desk.page(request, "sign_in_code.html", status=429, problem=TOO_MANY_CODES)
        if token is None:
            log.warning("staff.code_refused")
            return desk.page(request, "sign_in_code.html", status=401, problem=WRONG_CODE)
        response = RedirectResponse("/", 303)
        desk.half.clear(response)
        desk.cookie.write(response, token)
        return response

    @routes.get("/second-factor")
    async def set_up_page(request: Request, one: Annotated[Enrolling, Depends(enrolling)]) -> Response:
        return await set_up(request, one)

    @routes.post("/second-factor")
    async def confirm(request: Request, one: Annotated[Enrolling, Depends(enrolling)], code: Code) -> Response:
        """Shows the recovery codes itself: only their hashes are stored, so no other page could."""
        async with service.engine.begin() as db:
            codes = await second_factor.confirm(db, service.seal, one.person.id, code)
            token = await signing_in.finish(db, one.half) if codes and one.half else None
        if codes is None:
            return await set_up(request, one, status=401, problem=WRONG_CODE)
        response = desk.page(request, "recovery_codes.html", codes=codes)
        if token is not None:
            desk.half.clear(response)
            desk.cookie.write(response, token)
        return response

    async def set_up(request: Request, one: Enrolling, *, status: int = 200, problem: str | None = None) -> Response:
        in_session = one.person if one.half is None else None
        async with service.engine.connect() as db:
            found = await second_factor.enrolment(db, service.seal, one.person.id, one.person.name)
            left = await second_factor.codes_left(db, one.person.id)
        if found is not None:
            return desk.page(
                request,
                "second_factor.html",
                status=status,
                person=in_session,
                picture=picture_of(found.address),
                key=found.key,
                may_wait=in_session is not None,
                problem=problem,
            )
        if in_session is None:
            raise SignInFirst
        return desk.page(request, "second_factor_on.html", person=in_session, left=left)

    return routes
