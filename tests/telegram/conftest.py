"""One fresh emulator a test; its independent callers, python-telegram-bot and aiogram; the channel's own parts."""

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from pydantic import SecretStr

from bot.bootstrap import Service
from bot.channels.telegram.api import bot_id, open_bot
from bot.channels.telegram.intake import Intake
from bot.settings import Settings
from tests.emulator import EmulatorClient, Party, running_emulator

WEBHOOK_SECRET: Final = "only-telegram-and-this-test-know-it"


async def no_leaflet(slug: str, language: str) -> bytes:
    """For tests in which nobody asks for one."""
    raise AssertionError(f"nobody asked for {slug} in {language}")


@pytest.fixture
def emulator() -> Iterator[EmulatorClient]:
    """An emulator that nobody has talked to yet. Fails the test if the emulator leaves the Bot API."""
    with running_emulator() as client:
        yield client


@pytest.fixture
def person(emulator: EmulatorClient) -> Party:
    """Somebody who has sent /start; that update is still pending."""
    party = emulator.new_person(language_code="fa")
    emulator.send_text(party.chat_id, "/start")
    return party


@pytest.fixture
async def ptb(emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot's client, initialised.

    It warns about the present type of `RetryAfter.retry_after` unless the coming one is chosen.
    """
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with telegram.Bot(emulator.token, base_url=emulator.base_url) as bot:
        yield bot


@pytest.fixture
async def aio(emulator: EmulatorClient) -> AsyncIterator[aiogram.Bot]:
    """aiogram's client."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(emulator.url))
    bot = aiogram.Bot(emulator.token, session=session)
    yield bot
    await session.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, emulator: EmulatorClient) -> Settings:
    """Settings of a Telegram process that talks to the emulator."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        telegram_bot_token=SecretStr(emulator.token),
        telegram_api_url=emulator.url,
        telegram_webhook_secret=SecretStr(WEBHOOK_SECRET),
    )


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[telegram.Bot]:
    """The channel's own client, with little patience."""
    async with open_bot(settings, answer_seconds=1.0) as client:
        yield client


@pytest.fixture
def intake(service: Service, emulator: EmulatorClient) -> Intake:
    return Intake(service, bot_id(emulator.token))


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number
