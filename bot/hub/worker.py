"""The worker process: takes turns as the bell rings, watches over people's patience, and runs the periodic jobs."""

import asyncio

import structlog

from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.jobs import run_jobs
from bot.hub.patience import say_please_wait
from bot.hub.reminders import Reminders
from bot.hub.translating import keep_translating
from bot.hub.turn import Hub
from bot.post import inbox
from bot.storage.database import Bell

log = structlog.get_logger()


async def run_worker(service: Service) -> None:
    """Work until cancelled. A failing turn is logged and left for the next try; it never ends the worker."""
    settings = service.settings
    wake = asyncio.Condition()
    async with (
        RasaAssistant(settings.rasa_url, settings.rasa_deadline_seconds) as assistant,
        case_client(service) as client,
        asyncio.TaskGroup() as tasks,
    ):
        check = IdentityCheck(service, client)
        hub = Hub(service, assistant, check, Reminders(service, client, check))
        tasks.create_task(_listen(service, wake))
        tasks.create_task(_watch_patience(service))
        tasks.create_task(run_jobs(service, client))
        tasks.create_task(keep_translating(service, service.translator()))
        for _ in range(settings.turns_at_once):
            tasks.create_task(_keep_taking_turns(hub, wake))


async def _listen(service: Service, wake: asyncio.Condition) -> None:
    async for bell, _ in Bell(service.settings.database_url, inbox.BELL).rings():
        async with wake:
            # One message, one worker; without a bell to go by, everybody looks.
            wake.notify(1 if bell else service.settings.turns_at_once)


async def _keep_taking_turns(hub: Hub, wake: asyncio.Condition) -> None:
    while True:
        try:
            busy = await hub.take_turn()
        except Exception:
            log.exception("turn.failed")
            await asyncio.sleep(1)
            continue
        if not busy:
            async with wake:
                await wake.wait()


async def _watch_patience(service: Service) -> None:
    while True:
        await asyncio.sleep(0.5)
        try:
            await say_please_wait(service)
        except Exception:
            log.exception("patience.failed")
