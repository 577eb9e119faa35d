"""What the kiosk shows when its server or the network is gone: a page for each language, and a wall of languages.

They say the same to everybody, ask no database and know no visit. The service worker keeps them, with the files they
need, and shows them when a page does not come. `/sw.js` is that worker, and above it the list of all it keeps with a
digest of each: any change of content, words, settings or files makes another worker, and a browser keeps all or none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path as File
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Path
from starlette.responses import HTMLResponse, Response

from bot.content.pictures import Picture
from bot.hub.render import renderer
from bot.hub.topic_sheet import Sheet, topic_sheet
from bot.i18n.formats import OFFICE_ZONE
from kiosk.public.bubbles import BlockView, block
from kiosk.public.contacts import contacts_in
from kiosk.public.kiosk import LANGUAGE_COOKIE, Kiosk
from kiosk.public.visit import CHANNEL
from kiosk.web.declared import failures
from kiosk.web.own_files import files_behind

OFFLINE: Final = "/offline"
WORKER: Final = "/sw.js"
EMERGENCY: Final = ("112", "157")
"""The lines on the wall without words: everybody in danger, and every foreigner."""

_WORKER_FILE: Final = File(__file__).parent / "static" / "sw.js"
_JAVASCRIPT: Final = "text/javascript"


@dataclass(frozen=True, slots=True)
class Reading:
    """A topic as the page shows it: the whole sheet, closed until it is touched."""

    slug: str
    picture: Picture
    sheet: Sheet
    card: list[BlockView]
    answer: list[BlockView]
    parts: list[BlockView]
    notes: list[BlockView]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    picture: Picture
    readings: tuple[Reading, ...]


class OfflinePages:
    """Makes the pages and the worker once a day: a topic whose review is overdue must not stay on them."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._made: tuple[date, Mapping[str, str], str] | None = None

    @property
    def languages(self) -> list[str]:
        return [language.code for language in self._kiosk.service.registry.offered()]

    def page(self, path: str) -> str:
        """The page at `/offline` or below it. Raises KeyError."""
        return self._today()[0][path]

    def worker(self) -> str:
        """The service worker, with the list of what it keeps above it."""
        return self._today()[1]

    def _today(self) -> tuple[Mapping[str, str], str]:
        today = datetime.now(OFFICE_ZONE).date()
        if self._made is None or self._made[0] != today:
            pages = self._pages()
            self._made = (today, pages, _worker(pages))
        return self._made[1:]

    def _pages(self) -> Mapping[str, str]:
        default = self._kiosk.service.settings.default_language
        lines = [(number, self._kiosk.service.library.phones[number].names) for number in EMERGENCY]
        wall = self._kiosk.pages.text("offline-wall.html", default, lines=lines)
        return {OFFLINE: wall} | {f"{OFFLINE}/{code}": self._page(code) for code in self.languages}

    def _page(self, code: str) -> str:
        words = renderer(self._kiosk.service, CHANNEL, code)
        codes, library = words.library.languages.chain(code), words.library
        groups = [
            Group(
                words.isolated(group.name(codes)),
                library.pictures.groups[group.id],
                tuple(_reading(library.pictures.topics[slug], topic_sheet(words, slug)) for slug in group.topics),
            )
            for group in library.arrangement.groups.values()
        ]
        return self._kiosk.pages.text("offline.html", code, groups=groups, contacts=contacts_in(self._kiosk, code))


def offline_routes(kiosk: Kiosk) -> APIRouter:
    """The pages and the worker. Making them is work for a thread, as FastAPI gives one to functions that never wait."""
    routes = APIRouter()
    pages = OfflinePages(kiosk)
    code_of_language = Annotated[str, Path(json_schema_extra={"enum": pages.languages})]

    @routes.get(OFFLINE)
    def wall() -> Response:
        return HTMLResponse(pages.page(OFFLINE))

    @routes.get(OFFLINE + "/{code}", responses=failures(404))
    def page(code: code_of_language) -> Response:
        if code not in pages.languages:
            raise HTTPException(404)
        return HTMLResponse(pages.page(f"{OFFLINE}/{code}"), headers={"Content-Language": code})

    @routes.get(WORKER, response_class=Response, responses={200: {"content": {_JAVASCRIPT: {}}}})
    def worker() -> Response:
        return Response(pages.worker(), media_type=_JAVASCRIPT)

    return routes


def _reading(picture: Picture, sheet: Sheet) -> Reading:
    return Reading(
        slug=sheet.slug,
        picture=picture,
        sheet=sheet,
        card=[block(part) for part in sheet.card],
        answer=[block(part) for part in sheet.answer],
        parts=[block(part.block) for part in sheet.parts],
        notes=[block(part) for part in sheet.notes],
    )


def _worker(pages: Mapping[str, str]) -> str:
    bodies = {path: text.encode() for path, text in pages.items()} | files_behind(pages.values())
    kept: dict[str, Any] = {
        "cookie": LANGUAGE_COOKIE,
        "files": {path: sha256(body).hexdigest() for path, body in sorted(bodies.items())},
    }
    code = _WORKER_FILE.read_text(encoding="utf-8")
    version = sha256(json.dumps(kept).encode() + code.encode()).hexdigest()[:16]
    return f"const KEPT = {json.dumps({'version': version, **kept})};\n{code}"
