"""The page of one case, and everything that can be done with it. Every view and every act leaves an audit row."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from bot.cases import audit, work
from bot.cases.model import MOST_CHARACTERS, Outcome, Staff
from bot.cases.thread import thread
from bot.cases.translations import OFFICE_LANGUAGE
from bot.errors import CaseError
from kiosk.staff.access import Access, is_refresh
from kiosk.staff.desk import Desk
from kiosk.staff.hands_page import Hands
from kiosk.staff.refusals import Refusals
from kiosk.web.declared import failures, goes_on

# A form that arrives longer than this was not made by our page; the exact limit is the domain's.
_MOST_FORM_CHARACTERS: Final = 4 * MOST_CHARACTERS

Words = Annotated[str, Form(max_length=_MOST_FORM_CHARACTERS)]


def thread_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/cases/{case_id}", responses=failures(404, 409))
    service = desk.service
    refusals = Refusals(desk)
    Person = Annotated[Staff, Depends(access.person)]  # noqa: N806 - a type

    @routes.get("")
    async def thread_page(request: Request, case_id: UUID, person: Person, done: str = "") -> Response:
        async with service.engine.begin() as db:
            read = await thread(db, service.seal, case_id, person)
            hands = await Hands.on(db, read.case, person)
            await audit.record_view(db, person.id, "case.view", str(case_id), again=is_refresh(request))
        language = read.case.language
        return desk.page(
            request,
            "thread.html",
            person=person,
            thread=read,
            case=read.case,
            hands=hands,
            done=done,
            office_language=OFFICE_LANGUAGE,
            understands=desk.translator.leads(language, OFFICE_LANGUAGE),
            speaks=desk.translator.leads(OFFICE_LANGUAGE, language),
        )

    @routes.post("/claim", **goes_on())
    async def claim(case_id: UUID, person: Person) -> Response:
        async with service.engine.begin() as db:
            await work.claim(db, service.seal, case_id, person)
            await _written(db, person, "case.claim", case_id)
        return _to_case(case_id)

    @routes.post("/reply", **goes_on())
    async def reply(
        request: Request, case_id: UUID, person: Person, text: Words = "", translation: Words = ""
    ) -> Response:
        try:
            async with service.engine.begin() as db:
                await work.reply(db, desk.voice, case_id, person, text, translation=translation)
                await _written(db, person, "case.reply", case_id)
        except CaseError as error:
            return refusals.with_text(request, error, text)
        return _to_case(case_id, done="reply")

    @routes.post("/note", **goes_on())
    async def note(request: Request, case_id: UUID, person: Person, text: Words = "") -> Response:
        try:
            async with service.engine.begin() as db:
                await work.add_note(db, service.seal, case_id, person, text)
                await _written(db, person, "case.note", case_id)
        except CaseError as error:
            return refusals.with_text(request, error, text)
        return _to_case(case_id, done="note")

    @routes.post("/return", **goes_on())
    async def give_back(case_id: UUID, person: Person) -> Response:
        async with service.engine.begin() as db:
            await work.return_to_queue(db, desk.voice, case_id, person)
            await _written(db, person, "case.return", case_id)
        return RedirectResponse("/", 303)

    @routes.post("/close", **goes_on())
    async def close(case_id: UUID, person: Person, outcome: Annotated[Outcome, Form()]) -> Response:
        async with service.engine.begin() as db:
            await work.close(db, desk.voice, case_id, person, outcome)
            await _written(db, person, "case.close", case_id)
        return RedirectResponse("/", 303)

    return routes


async def _written(db: AsyncConnection, person: Staff, act: str, case_id: UUID) -> None:
    await audit.record(db, person.id, act, str(case_id))


def _to_case(case_id: UUID, done: str = "") -> Response:
    return RedirectResponse(f"/cases/{case_id}" + (f"?done={done}" if done else ""), 303)
