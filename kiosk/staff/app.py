"""Assembles the staff door. Deny by default: `OPEN_PATHS` and the static files need no session, everything else does.

A test walks all routes of the app and compares them with this list.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends, FastAPI

from bot.bootstrap import Service
from bot.cases.voice import Voice
from bot.errors import CaseError
from kiosk.staff.access import Access, SignInFirst
from kiosk.staff.alarms import alarm_routes
from kiosk.staff.content_page import content_routes
from kiosk.staff.desk import Desk
from kiosk.staff.language import language_of
from kiosk.staff.live import live_routes
from kiosk.staff.news import CaseNews
from kiosk.staff.queue_page import queue_routes
from kiosk.staff.refusals import Refusals
from kiosk.staff.signing import signing_routes
from kiosk.staff.thread_page import thread_routes
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
        voice=Voice(service.seal, service.catalogues, service.registry),
        news=CaseNews(service.engine, service.settings.database_url),
    )

    @asynccontextmanager
    async def hear_news(_: FastAPI) -> AsyncIterator[None]:
        async with desk.news.heard():
            yield

    app = make_door(service, pages, name="staff", folder=HERE, language_of=language_of, lifespan=hear_news)
    access = Access(desk)
    guarded = APIRouter(dependencies=[Depends(access.person)])
    for make_routes in (queue_routes, alarm_routes, thread_routes, content_routes, live_routes):
        guarded.include_router(make_routes(desk, access))
    app.include_router(signing_routes(desk, access))
    app.include_router(guarded)
    app.add_exception_handler(SignInFirst, access.ask_to_sign_in)
    app.add_exception_handler(CaseError, Refusals(desk).page)
    return app
