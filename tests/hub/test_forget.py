"""To be forgotten: everything goes, in every table and in Rasa's tracker, but nothing that was said afterwards."""

import asyncio
from datetime import timedelta

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Block, BlockKind, Kind, Purpose, Utterance
from bot.post import conversations, outbox
from bot.storage import tracker
from bot.storage.tables import inbox, metadata
from bot.storage.tables import outbox as outbox_table
from tests.assistant.rest_channel import RestChannel, cut, keys
from tests.hub.conversation import Interpreter, Person, let_come_due, work_off

KEPT = {"staff", "staff_sessions", "second_factors", "recovery_codes", "half_sign_ins", "audit", "cursors"}
"""Tables that hold nothing of a conversation."""


async def make_tracker(service: Service) -> None:
    """Rasa's table, as Rasa 3.6 makes it."""
    async with service.engine.begin() as db:
        await db.execute(text("CREATE SCHEMA rasa"))
        await db.execute(
            text(
                "CREATE TABLE rasa.events (id serial PRIMARY KEY, sender_id varchar(255) NOT NULL,"
                " type_name varchar(255) NOT NULL, timestamp float, data text)"
            )
        )


async def note_events(db: AsyncConnection, *senders: str, age: timedelta = timedelta()) -> None:
    for sender in senders:
        await db.execute(
            text("INSERT INTO rasa.events (sender_id, type_name, timestamp, data) VALUES (:s, 'user', :t, 'words')"),
            {"s": sender, "t": (await db.scalar(select(func.extract("epoch", func.now() - age))))},
        )


async def senders(service: Service) -> set[str]:
    async with service.engine.connect() as db:
        return set(await db.scalars(text("SELECT sender_id FROM rasa.events")))


def tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in KEPT]


async def test_everything_goes_and_the_goodbye_comes_in_a_fresh_conversation(
    person: Person, interpreter: Interpreter, rasa: RestChannel
) -> None:
    service = person.service
    await make_tracker(service)
    await person.says("my secret is canary")
    await person.says("photo", Kind.UNREADABLE, "canary below a picture")
    rasa.act = keys("handoff.open")
    await person.says("a person please")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await person.says("canary for the interpreter")
    await interpreter.replies(case_id, "canary of the interpreter")
    await interpreter.closes(case_id)
    old = await person.conversation()
    await person.sees()
    (asked,) = await person.commands("forget")
    assert await person.meanings(asked) == ["forget.confirm", "menu", "handoff.open"]
    neighbour = Person(person.hub)
    rasa.act = keys("topic:education")
    await neighbour.says("not forgotten")
    other = await neighbour.conversation()
    async with service.engine.begin() as db:
        await note_events(db, tracker.sender(old), tracker.sender(other), f"{other.hex}-77")
    person.seen = 0
    (goodbye,) = await person.presses("forget.confirm")
    assert goodbye.plain_text() == PHRASES["forgotten"]
    fresh = await person.conversation()
    assert fresh != old
    async with service.engine.connect() as db:
        for table in tables():
            column = table.c.id if table.name == "conversations" else table.c.get("conversation_id")
            if column is None:
                continue
            rows = (await db.execute(select(table).where(column == old))).all()
            assert rows == [], table.name
        for name in ("cases", "case_entries"):
            assert await db.scalar(select(func.count()).select_from(metadata.tables[name])) == 0
        assert (await conversations.load(db, service.seal, fresh)).language == "en"
    assert await senders(service) == {other.hex, f"{other.hex}-77"}
    (again,) = await person.says("school?")
    assert again.keys == ("topic:education",)


async def test_a_question_that_was_tried_again_leaves_nothing_in_the_tracker(person: Person, rasa: RestChannel) -> None:
    await make_tracker(person.service)
    rasa.acts = [cut(b""), keys("topic:education")]
    number = await person.sends("school?")
    await work_off(person.hub)
    await let_come_due(person.hub)
    await work_off(person.hub)
    async with person.service.engine.begin() as db:
        await note_events(db, *{question.sender for question in rasa.asked})
    old = await person.conversation()
    assert await senders(person.service) == {old.hex, f"{old.hex}-{number}"}
    await person.is_offered("forget.confirm")
    await person.presses("forget.confirm")
    assert await senders(person.service) == set()


