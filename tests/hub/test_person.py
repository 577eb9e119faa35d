"""When a person speaks, the bot is silent, until the person hands back."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cases import work
from bot.cases.model import Priority
from bot.cases.thread import thread
from bot.hub.remarks import tell_of_doubt
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Kind
from bot.storage.tables import cases
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Interpreter, Person, work_off
from tests.hub.watch import bot_words_beside_a_person, install_watch


async def words_in(interpreter: Interpreter, case_id: UUID) -> list[str]:
    async with interpreter.service.engine.connect() as db:
        read = await thread(db, interpreter.service.seal, case_id, interpreter.staff)
    return [entry.text for entry in read.entries if entry.kind == "message"]


async def test_whatever_is_sent_reaches_the_person_in_order_and_nothing_comes_back(
    person: Person, interpreter: Interpreter, rasa: RestChannel
) -> None:
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    sent = [
        await person.sends("I was born in Herat"),
        await person.sends("photo", Kind.UNREADABLE, "my letter"),
        await person.sends("voice", Kind.UNREADABLE),
        await person.sends("I was born in Kabul", Kind.EDIT),
        await person.sends("status", Kind.COMMAND),
        await person.sends("\0 not a token", Kind.CHOICE),
    ]
    await work_off(person.hub)
    assert await person.sees() == []
    assert {await person.state(number) for number in sent} == {"handed_over"}
    assert await words_in(interpreter, case_id) == [
        "I was born in Herat", "[photo] my letter", "[voice]", "I was born in Kabul", "/status", "[choice]",
    ]  # fmt: skip
    assert rasa.asked == []


async def test_after_the_case_is_closed_the_bot_answers_again(person: Person, interpreter: Interpreter) -> None:
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await person.says("words for a person")
    await interpreter.closes(case_id)
    (closed,) = await person.sees()
    assert closed.plain_text() == PHRASES["handoff-closed"]
    (answer,) = await person.says("How do I put my child in school?")
    assert answer.keys == ("topic:education",)
    assert await words_in(interpreter, case_id) == ["words for a person"]


async def test_while_nobody_has_taken_it_the_wait_can_be_asked_for(person: Person) -> None:
    await person.commands("human")
    (told,) = await person.commands("status")
    assert told.plain_text() == "\n".join([PHRASES["handoff-already"], PHRASES["handoff-place"].format(place=1)])
    (kept,) = await person.commands("forget")
    assert kept.plain_text().startswith(PHRASES["forget-not-now"])
    assert await person.says("words") == []


@pytest.mark.parametrize(
    ("topic", "priority"),
    [
        ("emergency-and-contacts", Priority.URGENT),
        ("voluntary-return", Priority.HIGH),
        ("education", Priority.NORMAL),
    ],
)
async def test_the_topic_goes_with_the_call_and_an_emergency_goes_first(
    person: Person, rasa: RestChannel, topic: str, priority: Priority
) -> None:
    rasa.act = keys(f"topic:{topic}")
    await person.says("a question")
    await person.commands("status")
    await person.commands("human")
    async with person.service.engine.connect() as db:
        case = (await db.execute(select(cases.c.topic, cases.c.priority, cases.c.language))).one()
    assert tuple(case) == (topic, priority.value, "en")


async def test_doubt_about_a_message_is_not_told_while_a_person_has_the_case(person: Person) -> None:
    tell = tell_of_doubt(person.service)
    await person.says("school?")
    async with person.service.engine.begin() as db:
        await tell(db, await person.conversation())
    (doubt,) = await person.sees()
    assert doubt.plain_text() == PHRASES["in-doubt"]
    assert await person.meanings(doubt) == ["repeat", "handoff.open"]
    await person.commands("human")
    async with person.service.engine.begin() as db:
        await tell(db, await person.conversation())
    assert await person.sees() == []


async def test_the_word_of_doubt_leads_back_to_the_answer(person: Person) -> None:
    (answer,) = await person.says("school?")
    async with person.service.engine.begin() as db:
        await tell_of_doubt(person.service)(db, await person.conversation())
    await person.sees()
    (again,) = await person.presses("repeat")
    assert again.plain_text() == answer.plain_text()


async def test_a_wait_that_ends_while_it_is_told_is_not_told(
    hub: Hub, person: Person, interpreter: Interpreter
) -> None:
    """Somebody takes the case in the moment in which the bot says how long it may take."""
    await install_watch(hub.service)
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    for _ in range(10):
        number = await person.sends("status", Kind.COMMAND)
        async with hub.service.engine.begin() as claiming:
            await work.claim(claiming, hub.service.seal, case_id, interpreter.staff)
            turn = asyncio.create_task(hub.take_turn())
            await asyncio.sleep(0.05)
        await turn
        assert await person.state(number) == "handed_over"
        async with hub.service.engine.begin() as db:
            await work.return_to_queue(db, interpreter.voice, case_id, interpreter.staff)
    assert await bot_words_beside_a_person(hub.service) == 0
