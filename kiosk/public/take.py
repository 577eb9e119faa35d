"""Take it with me: codes for a phone, and a slip, of one topic; and the topic's paper for whoever has scanned its code.

All of it is public text. The paper is for phones, so it needs no visit: it says the same to everybody. The kiosk's own
browser opens no file.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Path
from starlette.responses import Response

from bot.errors import PrintingError
from bot.hub.leaflet_page import MEDIA_TYPE, file_name
from bot.hub.leaflets import Leaflets
from bot.hub.render import renderer
from bot.hub.topic_leaflet import telegram_code
from bot.hub.topic_page import INFORMATION_LINE
from bot.hub.topic_sheet import topic_sheet
from bot.i18n.bidi import isolate
from bot.printing.codes import Code, code
from bot.printing.printer import PrinterPlace
from bot.printing.typeset import can_set
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.places import TAKE, TOPIC, paper_place, take_place, topic_place
from kiosk.public.slips import Outcome, Slips
from kiosk.public.visit import CHANNEL, Visit
from kiosk.web.declared import Declared, failures, goes_on

_PAPER: Final[Declared] = {
    200: {"description": "The paper", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    **failures(404, 503),
}


def take_routes(kiosk: Kiosk) -> APIRouter:
    """The routes. Raises SettingsError when the printer's setting names none."""
    routes = APIRouter()
    library, settings = kiosk.service.library, kiosk.service.settings
    leaflets = Leaflets(kiosk.service)
    printer = PrinterPlace.read(settings.slip_printer) if settings.slip_printer else None
    slips = Slips(leaflets, printer if can_set() else None)
    offered = [language.code for language in kiosk.service.registry.offered()]
    read_in = Annotated[str, Depends(kiosk.reading)]
    in_visit = Annotated[Visit, Depends(kiosk.visiting)]
    topic_slug = Annotated[str, Path(json_schema_extra={"enum": list(library.slugs)})]
    offered_code = Annotated[str, Path(json_schema_extra={"enum": offered})]

    @routes.get(TOPIC + "/{slug}/" + TAKE, responses={**NEEDS_VISIT, **failures(404)})
    async def take(language: read_in, slug: topic_slug, slip: Outcome | None = None) -> Response:
        if slug not in library.topics:
            raise HTTPException(404)
        words = renderer(kiosk.service, CHANNEL, language)
        return kiosk.pages.page(
            "take.html",
            words.language,
            sheet=topic_sheet(words, slug),
            picture=library.pictures.topics[slug],
            topic_place=topic_place(slug),
            telegram=telegram_code(kiosk.service, slug, language),
            paper=_paper_code(kiosk, slug, language),
            two_languages=language != library.languages.source.code,
            prints=slips.offered,
            told=slip,
            phone=isolate(INFORMATION_LINE, "rtl"),
            place=take_place(slug),
        )

    @routes.post(TOPIC + "/{slug}/slip", **goes_on(401, 404))
    async def print_slip(visit: in_visit, slug: topic_slug) -> Response:
        if slug not in library.topics:
            raise HTTPException(404)
        language = kiosk.pages.language_or_default(visit.language)
        outcome = await slips.print(visit.conversation_id, slug, language)
        return see_other(f"{take_place(slug)}?slip={outcome.value}")

    @routes.get(paper_place("{slug}", "{language}"), response_class=Response, responses=_PAPER)
    async def paper(slug: topic_slug, language: offered_code) -> Response:
        if slug not in library.topics or language not in offered:
            raise HTTPException(404)
        try:
            made = await leaflets.pdf(slug, language)
        except PrintingError:
            raise HTTPException(503) from None
        name = file_name(slug, language)
        return Response(made, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{name}"'})

    return routes


def can_be_taken(kiosk: Kiosk) -> bool:
    """Whether there is any way to take a topic along: without one nothing is offered."""
    settings = kiosk.service.settings
    return bool(settings.telegram_bot_name or (can_set() and (settings.public_url or settings.slip_printer)))


def _paper_code(kiosk: Kiosk, slug: str, language: str) -> Code | None:
    address = kiosk.service.settings.public_url.rstrip("/")
    return code(f"{address}{paper_place(slug, language)}") if address and can_set() else None