async def test_no_is_no(person: Person) -> None:
    await person.says("school?")
    old = await person.conversation()
    await person.commands("forget")
    await person.presses("menu")
    assert await person.conversation() == old


async def test_what_is_written_after_the_wish_is_answered(person: Person) -> None:
    await person.commands("forget")
    await person.sends(await person.token("forget.confirm"), Kind.CHOICE)
    later = [await person.sends("How do I put my child in school?"), await person.sends("menu", Kind.COMMAND)]
    person.seen = 0
    await work_off(person.hub)
    assert [await person.state(number) for number in later] == ["answered", "answered"]
    said = await person.sees()
    assert [utterance.keys for utterance in said] == [("say:forgotten",), ("topic:education",), ("menu",)]


async def test_what_comes_in_while_it_is_erased_is_not_lost(hub: Hub, person: Person) -> None:
    """A message that found the old conversation a moment before it went, and one that came a moment after."""
    await person.commands("forget")
    await person.sends(await person.token("forget.confirm"), Kind.CHOICE)
    service = hub.service
    async with service.engine.begin() as before:
        old = await conversations.find_or_open(before, service.seal, person.channel, person.address)
        erasing = asyncio.create_task(hub.take_turn())
        await asyncio.sleep(0.3)
        assert not erasing.done(), "the conversation was erased under a message that is being stored"
        message = Person(hub, address=person.address)
        receiving = asyncio.create_task(message.sends("How do I put my child in school?"))
    assert await erasing
    number = await receiving
    await work_off(hub)
    assert await person.state(number) == "answered"
    assert await person.conversation() != old


async def test_a_wish_in_the_middle_of_many_messages_and_workers(hub: Hub) -> None:
    """Nothing that was acknowledged is lost, unless it was there before the wish."""
    person = Person(hub)
    await person.says("school?")
    stop = asyncio.Event()

    async def worker() -> None:
        while not stop.is_set():
            if not await hub.take_turn():
                await asyncio.sleep(0.01)

    async def write() -> None:
        for number in range(10):
            await person.sends(f"question {number}")
        await person.is_offered("forget.confirm")
        await person.sends(await person.token("forget.confirm"), Kind.CHOICE)
        for number in range(10, 20):
            await person.sends(f"question {number}")

    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(worker())
        await write()
        async with asyncio.timeout(60):
            while True:
                if not await waiting(hub.service):
                    break
                await asyncio.sleep(0.05)
        stop.set()
    person.seen = 0
    said = await person.sees()
    assert [utterance.keys for utterance in said] == [("say:forgotten",), *[("topic:education",)] * 10]


async def waiting(service: Service) -> int:
    async with service.engine.connect() as db:
        statement = select(func.count()).select_from(inbox).where(inbox.c.state == "received")
        return int(await db.scalar(statement) or 0)


async def test_a_private_result_on_a_phone_is_taken_back_all_the_same(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    await person.commands("forget")
    service, old = hub.service, await person.conversation()
    private = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "canary: on Monday"),), purpose=Purpose.PRIVATE)
    async with service.engine.begin() as db:
        sent, queued = await outbox.put(db, service.seal, old, "telegram", [private, private])
        await outbox.settle(db, sent, "sent", "4711")
    await person.presses("forget.confirm")
    async with service.engine.connect() as db:
        rows = (await db.execute(select(outbox_table).where(outbox_table.c.purpose == "private"))).all()
        (row,) = rows
        due = await db.scalar(
            select(outbox_table.c.closed_at < func.now() - timedelta(minutes=10)).where(outbox_table.c.id == row.id)
        )
    assert (row.id, row.channel_reference, row.conversation_id, due) == (
        sent,
        "4711",
        await person.conversation(),
        True,
    )
    assert "canary" not in str(service.seal.open(row.sealed_payload))
    assert queued not in [row.id]


async def test_while_a_person_has_the_case_the_wish_goes_to_them(person: Person, interpreter: Interpreter) -> None:
    await person.commands("human")
    await interpreter.claims(await interpreter.case_of(person))
    old = await person.conversation()
    number = await person.sends("forget", Kind.COMMAND)
    await work_off(person.hub)
    assert await person.state(number) == "handed_over"
    assert await person.conversation() == old
