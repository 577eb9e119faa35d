"""The language wall, and the three things that are on every page: change the language, ask for a person, finish.

The wall needs no database, so it stands even when nothing else does. Choosing a language there always begins a new
visit: whoever stands before the wall may be another person than the one who left without *Finish*.
"""

from typing import Annotated, Literal
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n.phrases import LABELS
from bot.model import Button
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.look import forget_look
from kiosk.public.places import CHAT, FINISH, WALL, places
from kiosk.public.visit import Visit
from kiosk.web.declared import SEE_OTHER, goes_on

log = structlog.get_logger()

Then = Literal["", "person"]
Left = Literal["", "erased", "kept", "phone", "closed"]
"""`closed`: the database was away, so nobody knows yet. The visit is over, and the sweeper ends it on the server."""


def wall_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()
    offered = [language.code for language in kiosk.service.registry.offered()]
    stays = places(kiosk.service.library)

    @routes.get("/")
    async def wall(request: Request, then: Then = "", left: Left = "") -> Response:
        in_visit = kiosk.visits.cookie.read(request) is not None
        response = kiosk.pages.page(
            "wall.html",
            kiosk.service.settings.default_language,
            then=then,
            place="/?then=person" if then else WALL,
            left=left,
            left_language=kiosk.service.registry.get(kiosk.language(request)),
            in_visit=in_visit,
        )
        if not in_visit:
            # Until now they were needed, to say in the person's language that everything is erased.
            kiosk.forget(response)
        return response

    @routes.post("/language", **goes_on())
    async def speak(
        request: Request,
        code: Annotated[str, Form(json_schema_extra={"enum": offered})],
        place: Annotated[str, Form()] = "",
        then: Annotated[Then, Form()] = "",
    ) -> Response:
        if code not in offered:
            raise HTTPException(422)
        async with kiosk.service.engine.begin() as db:
            visit = await kiosk.visits.current(db, request)
            if visit is not None and place in stays and await kiosk.visits.touch(db, visit):
                await kiosk.visits.speak(db, visit, code)
                response = see_other(place)
            else:
                visit = await _begin(kiosk, db, visit, code, then)
                response = see_other(CHAT)
                if left := kiosk.visits.cookie.read(request):
                    kiosk.forget_check(left)
                    forget_look(kiosk, response)
                kiosk.visits.cookie.write(response, visit.token)
        kiosk.remember_language(response, code)
        return response

    @routes.post("/person", **goes_on())
    async def person(request: Request, client_id: Annotated[UUID, Form()]) -> Response:
        async with kiosk.service.engine.begin() as db:
            visit = await kiosk.visits.current(db, request)
            if visit is None:
                # An interpreter can only be found for a language.
                return see_other("/?then=person")
            await _ask_for_person(kiosk, db, visit, client_id)
        kiosk.checks.drop(visit.token)
        return see_other(CHAT)

    @routes.get(FINISH, responses=NEEDS_VISIT)
    async def ask_before_leaving(request: Request, visit: Annotated[Visit, Depends(kiosk.visiting)]) -> Response:
        async with kiosk.service.engine.connect() as db:
            if not await kiosk.visits.waits_for_person(db, visit):
                return see_other(CHAT)
        return kiosk.pages.page("finish.html", kiosk.language(request, visit), place=FINISH)

    @routes.post(FINISH, responses=SEE_OTHER)
    async def finish(request: Request, sure: Annotated[bool, Form()] = False) -> Response:
        try:
            left = await _leave(kiosk, request, sure=sure)
        except (DBAPIError, PoolTimeoutError) as error:
            log.error("finish.database_failed", kind=type(error).__name__)
            left = "closed"
        if left is None:
            return see_other(FINISH)
        if token := kiosk.visits.cookie.read(request):
            kiosk.forget_check(token)
        response = see_other(f"/?left={left}" if left else "/")
        kiosk.visits.cookie.clear(response)
        forget_look(kiosk, response)
        # The cookie goes by name. `"cookies"` would also sign out staff who work on the same machine and forget which
        # machine this is; `"storage"` would take the service worker, without which the next person sees the browser's
        # own error when a line is cut. It keeps what is the same for everybody.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return routes


async def _leave(kiosk: Kiosk, request: Request, *, sure: bool) -> Left | None:
    """Where the visit ends, or None while the person must be asked first.

    That the bot called a person to somebody in danger is told to nobody beside them.
    """
    async with kiosk.service.engine.begin() as db:
        visit = await kiosk.visits.current(db, request)
        if visit is None:
            token = kiosk.visits.cookie.read(request)
            return "phone" if token is not None and await kiosk.visits.has_moved(db, token) else "erased"
        waits = await kiosk.visits.waits_for_person(db, visit)
        if waits and not sure:
            return None
        if await kiosk.visits.leave(db, visit):
            return "erased"
    return "kept" if waits else ""


async def _begin(kiosk: Kiosk, db: AsyncConnection, before: Visit | None, code: str, then: Then) -> Visit:
    if before is not None:
        await kiosk.visits.leave(db, before)
    visit = await kiosk.visits.begin(db, code)
    if then == "person":
        await _ask_for_person(kiosk, db, visit, uuid4())
    return visit


async def _ask_for_person(kiosk: Kiosk, db: AsyncConnection, visit: Visit, client_id: UUID) -> None:
    language = visit.language or kiosk.service.settings.default_language
    label = kiosk.service.catalogues.say(language, LABELS["person"])
    await kiosk.visits.press(db, visit, Button(label, key="handoff.open"), client_id)
