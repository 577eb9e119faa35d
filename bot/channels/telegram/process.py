"""The Telegram process: receives, delivers, takes private results back; stops without leaving a send in doubt."""

import asyncio
import signal
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from telegram import Bot

from bot.bootstrap import Service
from bot.channels.telegram.api import bot_id, open_bot
from bot.channels.telegram.commands import announce
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.private import erase_next, take_typed_back
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.webhook import Webhook, WebhookServer
from bot.hub.leaflets import Leaflets
from bot.hub.remarks import tell_of_doubt
from bot.post import taking_back
from bot.post.delivery import Delivery
from bot.storage.database import Bell

log = structlog.get_logger()

AGAIN_AFTER_SECONDS: Final = 2.0
EVERY_SECONDS: Final = 20.0
"""How often results are looked at whose time may be over."""

Job = Callable[[], Awaitable[None]]


async def run(service: Service) -> None:
    """Work until SIGTERM or SIGINT. Raises SettingsError when the token or the webhook's settings are missing."""
    stopping = asyncio.Event()
    with _signals(stopping):
        async with open_bot(service.settings) as bot:
            await work(service, bot, stopping)


async def work(service: Service, bot: Bot, stopping: asyncio.Event) -> None:
    """The jobs of the process, side by side, until `stopping` is set. A job that fails is started again."""
    courtesy = Courtesy(bot)
    intake = Intake(service, bot_id(bot.token))
    delivery = Delivery(
        service.engine,
        service.seal,
        service.settings.database_url,
        TelegramSender(bot, Pace(), Leaflets(service).pdf),
        tell_of_doubt(service),
    )
    at_once: dict[str, Job] = {
        "announce": lambda: announce(bot, service),
        "erase_private": lambda: _erase_private(service, bot),
        "take_typed_back": lambda: _take_typed_back(service, bot),
    }
    gently: dict[str, Job] = {"deliver": lambda: delivery.run(stopping)}
    if service.settings.telegram_mode == "webhook":
        webhook = Webhook(service.settings, service.engine, bot, intake, courtesy)
        at_once["register"] = webhook.register
        gently["serve"] = lambda: _serve(service, webhook, stopping)
    else:
        at_once["poll"] = Poller(service.engine, bot, intake, courtesy).run
    try:
        async with asyncio.TaskGroup() as group:
            for name, job in gently.items():
                group.create_task(_keep(name, job, stopping))
            ended_at_once = [group.create_task(_keep(name, job, stopping)) for name, job in at_once.items()]
            await stopping.wait()
            for task in ended_at_once:
                task.cancel()
    finally:
        await courtesy.close()


async def _keep(name: str, job: Job, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            await job()
            return
        except Exception as error:
            for cause in _leaves(error):
                # Neither its words nor its frames: the client's frames hold the token, the database's hold parameters.
                log.error("telegram.job_failed", job=name, error=type(cause).__name__, place=_place(cause))
            await asyncio.sleep(AGAIN_AFTER_SECONDS)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group of groups."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


async def _erase_private(service: Service, bot: Bot) -> None:
    while True:
        while await erase_next(service, bot):
            pass
        await asyncio.sleep(EVERY_SECONDS)


async def _take_typed_back(service: Service, bot: Bot) -> None:
    async for _ in Bell(service.settings.database_url, taking_back.BELL).rings():
        while await take_typed_back(service, bot):
            pass


async def _serve(service: Service, webhook: Webhook, stopping: asyncio.Event) -> None:
    server = WebhookServer(webhook.app, service.settings.public_host, service.settings.telegram_webhook_port)
    serving = asyncio.create_task(server.serve())
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        stop.cancel()


@contextmanager
def _signals(stopping: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    names = (signal.SIGTERM, signal.SIGINT)
    for name in names:
        loop.add_signal_handler(name, stopping.set)
    try:
        yield
    finally:
        for name in names:
            loop.remove_signal_handler(name)
