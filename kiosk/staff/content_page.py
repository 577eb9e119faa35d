"""What Rehber knows and how far it can be trusted, for the people who answer for it: languages, reviews, office duties.

Shows the library as this process has read it, and no word of any applicant: everybody on the staff may see it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.bootstrap import Service
from bot.cases.model import Staff
from bot.content.facts import Level
from bot.content.standing import SOON, Standing, by_level, counts, due_reviews, gaps, languages, standing
from bot.i18n.catalogues import N_
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.registry import Language
from kiosk.staff.access import Access
from kiosk.staff.desk import Desk
from kiosk.web.declared import failures

STANDINGS: Final = {
    Standing.SOURCE: N_("Original"),
    Standing.REVIEWED: N_("Reviewed"),
    Standing.DRAFT: N_("Draft"),
    Standing.MACHINE: N_("Machine translation"),
    Standing.OUTDATED: N_("Outdated"),
    Standing.MISSING: N_("Missing"),
}
MEANINGS: Final = {
    Standing.SOURCE: N_("The text that all others are translated from."),
    Standing.REVIEWED: N_("A person has compared the translation with the original."),
    Standing.DRAFT: N_("No person has checked the translation yet. Applicants are told so."),
    Standing.MACHINE: N_("A machine has translated the text. Applicants are told so."),
    Standing.OUTDATED: N_("The original has changed after the translation. Applicants are told so."),
    Standing.MISSING: N_("There is no text. Applicants see the topic in another language."),
}
LEVELS: Final = {
    Level.H0: N_("Answered from the text"),
    Level.H1: N_("The general rule, then the offer of a person"),
    Level.H2: N_("A fixed card and a person, no advice"),
    Level.H3: N_("Emergency numbers first, then a person"),
}
_NOT_ALWAYS: Final = frozenset({Standing.SOURCE, Standing.MACHINE})
"""Shown only where there is such a text: one language has the originals, and the office may never use a machine."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in per cent of its length."""

    standing: Standing
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Row:
    """A language in the chart: its topics by standing, and its phrases (None: this process has no catalogue of it)."""

    language: Language
    topics: dict[Standing, int]
    phrases: int | None

    @property
    def segments(self) -> tuple[Segment, ...]:
        total = sum(self.topics.values())
        found, start = [], 0.0
        for where, number in self.topics.items():
            length = 100 * number / total
            found.append(Segment(where, start, length))
            start += length
        return tuple(segment for segment in found if segment.length)


def content_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()
    service = desk.service

    @routes.get("/staff/content", responses=failures(404))
    async def content_page(
        request: Request, person: Annotated[Staff, Depends(access.person)], language: str = ""
    ) -> Response:
        known = languages(service.library)
        chosen = next((one for one in known if one.code == language), None)
        if language and chosen is None:
            raise HTTPException(404)
        rows = [_row(service, one) for one in known]
        shown = [row for row in rows if chosen in (None, row.language)]
        codes = [row.language.code for row in shown]
        today = datetime.now(OFFICE_ZONE).date()
        return desk.page(
            request,
            "content.html",
            person=person,
            library=service.library,
            today=today,
            soon=SOON.days,
            known=known,
            chosen=chosen,
            rows=shown,
            phrases=len(service.catalogues.all_phrases),
            columns=[one for one in Standing if one not in _NOT_ALWAYS or any(row.topics[one] for row in shown)],
            reviews=due_reviews(service.library, today),
            outdated=gaps(service.library, Standing.OUTDATED, codes),
            missing=gaps(service.library, Standing.MISSING, codes),
            standing=standing,
            levels=by_level(service.library),
            standings=STANDINGS,
            meanings=MEANINGS,
            level_names=LEVELS,
        )

    return routes


def _row(service: Service, language: Language) -> Row:
    found = counts(service.library, language.code)
    phrases = service.catalogues.phrases.get(language.code)
    return Row(language, {one: found[one] for one in Standing}, phrases=None if phrases is None else len(phrases))
