"""The hub on the fresh database of each test, with a server on loopback that plays Rasa's REST channel."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.reminders import Reminders
from bot.hub.turn import Hub
from bot.settings import SANDBOX_WEBHOOK_SECRET, Settings
from tests.assistant.rest_channel import RestChannel, keys, rest_channel
from tests.hub.conversation import Interpreter, Person

DEADLINE_SECONDS = 0.5


@pytest.fixture(autouse=True)
def events() -> Iterator[list[MutableMapping[str, Any]]]:
    """What the code logs, as data."""
    with structlog.testing.capture_logs() as logged:
        yield logged


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The identity check is allowed on Telegram; its case system is an address where nobody answers."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        telegram_case_check=True,
        case_api_url="http://127.0.0.1:9",
        case_api_webhook_secret=SecretStr(SANDBOX_WEBHOOK_SECRET),
    )


@pytest.fixture
async def rasa() -> AsyncIterator[RestChannel]:
    """Answers with the topic of education until a test says otherwise."""
    async with rest_channel(keys("topic:education", education=0.9)) as channel:
        yield channel


@pytest.fixture
async def hub(service: Service, rasa: RestChannel) -> AsyncIterator[Hub]:
    async with RasaAssistant(rasa.url, DEADLINE_SECONDS) as assistant, case_client(service) as client:
        check = IdentityCheck(service, client)
        yield Hub(service, assistant, check, Reminders(service, client, check))


@pytest.fixture
def person(hub: Hub) -> Person:
    """Somebody whose app speaks English."""
    return Person(hub)


@pytest.fixture
async def interpreter(service: Service) -> Interpreter:
    return await Interpreter.of(service)
