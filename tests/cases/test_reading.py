"""What the queue and the thread show: waiting times, what the bot said before, and nothing of the identity check."""

from datetime import timedelta

from sqlalchemy import update

from bot.cases import work
from bot.cases.model import Outcome, Priority, Role, State
from bot.cases.queue import queue
from bot.model import Block, BlockKind, Button, Kind, Purpose, Utterance
from bot.post import outbox
from bot.storage.tables import case_entries, cases
from bot.storage.tables import outbox as outbox_table
from tests.cases.office import Office


async def test_the_queue_is_ordered_by_priority_then_waiting_time(office: Office) -> None:
    officer = await office.person("Deniz", role=Role.OFFICER)
    first = await office.asks_for_person("1")
    second = await office.asks_for_person("2", language="fa")
    urgent = await office.asks_for_person("3", priority=Priority.URGENT)
    taken = await office.asks_for_person("4", priority=Priority.URGENT)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, taken.case_id, officer)
        items = await queue(db, officer)
    assert [item.case_id for item in items] == [urgent.case_id, first.case_id, second.case_id, taken.case_id]
    assert [item.state for item in items] == [State.OPEN, State.OPEN, State.OPEN, State.CLAIMED]
    assert items[-1].holder_name == "Deniz"


async def test_the_wait_is_the_applicants(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    engine, seal = office.service.engine, office.service.seal

    async def waited() -> timedelta | None:
        async with engine.connect() as db:
            (item,) = await queue(db, ayse)
        return item.waited

    async with engine.begin() as db:
        await db.execute(update(cases).values(opened_at=cases.c.opened_at - timedelta(minutes=10)))
    in_queue = await waited()
    assert in_queue is not None
    assert timedelta(minutes=10) <= in_queue < timedelta(minutes=11)
    async with engine.begin() as db:
        await work.claim(db, seal, opened.case_id, ayse)
    await office.adds(opened.case_id, "first")
    async with engine.begin() as db:
        await db.execute(
            update(case_entries)
            .where(case_entries.c.author == "applicant")
            .values(at=case_entries.c.at - timedelta(minutes=3))
        )
    await office.adds(opened.case_id, "second")
    unanswered = await waited()
    assert unanswered is not None
    assert timedelta(minutes=3) <= unanswered < timedelta(minutes=4)
    async with engine.begin() as db:
        await work.add_note(db, seal, opened.case_id, ayse, "a note answers nobody")
    assert await waited() is not None
    async with engine.begin() as db:
        await work.reply(db, office.voice, opened.case_id, ayse, "here I am")
    assert await waited() is None


async def test_what_was_said_with_the_bot_comes_first_with_what_was_understood(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("هل يمكنني العمل؟")
    await office.answers(conversation_id, "تحتاج إلى إذن عمل", intent="work-permit", confidence=0.87)
    opened = await office.asks_for_person()
    await office.adds(opened.case_id, "after")
    read = await office.reads(opened.case_id, ayse)
    assert [(s.author, s.text) for s in read.before] == [
        ("applicant", "هل يمكنني العمل؟"),
        ("bot", "تحتاج إلى إذن عمل"),
        ("applicant", "أريد التحدث مع شخص"),
    ]
    assert (read.before[0].intent, read.before[0].confidence) == ("work-permit", 0.87)
    assert [e.text for e in read.entries if e.kind == "message"] == ["after"]


async def test_only_the_last_twenty_messages_from_before(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    for number in range(15):
        conversation_id = await office.writes(f"question {number}")
        await office.answers(conversation_id, f"answer {number}", intent="education", confidence=0.5)
    opened = await office.asks_for_person()
    before = (await office.reads(opened.case_id, ayse)).before
    assert len(before) == 20
    assert before[0].text == "answer 5"
    assert before[-2].text == "answer 14"


async def test_a_pressed_button_is_shown_by_its_meaning(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    menu = Utterance("ar", "rtl", (Block(BlockKind.PARAGRAPH, "?"),), (Button("عمل", key="topic:work-permit"),))
    async with office.service.engine.begin() as db:
        await outbox.put(db, office.service.seal, conversation_id, "test", [menu])
        ((_, shown),) = await outbox.since(db, office.service.seal, conversation_id, 0)
    await office.writes(shown.buttons[0].token, kind=Kind.CHOICE)
    opened = await office.asks_for_person()
    (pressed,) = [s for s in (await office.reads(opened.case_id, ayse)).before if s.kind is Kind.CHOICE]
    assert pressed.key == "topic:work-permit"


async def test_the_result_of_an_identity_check_is_not_shown(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    conversation_id = await office.writes("hello")
    result = Utterance("ar", "rtl", (Block(BlockKind.PARAGRAPH, "your appointment"),), purpose=Purpose.PRIVATE)
    async with office.service.engine.begin() as db:
        await outbox.put(db, office.service.seal, conversation_id, "test", [result])
    opened = await office.asks_for_person()
    assert "your appointment" not in [s.text for s in (await office.reads(opened.case_id, ayse)).before]


async def test_the_delivery_of_each_reply_is_shown(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        outbox_id = await work.reply(db, office.voice, opened.case_id, ayse, "hello")
    assert (await office.reads(opened.case_id, ayse)).entries[-1].delivery == "queued"
    async with office.service.engine.begin() as db:
        await db.execute(update(outbox_table).where(outbox_table.c.id == outbox_id).values(state="uncertain"))
    assert (await office.reads(opened.case_id, ayse)).entries[-1].delivery == "uncertain"


async def test_a_closed_case_is_read_by_its_last_holder_and_by_officers(office: Office) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
        await work.close(db, office.voice, opened.case_id, ayse, Outcome.REFERRED)
    for reader in (ayse, deniz):
        read = await office.reads(opened.case_id, reader)
        assert read.case.state is State.CLOSED
        assert read.entries[-1].text == Outcome.REFERRED
