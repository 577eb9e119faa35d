"""Assembles the staff door. Deny by default: `OPEN_PATHS` and the static files need no session, everything else does.

What is guarded is included with the right that it needs. Tests walk all routes of the app: without a session, and with
every role (`tests/web/staff/test_matrix.py`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends, FastAPI

from bot.bootstrap import Service
from bot.cases.rights import Right
from bot.cases.voice import Voice
from bot.errors import CaseError
from kiosk.staff.access import NEEDS_SESSION, Access, NotForRole, SignInFirst
from kiosk.staff.alarms import alarm_routes
from kiosk.staff.audit_page import audit_routes
from kiosk.staff.content_page import content_routes
from kiosk.staff.desk import Desk
from kiosk.staff.figures_page import figures_routes
from kiosk.staff.hands_page import hands_routes
from kiosk.staff.kiosk_watch import kiosks_watched
from kiosk.staff.kiosks_page import kiosks_routes
from kiosk.staff.language import language_of
from kiosk.staff.live import live_routes
from kiosk.staff.news import CaseNews
from kiosk.staff.people_page import people_routes
from kiosk.staff.queue_page import queue_routes
from kiosk.staff.refusals import Refusals
from kiosk.staff.second_factor import second_factor_routes
from kiosk.staff.signing import signing_routes
from kiosk.staff.supervising import supervising_routes
from kiosk.staff.thread_page import thread_routes
from kiosk.staff.translated_page import translated_routes
from kiosk.web.cookies import SessionCookie
from kiosk.web.door import make_door
from kiosk.web.pages import Pages

HERE: Final = Path(__file__).parent

OPEN_PATHS: Final = frozenset({"/sign-in", "/language", "/health/live", "/health/ready"})


def create_staff_app(service: Service) -> FastAPI:
    """The staff door on a service. Run it with one process or many: they share nothing but the database."""
    pages = Pages(service, HERE / "templates")
    desk = Desk(
        service=service,
        pages=pages,
        cookie=SessionCookie("rehber_staff", service.settings.https),
        half=SessionCookie("rehber_staff_half", service.settings.https),
        voice=Voice(service.seal, service.catalogues, service.registry),
        news=CaseNews(service.engine, service.settings.database_url),
        translator=service.translator(),
    )

    @asynccontextmanager
    async def hear_news(_: FastAPI) -> AsyncIterator[None]:
        async with desk.news.heard(), kiosks_watched(service.engine, desk.news):
            yield

    app = make_door(service, pages, name="staff", folder=HERE, language_of=language_of, lifespan=hear_news)
    access = Access(desk)
    guarded = APIRouter(dependencies=[Depends(access.person)], responses=NEEDS_SESSION)
    for right, make_routes in (
        (Right.CASES, queue_routes),
        (Right.CASES, thread_routes),
        (Right.CASES, hands_routes),
        (Right.CASES, translated_routes),
        (Right.TAKE_BACK, supervising_routes),
        (Right.ALARMS, alarm_routes),
        (Right.CONTENT, content_routes),
        (Right.FIGURES, figures_routes),
        (Right.KIOSKS, kiosks_routes),
        (Right.PEOPLE, people_routes),
        (Right.AUDIT, audit_routes),
    ):
        guarded.include_router(make_routes(desk, access), dependencies=[Depends(access.may(right))])
    # Whoever is signed in has these: signs of life, and news without names for those who see no case.
    guarded.include_router(live_routes(desk, access))
    app.include_router(signing_routes(desk, access))
    app.include_router(second_factor_routes(desk, access))
    app.include_router(guarded)
    app.add_exception_handler(SignInFirst, access.ask_to_sign_in)
    app.add_exception_handler(NotForRole, access.turn_away)
    app.add_exception_handler(CaseError, Refusals(desk).page)
    return app
