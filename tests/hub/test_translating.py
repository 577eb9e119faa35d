"""What applicants write to a case is translated for the staff as it comes, once, and kept sealed."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.cases import work
from bot.cases.model import Outcome, Role, Staff
from bot.cases.thread import Entry
from bot.hub.translating import keep_translating, translate_next
from bot.storage.tables import translations
from tests.cases.office import Office

WORDS = "غدا إلى المكتب 12."


@pytest.fixture
def office(service: Service) -> Office:
    return Office(service)


async def _asks(office: Office, language: str = "ar") -> tuple[UUID, Staff]:
    """A case with a message, and somebody who may read it."""
    opened = await office.asks_for_person(language, language=language)
    await office.adds(opened.case_id, WORDS)
    return opened.case_id, await office.person("Deniz", role=Role.OFFICER)


async def _message(office: Office, case_id: UUID, reader: Staff) -> Entry:
    (entry,) = [entry for entry in (await office.reads(case_id, reader)).entries if entry.kind == "message"]
    return entry


async def test_a_message_is_translated_once_and_shown_beside_the_words(office: Office, models: Path) -> None:
    case_id, reader = await _asks(office)
    entry = await _message(office, case_id, reader)
    assert (entry.text, entry.translation) == (WORDS, None), "the original does not wait"
    translator = office.service.translator()
    assert await translate_next(office.service, translator)
    assert not await translate_next(office.service, translator)
    entry = await _message(office, case_id, reader)
    assert entry.text == WORDS
    assert entry.translation is not None
    assert (entry.translation.language, entry.translation.provenance) == ("tr", "machine")
    assert entry.translation.text == translator.engine.translate(WORDS, "ar", "tr")
    async with office.service.engine.connect() as db:
        kept = (await db.execute(select(translations.c.sealed_text))).scalar_one()
    assert entry.translation.text.encode() not in kept
    translator.close()


@pytest.mark.parametrize("language", ["ps", "prs", "kmr", "so", "tr"])
async def test_a_language_without_a_model_is_left_to_people(office: Office, models: Path, language: str) -> None:
    await _asks(office, language)
    translator = office.service.translator()
    assert not await translate_next(office.service, translator)
    translator.close()


async def test_what_fails_is_written_down_and_not_tried_again(office: Office, models: Path) -> None:
    case_id, reader = await _asks(office)
    slow = office.service.translator()
    slow.deadline = 0.0
    assert await translate_next(office.service, slow)
    assert not await translate_next(office.service, slow)
    entry = await _message(office, case_id, reader)
    assert entry.translation is not None
    assert entry.translation.text is None
    slow.close()


async def test_a_closed_case_is_translated_no_more(office: Office, models: Path) -> None:
    case_id, officer = await _asks(office)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, case_id, officer)
        await work.close(db, office.voice, case_id, officer, Outcome.HELPED)
    translator = office.service.translator()
    assert not await translate_next(office.service, translator)
    translator.close()


async def test_the_worker_hears_of_a_message(office: Office, models: Path) -> None:
    translator = office.service.translator()
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(keep_translating(office.service, translator))
        await _asks(office)
        async with asyncio.timeout(30):
            while True:
                async with office.service.engine.connect() as db:
                    if await db.scalar(select(func.count()).select_from(translations)):
                        break
                await asyncio.sleep(0.05)
        working.cancel()
    translator.close()
