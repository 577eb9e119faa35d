"""What is not clear: an answer is said in another way, and a person of the office learns it at their message, once."""

from uuid import UUID

from sqlalchemy import func, select

from bot.cases.thread import Entry, thread
from bot.hub.turn import Hub
from bot.i18n.phrases import LABELS, PHRASES
from bot.storage import tables
from tests.assistant.rest_channel import RestChannel
from tests.hub.conversation import Interpreter, Person


async def entries(interpreter: Interpreter, case_id: UUID) -> tuple[Entry, ...]:
    async with interpreter.service.engine.connect() as db:
        return (await thread(db, interpreter.service.seal, case_id, interpreter.staff)).entries


async def test_the_person_learns_which_message_and_the_bot_says_no_more(
    person: Person, interpreter: Interpreter, rasa: RestChannel
) -> None:
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await interpreter.replies(case_id, "You must go to the notary.")
    await interpreter.replies(case_id, "Bring the paper.")
    *_, first, second = await person.sees()
    assert [button.label for button in first.buttons] == [LABELS["unclear"]]
    (meaning,) = await person.meanings(first)
    for _ in range(2):
        (told,) = await person.presses(meaning)
        assert told.plain_text() == PHRASES["unclear-told"]
        assert told.buttons == ()
    read = await entries(interpreter, case_id)
    assert [(e.text, e.unclear, e.reference) for e in read if e.kind == "message"] == [
        ("You must go to the notary.", True, "#A1"),
        ("Bring the paper.", False, "#A2"),
    ]
    assert [(e.author, e.reference) for e in read if e.kind == "unclear"] == [("applicant", "#A1")]
    assert rasa.asked == []
    assert await person.meanings(second) != [meaning]


async def test_after_the_case_is_closed_it_changes_nothing(person: Person, interpreter: Interpreter) -> None:
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await interpreter.replies(case_id, "Bring the paper.")
    (meaning,) = await person.meanings((await person.sees())[-1])
    await interpreter.closes(case_id)
    await person.sees()
    (told,) = await person.presses(meaning)
    assert told.plain_text() == PHRASES["handoff-closed"]
    assert await person.meanings(told) == ["menu", "handoff.open"]
    async with person.service.engine.connect() as db:
        unclear = select(func.count()).where(tables.case_entries.c.kind == "unclear")
        assert await db.scalar(unclear) == 0


async def test_nobody_marks_a_message_of_somebody_elses_case(hub: Hub, interpreter: Interpreter) -> None:
    person, stranger = Person(hub), Person(hub)
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await interpreter.replies(case_id, "Bring the paper.")
    (meaning,) = await person.meanings((await person.sees())[-1])
    await stranger.is_offered(meaning)
    await stranger.presses(meaning)
    assert not any(entry.unclear for entry in await entries(interpreter, case_id))


async def test_an_answer_of_the_bot_is_said_shorter_in_turkish_or_by_a_person(person: Person) -> None:
    (answer,) = await person.says("How do I put my child in school?")
    assert "unclear:education" in await person.meanings(answer)
    (ways,) = await person.presses("unclear:education")
    assert ways.plain_text() == PHRASES["unclear-ways"]
    assert await person.meanings(ways) == ["topic:education#answer", "original:education", "handoff.open"]
    (short,) = await person.presses("topic:education#answer")
    assert len(short.plain_text()) < len(answer.plain_text())
    # What is short already is not asked about again.
    assert "unclear:education" not in await person.meanings(short)


async def test_a_topic_that_is_gone_leads_to_all_topics_and_a_person(person: Person) -> None:
    await person.is_offered("unclear:a-topic-of-last-year")
    (ways,) = await person.presses("unclear:a-topic-of-last-year")
    assert await person.meanings(ways) == ["menu", "handoff.open"]
