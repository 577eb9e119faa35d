"""Composes the public door from its parts. Nothing else builds one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from math import ceil
from pathlib import Path

from fastapi import FastAPI

from bot.bootstrap import Service
from bot.caseapi.verification import Verification
from bot.hub import visits
from bot.hub.identity_check import case_client
from bot.storage.attempts import StoredAttempts
from kiosk.public.case_changes import case_change_routes
from kiosk.public.chat import chat_routes
from kiosk.public.check import check_routes
from kiosk.public.contacts import contact_routes
from kiosk.public.device import Devices
from kiosk.public.events import event_routes
from kiosk.public.kiosk import Kiosk
from kiosk.public.look import LookOfRequest, look_of_page, look_routes
from kiosk.public.machine import machine_routes
from kiosk.public.offline import offline_routes
from kiosk.public.open_checks import OpenChecks
from kiosk.public.phone import phone_routes
from kiosk.public.phone_answers import PhoneAnswers
from kiosk.public.presence import presence_routes
from kiosk.public.streams import Streams
from kiosk.public.take import take_routes
from kiosk.public.topics import topic_routes
from kiosk.public.visit import Visits
from kiosk.public.voice import voice_routes
from kiosk.public.waiting import waiting_routes
from kiosk.public.wall import wall_routes
from kiosk.web.door import make_door
from kiosk.web.pages import Pages

PUBLIC = Path(__file__).parent / "public"


def create_public_app(service: Service) -> FastAPI:
    """The door for applicants. It opens no connection before it is started."""
    client = case_client(service)
    kiosk = Kiosk(
        service=service,
        pages=Pages(
            service,
            PUBLIC / "templates",
            look_of_page,
            idle_seconds=service.settings.kiosk_idle_seconds,
            more_time_seconds=service.settings.kiosk_more_time_seconds,
            over_after_seconds=ceil(visits.lifetime(service.settings).total_seconds()),
            by_phone=bool(service.settings.telegram_bot_name),
        ),
        visits=Visits(service),
        streams=Streams(service),
        checks=OpenChecks(),
        phones=PhoneAnswers(),
        verification=Verification(client, StoredAttempts(service.engine), service.seal.fingerprint),
        devices=Devices(service),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            waking = asyncio.create_task(kiosk.streams.run())
            try:
                yield
            finally:
                waking.cancel()
                with suppress(asyncio.CancelledError):
                    await waking
                await service.engine.dispose()

    door = make_door(service, kiosk.pages, name="public", folder=PUBLIC, language_of=kiosk.language, lifespan=lifespan)
    door.add_middleware(LookOfRequest)
    for routes in (
        wall_routes,
        look_routes,
        presence_routes,
        topic_routes,
        take_routes,
        contact_routes,
        chat_routes,
        event_routes,
        waiting_routes,
        check_routes,
        phone_routes,
        voice_routes,
        offline_routes,
        machine_routes,
    ):
        door.include_router(routes(kiosk))
    door.include_router(case_change_routes(service))
    return door
