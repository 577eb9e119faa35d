"""The language wall, and the three things that are on every page: change the language, ask for a person, finish.

The wall needs no database, so it stands even when nothing else does. Choosing a language there always begins a new
visit: whoever stands before the wall may be another person than the one who left without *Finish*.
"""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, HTTPException
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n.phrases import LABELS
from bot.model import Button
from kiosk.public.kiosk import Kiosk, see_other
from kiosk.public.places import CHAT, places
from kiosk.public.visit import Visit
from kiosk.web.declared import SEE_OTHER, goes_on

Then = Literal["", "person"]
Left = Literal["", "erased", "kept"]


def wall_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()
    offered = [language.code for language in kiosk.service.registry.offered()]
    stays = places(kiosk.service.library)

    @routes.get("/")
    async def wall(request: Request, then: Then = "", left: Left = "") -> Response:
        return kiosk.pages.page(
            "wall.html",
            kiosk.service.settings.default_language,
            then=then,
            left=left,
            left_language=kiosk.service.registry.get(kiosk.language(request)),
            in_visit=kiosk.visits.cookie.read(request) is not None,
        )

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
            if visit is not None and place in stays:
                await kiosk.visits.speak(db, visit, code)
                response = see_other(place)
            else:
                visit = await _begin(kiosk, db, visit, code, then)
                response = see_other(CHAT)
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

    @routes.post("/finish", responses=SEE_OTHER)
    async def finish(request: Request, sure: Annotated[bool, Form()] = False) -> Response:
        async with kiosk.service.engine.begin() as db:
            visit = await kiosk.visits.current(db, request)
            language = kiosk.language(request, visit)
            waits = visit is not None and await kiosk.visits.waits_for_person(db, visit)
            if waits and not sure:
                return kiosk.pages.page("finish.html", language, place=CHAT)
            erased = visit is None or await kiosk.visits.leave(db, visit)
        if visit is not None:
            kiosk.checks.drop(visit.token)
        response = see_other(_wall_after(erased=erased, waits=waits))
        kiosk.visits.cookie.clear(response)
        # The cookie goes by name. `"cookies"` would also sign out staff who work on the same machine.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return routes


def _wall_after(*, erased: bool, waits: bool) -> str:
    """Where a visit ends. That the bot called a person to somebody in danger is told to nobody beside them."""
    if erased:
        return "/?left=erased"
    return "/?left=kept" if waits else "/"


async def _begin(kiosk: Kiosk, db: AsyncConnection, before: Visit | None, code: str, then: Then) -> Visit:
    if before is not None:
        await kiosk.visits.leave(db, before)
        kiosk.checks.drop(before.token)
    visit = await kiosk.visits.begin(db, code)
    if then == "person":
        await _ask_for_person(kiosk, db, visit, uuid4())
    return visit


async def _ask_for_person(kiosk: Kiosk, db: AsyncConnection, visit: Visit, client_id: UUID) -> None:
    language = visit.language or kiosk.service.settings.default_language
    label = kiosk.service.catalogues.say(language, LABELS["person"])
    await kiosk.visits.press(db, visit, Button(label, key="handoff.open"), client_id)
