"""The figures of the office: conversations, waits and what was not clear, as a page and as a file for a spreadsheet.

Nothing here is about a person (`bot.cases.figures.counting` says why), so everybody on the staff may see it. Looking at
it and taking it away leave audit rows all the same.
"""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from bot.cases import audit
from bot.cases.figures import PERIODS, Figures, read_figures
from bot.cases.figures.talks import NOTHING, OUT_OF_SCOPE
from bot.cases.model import Staff
from bot.i18n.catalogues import N_
from bot.i18n.formats import OFFICE_ZONE
from kiosk.staff.access import Access, is_refresh
from kiosk.staff.desk import Desk
from kiosk.staff.figures_file import file_of
from kiosk.staff.figures_words import FigureWords
from kiosk.staff.language import language_of
from kiosk.web.declared import Declared

CHANNELS: Final = {"telegram": N_("Telegram"), "kiosk": N_("Kiosk")}
DOUBTS: Final = {OUT_OF_SCOPE: N_("About something else"), NOTHING: N_("Like no topic")}

_CSV: Final[Declared] = {200: {"description": "The figures", "content": {"text/csv": {"schema": {"type": "string"}}}}}


class Days(IntEnum):
    """The periods that can be chosen."""

    WEEK, MONTH, QUARTER = PERIODS


def figures_routes(desk: Desk, access: Access) -> APIRouter:
    routes = APIRouter()
    service = desk.service
    Person = Annotated[Staff, Depends(access.person)]  # noqa: N806 - a type
    Asked = Annotated[Days, Query()]  # noqa: N806 - a type

    async def read(days: Days) -> Figures:
        return await read_figures(
            service.engine,
            datetime.now(OFFICE_ZONE).date(),
            days,
            languages=[language.code for language in service.registry.offered()],
            topics=service.library.topics.keys(),
            keep_conversations_days=service.settings.keep_conversations_days,
            keep_cases_days=service.settings.keep_cases_days,
        )

    async def written(person: Staff, act: str, days: Days) -> None:
        async with service.engine.begin() as db:
            await audit.record(db, person.id, act, f"{days:d} days")

    @routes.get("/figures")
    async def figures_page(request: Request, person: Person, days: Asked = Days.WEEK) -> Response:
        # A console looks again at every change of a case. Here nothing changes before midnight, so nothing is counted
        # for that.
        figures = None
        if not is_refresh(request):
            await written(person, "figures.view", days)
            figures = await read(days)
        return desk.page(
            request,
            "figures.html",
            person=person,
            figures=figures,
            days=days,
            periods=PERIODS,
            told=FigureWords(service, language_of(request)),
            channel_names=CHANNELS,
            doubt_names=DOUBTS,
            kept=service.settings,
        )

    @routes.get("/figures.csv", response_class=Response, responses=_CSV)
    async def figures_file(person: Person, days: Asked = Days.WEEK) -> Response:
        await written(person, "figures.export", days)
        figures = await read(days)
        name = f"rehber-{figures.asked.first}-{figures.asked.last}.csv"
        return Response(
            file_of(figures),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return routes
