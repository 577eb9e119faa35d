"""A whole identity check on Telegram, through kills of the Telegram process: afterwards the chat says nothing of it."""

import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from bot.bootstrap import Service
from bot.caseapi.codes import Vocabulary
from bot.caseapi.sandbox.people import people
from bot.settings import Settings
from tests.caseapi.conftest import HEADERS, sandbox_url
from tests.emulator import EmulatorClient, Party
from tests.telegram.test_killed import telegram_process
from tests.telegram.test_private import minutes_pass
from tests.telegram.working import next_after, worker

__all__ = ["sandbox_url"]

SOMEBODY = next(p for p in people(datetime.now(UTC)) if p.appointments and p.appointments[0].status == "BOOKED")
QUESTION = "نوبت من چه زمانی است؟"
TYPED = (SOMEBODY.number, SOMEBODY.factor_value, SOMEBODY.phone)


@pytest.fixture
def settings(settings: Settings, sandbox_url: str) -> Settings:
    return settings.model_copy(update={"telegram_case_check": True, "case_api_url": sandbox_url})


@pytest.fixture
async def working(service: Service) -> AsyncIterator[None]:
    """A worker, in front of an assistant that takes everything for the question about the appointment."""
    async with worker(service, "check:appointment"):
        yield


async def test_nothing_of_it_stays_in_the_chat(
    service: Service, emulator: EmulatorClient, person: Party, sandbox_url: str, working: None
) -> None:
    chat, words = person.chat_id, service.library.case_words
    async with telegram_process(service.settings) as process:
        welcome = await next_after(emulator, chat, 0)
        emulator.send_text(chat, QUESTION)
        seen = await next_after(emulator, chat, welcome.message_id)
        label = words.of("fa", Vocabulary.DOCUMENT, SOMEBODY.document.value)
        emulator.press(chat, next(shown for shown in seen.labels if label in shown))
        seen = await next_after(emulator, chat, seen.message_id)
        # Telegram keeps the number, however often it is asked, until the process is dead.
        emulator.answer_status(502, "deleteMessage", times=50)
        emulator.send_text(chat, SOMEBODY.number)
        seen = await next_after(emulator, chat, seen.message_id)
        await emulator.until(lambda: emulator.journal("deleteMessage"))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert SOMEBODY.number in emulator.words(chat)
    emulator.clear_faults()
    async with telegram_process(service.settings):
        for typed in TYPED[1:]:
            emulator.send_text(chat, typed)
            seen = await next_after(emulator, chat, seen.message_id)
        async with httpx2.AsyncClient(headers=HEADERS) as office:
            code = (await office.get(f"{sandbox_url}/sandbox/sms")).json()[-1]["code"]
        emulator.send_text(chat, code)
        answer = await next_after(emulator, chat, seen.message_id)
        await emulator.until(lambda: not {*TYPED, code} & set(emulator.words(chat)))
    unit = SOMEBODY.appointments[0].unit
    assert unit in answer.text
    assert any(unit in said for said in emulator.words(chat))
    await minutes_pass(service, 11)
    async with telegram_process(service.settings):
        # What is left is the question that began it, and what was said before.
        await emulator.until(lambda: len(emulator.words(chat)) == 3, seconds=30)
    assert emulator.words(chat)[0] == "/start"
    assert emulator.words(chat)[2] == QUESTION
