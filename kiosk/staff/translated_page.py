"""A message in Turkish and what a machine makes of it, for the person who wrote it to look at before it is sent.

Nothing is sent from here: the page's button is the reply of `thread_page`, with both texts.
"""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.cases import audit
from bot.cases.model import MOST_CHARACTERS, Staff, UnfitMessage
from bot.cases.thread import thread
from bot.cases.translations import OFFICE_LANGUAGE
from bot.errors import TranslationError
from bot.i18n.catalogues import N_
from bot.translation.guard import Doubt, DoubtKind, compare
from bot.translation.model import NotTranslatable, NoWay, TooSlow
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.staff.refusals import Refusals
from kiosk.web.declared import failures, goes_on

REASONS: Final[dict[type[TranslationError], str]] = {
    NoWay: N_("There is no machine translation into this language."),
    TooSlow: N_("The machine translation took too long. Please try it again, or ask an interpreter."),
    NotTranslatable: N_("The machine could not translate this text. Please write shorter sentences."),
}

DOUBTS: Final = {
    DoubtKind.NUMBER: N_("A number is different"),
    DoubtKind.DATE: N_("A date or a time is different"),
    DoubtKind.PHONE: N_("A phone number is different"),
    DoubtKind.NAME: N_("A name, an address or a code is missing"),
    DoubtKind.NEGATION: N_("“Not” is on one side only"),
    DoubtKind.PERSON: N_("Who is meant is different (I, you, we)"),
}


def translated_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter(prefix="/cases/{case_id}", responses=failures(404, 409))
    service = desk.service
    Person = Annotated[Staff, Depends(access.person)]  # noqa: N806 - a type

    @routes.post("/translate")
    async def translate(
        request: Request,
        case_id: UUID,
        person: Person,
        text: Annotated[str, Form(max_length=4 * MOST_CHARACTERS)] = "",
    ) -> Response:
        words = text.replace("\r\n", "\n").strip()
        if not words or len(words) > MOST_CHARACTERS:
            return Refusals(desk).with_text(request, UnfitMessage(), text)
        async with service.engine.begin() as db:
            case = (await thread(db, service.seal, case_id, person)).case
            await audit.record(db, person.id, "case.translate", str(case_id))
        translation, reason = "", ""
        doubts: tuple[Doubt, ...] = ()
        try:
            translation = await desk.translator.translate(words, OFFICE_LANGUAGE, case.language)
            doubts = await asyncio.to_thread(compare, words, OFFICE_LANGUAGE, translation, case.language)
        except TranslationError as error:
            reason = next(said for kind, said in REASONS.items() if isinstance(error, kind))
        return desk.page(
            request,
            "translated.html",
            person=person,
            case=case,
            original=words,
            translation=translation,
            reason=reason,
            doubts=[(DOUBTS[doubt.kind], doubt) for doubt in doubts],
            office_language=OFFICE_LANGUAGE,
        )

    @routes.get("/translate", **goes_on())
    async def back(case_id: UUID, person: Person) -> Response:
        """Who comes without a text, as after a change of the page's language, goes back to where it is written."""
        async with service.engine.connect() as db:
            await thread(db, service.seal, case_id, person)
        return RedirectResponse(f"/cases/{case_id}", 303)

    return routes
