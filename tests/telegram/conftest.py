"""One fresh emulator a test, with python-telegram-bot and aiogram as its two independent callers."""

from collections.abc import AsyncIterator, Iterator

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.emulator import EmulatorClient, Party, running_emulator


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
