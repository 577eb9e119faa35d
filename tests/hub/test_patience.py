"""People who wait are told so: within the limit, once a message, in their language, and not beside a person."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from bot.bootstrap import Service
from bot.hub.patience import MOST_AT_ONCE, say_please_wait
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Kind, Purpose
from bot.post import outbox
from bot.storage.sealing import Seal
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import inbox
from tests.assistant.rest_channel import RestChannel, keys, slow
from tests.hub.conversation import Interpreter, Person, work_off


async def let_wait(service: Service, seconds: float) -> None:
    async with service.engine.begin() as db:
        await db.execute(update(inbox).values(received_at=func.now() - timedelta(seconds=seconds)))


@pytest.fixture
def limit(service: Service) -> float:
    return service.settings.notice_after_seconds


async def test_within_the_limit_and_once(person: Person, limit: float) -> None:
    await person.sends("How do I put my child in school?")
    await let_wait(person.service, limit - 1)
    assert await say_please_wait(person.service) == 0
    await let_wait(person.service, limit + 0.1)
    assert await say_please_wait(person.service) == 1
    assert await say_please_wait(person.service) == 0
    (notice,) = await person.sees()
    assert (notice.plain_text(), notice.purpose, notice.language) == (PHRASES["please-wait"], Purpose.NOTICE, "en")
    assert await person.meanings(notice) == ["handoff.open", "menu"]
    await work_off(person.hub)
    assert len(await person.sees()) == 1, "the answer comes after it"


@pytest.mark.parametrize(
    ("kind", "text", "argument", "language"),
    [
        (Kind.TEXT, "كيف أسجل طفلي في المدرسة؟", "", "ar"),
        (Kind.TEXT, "Çocuğumu okula nasıl kaydettirebilirim?", "", "tr"),
        (Kind.UNREADABLE, "photo", "چگونه فرزندم را در مدرسه ثبت نام کنم؟", "fa"),
        (Kind.TEXT, "??", "", "en"),
        (Kind.COMMAND, "menu", "", "en"),
    ],
)
async def test_in_the_language_of_the_answer(
    person: Person, limit: float, kind: Kind, text: str, argument: str, language: str
) -> None:
    await person.sends(text, kind, argument)
    await let_wait(person.service, limit + 1)
    await say_please_wait(person.service)
    (notice,) = await person.sees()
    await work_off(person.hub)
    said = await person.sees()
    assert notice.language == language
    assert {utterance.language for utterance in said} == {language}


async def test_many_watchers_say_it_once(person: Person, limit: float) -> None:
    for number in range(5):
        await person.sends(f"How do I put my child in school? {number}")
    await let_wait(person.service, limit + 1)
    told = await asyncio.gather(*(say_please_wait(person.service) for _ in range(4)))
    while sum(told) < 5:
        told.append(await say_please_wait(person.service))
    assert sum(told) == 5
    assert len(await person.sees()) == 5


async def test_not_beside_a_person(person: Person, interpreter: Interpreter, limit: float) -> None:
    await person.commands("human")
    await interpreter.claims(await interpreter.case_of(person))
    await person.sees()
    await person.sends("words for a person")
    await let_wait(person.service, limit + 1)
    assert await say_please_wait(person.service) == 0
    assert await person.sees() == []


async def test_while_a_turn_takes_long_the_word_comes_before_its_answer(
    person: Person, rasa: RestChannel, limit: float
) -> None:
    rasa.act = slow(0.3, keys("topic:education"))
    await person.sends("How do I put my child in school?")
    await let_wait(person.service, limit + 1)
    turn = asyncio.create_task(person.hub.take_turn())
    await asyncio.sleep(0.15)
    assert await say_please_wait(person.service) == 1
    await turn
    assert [utterance.purpose for utterance in await person.sees()] == [Purpose.NOTICE, Purpose.ANSWER]


async def test_not_while_the_answer_is_being_written(person: Person, limit: float) -> None:
    """Between the first row of an answer and its commit there is nothing to say any more."""
    number = await person.sends("How do I put my child in school?")
    await let_wait(person.service, limit + 1)
    conversation = await person.conversation()
    async with person.service.engine.begin() as db:
        assert await outbox.may_speak_first(db, conversation)
        assert await say_please_wait(person.service) == 0
        await db.execute(update(inbox).where(inbox.c.id == number).values(state="answered"))
    assert await say_please_wait(person.service) == 0
    assert await person.sees() == []


async def test_a_message_nobody_can_open_stops_no_other_notice(hub: Hub, person: Person, limit: float) -> None:
    service = hub.service
    lost = Person(
        Hub(
            Service(service.settings, service.engine, Seal(b"x" * 32), service.library, service.catalogues),
            hub.assistant,
            hub.check,
            hub.reminders,
        )
    )
    await lost.sends("from before the key was lost")
    await person.sends("How do I put my child in school?")
    await let_wait(service, limit + 1)
    assert await say_please_wait(service) == 1
    assert len(await person.sees()) == 1


async def test_a_crowd_is_told_in_a_few_looks(hub: Hub, limit: float) -> None:
    people = [Person(hub) for _ in range(MOST_AT_ONCE + 10)]
    for person in people:
        await person.sends("hello")
    await let_wait(hub.service, limit + 1)
    assert [await say_please_wait(hub.service) for _ in range(3)] == [MOST_AT_ONCE, 10, 0]


async def test_an_open_check_decides_the_language(hub: Hub, limit: float) -> None:
    """A name that is typed says nothing about the language of its bearer."""
    person = Person(hub, channel="telegram")
    await person.is_offered("check:appointment")
    await person.presses("check:appointment")
    async with hub.service.engine.begin() as db:
        await db.execute(update(conversations_table).values(language="en", language_chosen=False))
    await person.sends("Çocuğumu okula nasıl kaydettirebilirim, lütfen söyleyin")
    await let_wait(hub.service, limit + 1)
    assert await say_please_wait(hub.service) == 1
    assert (await person.sees())[-1].language == "en"
