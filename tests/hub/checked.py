"""People on Telegram who go through the identity check, against the sandbox. Import the fixtures that a test needs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from bot.caseapi.sandbox.people import Person as Applicant
from bot.caseapi.sandbox.people import people
from bot.hub.turn import Hub
from bot.model import Purpose, Utterance
from bot.settings import SANDBOX_WEBHOOK_SECRET, Settings
from tests.assistant.rest_channel import RestChannel, keys
from tests.caseapi.conftest import HEADERS
from tests.hub.conversation import Person

SOMEBODY = next(p for p in people(datetime.now(UTC)) if p.appointments and p.permits)
BELOW_AN_ANSWER = [
    "calendar:1",
    "remind:appointment",
    "check:status",
    "check.anew:appointment",
    "handoff.open",
    "menu",
]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, sandbox_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        telegram_case_check=True,
        case_api_url=sandbox_url,
        case_api_webhook_secret=SecretStr(SANDBOX_WEBHOOK_SECRET),
    )


@pytest.fixture
async def office(sandbox_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    """The controls of the sandbox; without a fault when the test is over."""
    async with httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as http:
        yield http
        assert (await http.delete("/sandbox/fault")).status_code == 204


@pytest.fixture
async def confirmed(hub: Hub, rasa: RestChannel, office: httpx2.AsyncClient) -> Person:
    """Somebody on Telegram who sees their appointment."""
    person = Person(hub, channel="telegram")
    rasa.act = keys("check:appointment")
    await person.says("When is my appointment?")
    answer = await go_through(person, office, SOMEBODY)
    assert await person.meanings(answer) == BELOW_AN_ANSWER
    rasa.asked.clear()
    rasa.act = keys("topic:education")
    return person


async def go_through(person: Person, office: httpx2.AsyncClient, who: Applicant) -> Utterance:
    """Answer the questions of the open check as `who`, and return what the person is shown then."""
    await person.presses(f"form:{who.document.value}")
    for typed in (who.number, who.factor_value, who.phone):
        await person.says(typed)
    (answer,) = await person.says((await office.get("/sandbox/sms")).json()[-1]["code"])
    assert answer.purpose is Purpose.PRIVATE
    return answer
