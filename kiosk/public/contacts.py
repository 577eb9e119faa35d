"""Where and when the office can be reached, and the lines that help: one page, the same for everybody.

What the office did not tell in its settings is not shown. `kiosk.public.offline` shows the same without a server.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bot.hub.render import renderer
from bot.i18n.formats import format_weekday
from bot.office_hours import Opening, parse_hours
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk
from kiosk.public.places import CONTACTS
from kiosk.public.visit import CHANNEL


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday's name and its hours, written `08:30–12:30`; none on a day on which the office is closed."""

    name: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A phone line and whose it is."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """What the office tells of itself, empty where it tells nothing, and the lines that everybody can call."""

    address: str
    phone: str
    week: tuple[Day, ...]
    lines: tuple[Line, ...]


def contacts_in(kiosk: Kiosk, code: str) -> Contacts:
    """The contacts in a language. Numbers and times are to be isolated where they are shown."""
    words, settings = renderer(kiosk.service, CHANNEL, code), kiosk.service.settings
    language = words.library.languages.get(words.language)
    hours = parse_hours(settings.office_hours)
    days = hours.days if hours else ()
    codes = words.library.languages.chain(words.language)
    return Contacts(
        address=settings.office_address,
        phone=settings.office_phone,
        week=tuple(Day(format_weekday(number, language), tuple(map(_span, day))) for number, day in enumerate(days)),
        lines=tuple(
            Line(phone.number, words.isolated(next(phone.names[code] for code in codes if code in phone.names)))
            for phone in words.library.phones.values()
        ),
    )


def contact_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(responses=NEEDS_VISIT)

    @routes.get(CONTACTS)
    async def page(language: Annotated[str, Depends(kiosk.reading)]) -> Response:
        return kiosk.pages.page("contacts.html", language, place=CONTACTS, contacts=contacts_in(kiosk, language))

    return routes


def _span(opening: Opening) -> str:
    return f"{opening.opens:%H:%M}–{opening.closes:%H:%M}"
