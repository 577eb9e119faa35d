"""When something fails, a question keeps its place or ends in an honest notice; it never disappears, never blocks."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from bot.assistant import Assistant, Reply
from bot.assistant.rasa import RasaAssistant
from bot.hub.turn import TRIES_OF_A_FAILING_QUESTION, TRIES_WITHOUT_AN_ANSWER, Hub
from bot.i18n.phrases import PHRASES
from bot.keys import Key
from bot.model import Kind, Utterance
from bot.storage.sealing import Seal
from bot.storage.tables import inbox, outbox
from tests.assistant.rest_channel import RestChannel, body, cut, keys, said, slow
from tests.hub.conversation import Person, let_come_due, work_off

NO_ANSWER = {
    # Quick failures, as while the action server starts again: tried five times.
    "[]": said(lambda _: []),
    "prose": said(lambda q: [{"recipient_id": q.sender, "text": "Hello"}]),
    "for another": said(lambda _: [{"recipient_id": "other", "custom": {"keys": ["menu"]}}]),
    "500": body(b"", status=500),
    "HTML": body(b"<html>"),
    "too late": slow(1.5, keys("menu")),
    "a topic that does not exist": keys("topic:none"),
    "a phrase that does not exist": keys("say:none"),
    "a phrase that lacks its values": keys("say:withheld"),
    "a name that no column takes": said(
        lambda q: [
            {
                "recipient_id": q.sender,
                "custom": {"keys": ["menu"], "understanding": {"intent": "\0", "confidence": 0.5, "ranking": []}},
            }
        ]
    ),
}


QUICK = {"[]", "prose", "for another", "500", "HTML"}


def texts(utterances: list[Utterance]) -> list[str]:
    return [utterance.plain_text() for utterance in utterances]


@pytest.mark.parametrize("what", NO_ANSWER)
async def test_a_question_that_fails_is_tried_again_then_ends_with_a_notice_and_a_person(
    person: Person, rasa: RestChannel, what: str
) -> None:
    rasa.act = NO_ANSWER[what]
    number = await person.sends("How do I put my child in school?")
    tries = TRIES_WITHOUT_AN_ANSWER if what in QUICK else TRIES_OF_A_FAILING_QUESTION
    for _ in range(tries):
        assert await person.sees() == []
        assert await person.state(number) == "received"
        rasa.asking.clear()
        await let_come_due(person.hub)
        await work_off(person.hub)
    (notice,) = await person.sees()
    assert texts([notice]) == [PHRASES["gave-up"]]
    assert await person.meanings(notice) == ["handoff.open", "menu"]
    assert await person.state(number) == "notified"
    assert len(rasa.asked) == tries
    assert len({question.sender for question in rasa.asked}) == 2, "asked under the lock of a turn that may still run"
    rasa.act = keys("topic:education")
    rasa.asking.clear()
    assert len(await person.says("school?")) == 1, "the conversation is blocked"


async def test_a_failure_that_passes_is_answered_once(person: Person, rasa: RestChannel) -> None:
    rasa.acts = [NO_ANSWER["[]"]]
    await person.sends("How do I put my child in school?")
    await work_off(person.hub)
    await let_come_due(person.hub)
    await work_off(person.hub)
    (answer,) = await person.sees()
    assert answer.keys == ("topic:education",)


async def test_while_rasa_is_away_questions_keep_their_place_and_are_answered_in_order(
    person: Person, rasa: RestChannel
) -> None:
    rasa.act = cut(b"")
    numbers = [await person.sends(text) for text in ("first question", "second question", "third question")]
    for _ in range(5):
        await let_come_due(person.hub)
        await work_off(person.hub)
    assert {await person.state(number) for number in numbers} == {"received"}
    assert {question.message for question in rasa.asked} == {"first question"}
    rasa.act = said(
        lambda q: [{"recipient_id": q.sender, "custom": {"keys": ["menu" if "first" in q.message else "languages"]}}]
    )
    await let_come_due(person.hub)
    await work_off(person.hub)
    assert [utterance.keys for utterance in await person.sees()] == [("menu",), ("languages",), ("languages",)]


async def test_the_pause_between_tries_grows_and_is_short(person: Person, rasa: RestChannel) -> None:
    rasa.act = cut(b"")
    number = await person.sends("x")
    pauses = []
    for _ in range(8):
        await let_come_due(person.hub)
        await person.hub.take_turn()
        async with person.service.engine.connect() as db:
            pause = await db.scalar(select(inbox.c.due_at - func.now()).where(inbox.c.id == number))
        assert isinstance(pause, timedelta)
        pauses.append(round(pause.total_seconds()))
    assert pauses == [1, 2, 3, 4, 5, 5, 5, 5]


async def test_rasa_away_too_long_ends_with_a_notice(person: Person, rasa: RestChannel) -> None:
    rasa.act = cut(b"")
    number = await person.sends("How do I put my child in school?")
    await work_off(person.hub)
    patience = person.service.settings.give_up_after_seconds
    async with person.service.engine.begin() as db:
        await db.execute(update(inbox).values(received_at=func.now() - timedelta(seconds=patience + 1)))
    await let_come_due(person.hub)
    await work_off(person.hub)
    assert texts(await person.sees()) == [PHRASES["gave-up"]]
    assert await person.state(number) == "notified"


async def test_buttons_and_commands_work_while_rasa_is_away(person: Person, rasa: RestChannel) -> None:
    await person.commands("help")
    rasa.act = cut(b"")
    await person.sends("How do I put my child in school?")
    await work_off(person.hub)
    assert [u.keys for u in await person.commands("menu")] == [("menu",)]
    assert [u.keys for u in await person.presses("topic:health-care")] == [("topic:health-care",)]
    assert [u.keys for u in await person.presses("handoff.open")] == [("handoff.open",)]


class Broken(Assistant):
    """Fails in a way that nobody thought of."""

    async def ask(self, conversation: str, question: str) -> Reply:
        if "poison" in question:
            raise ZeroDivisionError(question)
        return Reply((Key("menu"),), None)


async def test_a_defect_of_ours_ends_in_a_notice_and_blocks_nobody(hub: Hub) -> None:
    broken = replace(hub, assistant=Broken())
    victim, neighbour = Person(broken), Person(broken)
    await victim.sends("poison")
    await victim.sends("after it")
    await neighbour.sends("hello")
    await work_off(broken)
    assert [u.keys for u in await neighbour.sees()] == [("menu",)]
    await let_come_due(broken)
    await work_off(broken)
    told = await victim.sees()
    assert [texts([told[0]]), told[1].keys] == [[PHRASES["gave-up"]], ("menu",)]


async def test_a_defect_is_not_passed_from_worker_to_worker(hub: Hub) -> None:
    asked: list[str] = []

    class Counted(Broken):
        async def ask(self, conversation: str, question: str) -> Reply:
            asked.append(question)
            return await super().ask(conversation, question)

    broken = replace(hub, assistant=Counted())
    victims = [Person(broken) for _ in range(5)]
    for victim in victims:
        await victim.sends("poison")
    for _ in range(3):
        await asyncio.gather(*(work_off(broken) for _ in range(4)))
        await let_come_due(broken)
    assert [len(await victim.sees()) for victim in victims] == [1] * 5
    assert len(asked) == 5 * TRIES_OF_A_FAILING_QUESTION


async def test_a_notice_that_cannot_be_said_either_stays_and_blocks_nobody(hub: Hub) -> None:
    """Even a conversation whose language nobody can write does not stop the others."""
    broken = replace(hub, service=replace(hub.service, catalogues=replace(hub.service.catalogues, by_language={})))
    victim = Person(broken)
    number = await victim.sends("hello")
    for _ in range(3):
        await let_come_due(hub)
        assert await broken.take_turn()
        assert not await broken.take_turn(), "it is taken again at once"
    assert await victim.state(number) == "received"
    neighbour = Person(hub)
    await let_come_due(hub)
    assert len(await neighbour.says("hello")) == 1
    assert len(await victim.sees()) == 1


class WithoutDatabase(Assistant):
    """Loses the database in the middle of a turn."""

    async def ask(self, conversation: str, question: str) -> Reply:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))


async def test_a_database_in_trouble_closes_no_message(hub: Hub) -> None:
    person = Person(hub)
    number = await person.sends("How do I put my child in school?")
    for _ in range(3):
        with pytest.raises(OperationalError):
            await replace(hub, assistant=WithoutDatabase()).take_turn()
    async with hub.service.engine.connect() as db:
        assert (await db.execute(select(inbox.c.state, inbox.c.attempts).where(inbox.c.id == number))).one() == (
            "received",
            0,
        )
    await work_off(hub)
    assert len(await person.sees()) == 1


async def test_a_message_sealed_with_another_key_is_kept_and_blocks_nobody(hub: Hub) -> None:
    other_key = replace(hub, service=replace(hub.service, seal=Seal(b"another secret of thirty-two bytes")))
    lost, person = Person(other_key), Person(hub)
    number = await lost.sends("from before the key was lost")
    await work_off(hub)
    assert len(await person.says("hello")) == 1
    assert await lost.state(number) == "received"
    await let_come_due(hub)
    await work_off(other_key)
    assert len(await lost.sees()) == 1, "with the right key it is answered"


async def test_a_turn_that_is_cut_short_leaves_nothing_behind(hub: Hub, rasa: RestChannel) -> None:
    """A worker that is stopped in the middle of a turn, as by SIGTERM."""
    rasa.act = slow(0.4, keys("topic:education"))
    person = Person(hub)
    number = await person.sends("How do I put my child in school?")
    turn = asyncio.create_task(hub.take_turn())
    await asyncio.sleep(0.2)
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    assert await person.state(number) == "received"
    rasa.asking.clear()
    await work_off(hub)
    assert len(await person.sees()) == 1
    async with hub.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(outbox)) == 1


async def test_a_slow_turn_of_one_conversation_holds_up_no_other(hub: Hub, rasa: RestChannel) -> None:
    """A question is tried again and takes long; its person presses a button; everybody else goes on."""
    slowest = RasaAssistant(rasa.url, 5)
    async with slowest:
        patient = replace(hub, assistant=slowest)
        person, neighbours = Person(patient), [Person(patient) for _ in range(5)]
        await person.commands("help")
        rasa.acts = [cut(b""), slow(2.0, keys("topic:education"))]
        question = await person.sends("How do I put my child in school?")
        await work_off(patient)
        await let_come_due(hub)
        turn = asyncio.create_task(patient.take_turn())
        await asyncio.sleep(0.3)
        button = await person.sends(await person.token("menu"), Kind.CHOICE)
        for neighbour in neighbours:
            await neighbour.sends("hello")
        await work_off(hub)
        assert [len(await neighbour.sees()) for neighbour in neighbours] == [1] * 5
        assert not turn.done()
        assert await turn
        await work_off(hub)
        assert [await person.state(n) for n in (question, button)] == ["answered", "answered"]
        assert len(await person.sees()) == 2
