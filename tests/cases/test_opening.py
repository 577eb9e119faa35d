"""The hub's side: one open case a conversation, honest places, no message lost at a close."""

import asyncio

from sqlalchemy import func, select

from bot.cases import work
from bot.cases.model import Outcome, Priority
from bot.cases.opening import add_applicant_message, open_case, open_case_of, place
from bot.storage.tables import case_entries, cases
from tests.cases.office import Office


async def test_asking_twice_joins_the_open_case(office: Office) -> None:
    first = await office.asks_for_person()
    second = await office.asks_for_person()
    assert first.new
    assert not second.new
    assert first.case_id == second.case_id


async def test_fifty_requests_at_once_open_one_case(office: Office) -> None:
    conversation_id = await office.writes("hello")

    async def ask() -> bool:
        async with office.service.engine.begin() as db:
            return (await open_case(db, office.service.seal, conversation_id, "ar")).new

    assert sum(await asyncio.gather(*(ask() for _ in range(50)))) == 1
    async with office.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(cases)) == 1
        opened = select(func.count()).select_from(case_entries).where(case_entries.c.kind == "opened")
        assert await db.scalar(opened) == 1


async def test_joining_raises_the_priority_and_never_lowers_it(office: Office) -> None:
    opened = await office.asks_for_person(priority=Priority.HIGH)
    async with office.service.engine.connect() as db:
        priority = select(cases.c.priority).where(cases.c.id == opened.case_id)
        assert await db.scalar(priority) == Priority.HIGH
    await office.asks_for_person(priority=Priority.URGENT)
    await office.asks_for_person(priority=Priority.NORMAL)
    async with office.service.engine.connect() as db:
        assert await db.scalar(priority) == Priority.URGENT


async def test_places_count_the_language_and_put_urgent_cases_first(office: Office) -> None:
    assert (await office.asks_for_person("1")).place == 1
    second = await office.asks_for_person("2")
    assert second.place == 2
    assert (await office.asks_for_person("3", language="fa")).place == 1
    assert (await office.asks_for_person("4", priority=Priority.URGENT)).place == 1
    ayse = await office.person("Ayşe", "ar")
    async with office.service.engine.begin() as db:
        assert await place(db, second.case_id) == 3
        await work.claim(db, office.service.seal, second.case_id, ayse)
        assert await place(db, second.case_id) == 0


async def test_the_open_case_is_found_until_it_is_closed(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        assert await open_case_of(db, conversation_id) == opened.case_id
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        await work.close(db, office.voice, opened.case_id, ayse, Outcome.HELPED)
        assert await open_case_of(db, conversation_id) is None
    again = await office.asks_for_person()
    assert again.new
    assert again.case_id != opened.case_id


async def test_a_message_that_races_with_the_close_is_in_the_thread_or_the_bots(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    async with office.service.engine.begin() as closing:
        await work.close(closing, office.voice, opened.case_id, ayse, Outcome.HELPED)
        late = asyncio.create_task(office.adds(opened.case_id, "one more thing"))
        await asyncio.sleep(0.2)
        assert not late.done(), "the message waits until it is known whether the case is closed"
    assert await late is False
    read = await office.reads(opened.case_id, ayse)
    assert [entry.kind for entry in read.entries][-1] == "closed"


async def test_words_are_sealed_in_the_database(office: Office) -> None:
    opened = await office.asks_for_person()
    secret = "kimliğim kayboldu"
    async with office.service.engine.begin() as db:
        assert await add_applicant_message(db, office.service.seal, opened.case_id, secret)
        stored = (await db.scalars(select(case_entries.c.sealed_text))).all()
    assert stored
    assert not any(secret.encode() in bytes(value) for value in stored if value is not None)
