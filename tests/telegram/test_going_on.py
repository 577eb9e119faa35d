"""A code from the kiosk through a real Telegram process: one chat takes the case, a group takes nothing."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.cases.opening import open_case, open_case_of
from bot.hub.deep_link import CODE
from bot.i18n.phrases import PHRASES
from bot.post import continuations, conversations
from bot.storage import tables
from tests.emulator import EmulatorClient
from tests.telegram.test_killed import telegram_process
from tests.telegram.working import worker


@pytest.fixture
async def working(service: Service) -> AsyncIterator[None]:
    """A worker, in front of an assistant that takes everything for a question about school."""
    async with worker(service, "topic:education"):
        yield


async def at_the_kiosk(service: Service, token: str) -> str:
    """Somebody who asked for a person at the kiosk, and the code on the screen."""
    async with service.engine.begin() as db:
        conversation_id = await conversations.find_or_open(db, service.seal, "kiosk", token)
        await conversations.remember(db, conversation_id, language="en", language_chosen=True)
        await open_case(db, service.seal, conversation_id, "en")
        return f"{CODE}{await continuations.offer(db, service.seal, conversation_id)}"


def said(name: str) -> str:
    return PHRASES[name]


async def test_the_first_chat_has_it_and_the_second_learns_that_it_is_used(
    service: Service, emulator: EmulatorClient, working: None
) -> None:
    payload = await at_the_kiosk(service, "k" * 43)
    first, second = (emulator.new_person(language_code="en") for _ in range(2))
    async with telegram_process(service.settings):
        emulator.send_text(first.chat_id, f"/start {payload}")
        (told,) = await emulator.arrived(first.chat_id, after=0, seconds=90)
        assert said("moved-here") in told.text
        assert said("handoff-place").format(place=1) in told.text
        emulator.send_text(second.chat_id, f"/start {payload}")
        (refused,) = await emulator.arrived(second.chat_id, after=0, seconds=90)
        assert refused.text == said("code-over")
    async with service.engine.connect() as db:
        phone = await conversations.find(db, service.seal, "telegram", str(first.chat_id))
        assert phone is not None
        assert await open_case_of(db, phone) is not None
        assert await conversations.find(db, service.seal, "kiosk", "k" * 43) is None


async def test_a_group_takes_nothing(service: Service, emulator: EmulatorClient, working: None) -> None:
    payload = await at_the_kiosk(service, "k" * 43)
    person = emulator.new_person(language_code="en")
    group = emulator.new_group(person.user_id)
    async with telegram_process(service.settings):
        emulator.send_text(group.chat_id, f"/start {payload}")
        (told,) = await emulator.arrived(group.chat_id, after=0, seconds=90)
    assert told.text == said("groups-refused")
    async with service.engine.connect() as db:
        assert await conversations.find(db, service.seal, "kiosk", "k" * 43) is not None
        moved = select(func.count()).where(tables.continuations.c.used_at.is_not(None))
        assert await db.scalar(moved) == 0
