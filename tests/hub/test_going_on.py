"""What was begun at the kiosk goes on at Telegram: with its case, its place and its words, once, or not at all."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from bot.bootstrap import Service
from bot.cases.model import JOINED, Priority, State
from bot.cases.opening import open_case, open_case_of, place
from bot.cases.queue import item
from bot.cases.thread import Thread, thread
from bot.errors import CaseError
from bot.hub import visits
from bot.hub.deep_link import CODE
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Block, BlockKind, Button, Kind, Utterance
from bot.post import continuations, conversations, outbox
from bot.storage import tables
from kiosk.public.visit import Visit, Visits
from tests.assistant.rest_channel import RestChannel
from tests.hub.conversation import Interpreter, Person, work_off


@dataclass(frozen=True, slots=True)
class Office:
    """The kiosk and the phones of one test."""

    hub: Hub

    @property
    def service(self) -> Service:
        return self.hub.service

    def kiosk(self) -> Person:
        return Person(self.hub, channel="kiosk")

    def phone(self) -> Person:
        return Person(self.hub, channel="telegram")

    async def code(self, person: Person) -> str:
        async with self.service.engine.begin() as db:
            return await continuations.offer(db, self.service.seal, await person.conversation())

    async def place(self, person: Person) -> int:
        async with self.service.engine.connect() as db:
            case_id = await open_case_of(db, await person.conversation())
            assert case_id is not None
            return await place(db, case_id)

    async def count(self, table: str, **where: object) -> int:
        found = tables.metadata.tables[table]
        async with self.service.engine.connect() as db:
            conditions = [found.c[name] == value for name, value in where.items()]
            return int(await db.scalar(select(func.count()).select_from(found).where(*conditions)) or 0)


@pytest.fixture
def office(hub: Hub) -> Office:
    return Office(hub)


async def arrives(phone: Person, code: str) -> list[Utterance]:
    return await phone.commands("start", f"{CODE}{code}")


def words(said: Iterable[Utterance]) -> str:
    return "\n".join(utterance.plain_text() for utterance in said)


async def read(interpreter: Interpreter, case_id: UUID) -> Thread:
    async with interpreter.service.engine.connect() as db:
        return await thread(db, interpreter.service.seal, case_id, interpreter.staff)


async def test_the_case_its_words_and_its_place_go_along(office: Office, interpreter: Interpreter) -> None:
    other, kiosk, phone = office.kiosk(), office.kiosk(), office.phone()
    await other.commands("human")
    await kiosk.says("How do I put my child in school?")
    await kiosk.commands("human")
    await kiosk.says("It is about my son.")
    case_id, left = await interpreter.case_of(kiosk), await kiosk.conversation()
    *_, told = await arrives(phone, await office.code(kiosk))
    for name in ("moved-here", "handoff-already", "privacy-telegram"):
        assert PHRASES[name] in told.plain_text()
    assert PHRASES["handoff-place"].format(place=2) in told.plain_text()
    assert await interpreter.case_of(phone) == case_id
    thread_now = await read(interpreter, case_id)
    assert [entry.kind for entry in thread_now.entries] == ["opened", "message", "moved"]
    assert "How do I put my child in school?" in [said.text for said in thread_now.before]
    for table in ("inbox", "outbox", "turns", "choices", "cases"):
        assert await office.count(table, conversation_id=left) == 0, table
    assert await office.count("conversations", id=left) == 0


async def test_the_next_words_of_both_sides_go_there(
    office: Office, interpreter: Interpreter, rasa: RestChannel
) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    case_id = await interpreter.case_of(kiosk)
    await interpreter.claims(case_id)
    *_, told = await arrives(phone, await office.code(kiosk))
    assert "queue" not in told.plain_text()
    await interpreter.replies(case_id, "I am here.")
    assert [said.blocks[0].text for said in await phone.sees()] == ["I am here."]
    assert await phone.says("Thank you.") == []
    assert (await read(interpreter, case_id)).entries[-1].text == "Thank you."
    assert rasa.asked == []


async def test_what_no_screen_had_shown_is_said_there_and_nothing_twice(
    office: Office, interpreter: Interpreter
) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    case_id = await interpreter.case_of(kiosk)
    await interpreter.claims(case_id)
    await interpreter.replies(case_id, "seen")
    service, left = office.service, await kiosk.conversation()
    async with service.engine.begin() as db:
        newest = await db.scalar(select(func.max(tables.outbox.c.id)))
        await outbox.mark_shown(db, left, int(newest or 0))
    await interpreter.replies(case_id, "unseen")
    long = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "Long. " * 900),), (Button("x", key="menu"),))
    async with service.engine.begin() as db:
        await outbox.put(db, service.seal, left, "kiosk", [long])
    await phone.says("How do I put my child in school?")
    await arrives(phone, await office.code(kiosk))
    async with service.engine.connect() as db:
        queued = (
            await db.execute(
                select(tables.outbox).where(tables.outbox.c.state == "queued").order_by(tables.outbox.c.id)
            )
        ).all()
    assert {row.channel for row in queued} == {"telegram"}
    said = [Utterance.from_json(service.seal.open(row.sealed_payload)) for row in queued]
    texts = [utterance.blocks[0].text for utterance in said]
    assert texts.count("unseen") == 1
    assert "seen" not in texts
    assert all(len(utterance.plain_text()) <= 3500 for utterance in said)
    assert sum(text.count("Long.") for text in texts) == 900
    # Its buttons mean here what they meant there, and its delivery is still the entry's.
    unseen = said[texts.index("unseen")]
    entry = next(e for e in (await read(interpreter, case_id)).entries if e.text == "unseen")
    assert await phone.meanings(unseen) == [f"unclear.person:{entry.id}"]
    assert entry.delivery == "queued"


async def test_what_waited_for_an_answer_is_answered_there(office: Office, rasa: RestChannel) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("menu")
    await phone.commands("menu")
    pressed = await kiosk.sends(await kiosk.token("topic:education"), Kind.CHOICE)
    code = await office.code(kiosk)
    # The phone is faster than the worker.
    await phone.sends("start", Kind.COMMAND, f"{CODE}{code}")
    async with office.service.engine.begin() as db:
        await db.execute(
            update(tables.inbox).where(tables.inbox.c.id == pressed).values(due_at=func.now() + timedelta(1))
        )
    await work_off(office.hub)
    async with office.service.engine.begin() as db:
        await db.execute(update(tables.inbox).where(tables.inbox.c.id == pressed).values(due_at=func.now()))
    await work_off(office.hub)
    assert ("topic:education",) in [said.keys for said in await phone.sees()]
    assert await phone.state(pressed) == "answered"


@pytest.mark.parametrize("how", ["unknown", "malformed", "expired", "used by another", "erased"])
async def test_a_code_that_does_not_work_says_so_and_moves_nothing(office: Office, how: str) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    code = await office.code(kiosk)
    async with office.service.engine.begin() as db:
        match how:
            case "expired":
                await db.execute(tables.continuations.update().values(expires_at=func.now() - timedelta(seconds=1)))
            case "erased":
                await db.execute(tables.cases.delete())
                await conversations.erase(db, await kiosk.conversation())
    if how == "used by another":
        await arrives(office.phone(), code)
    typed = {"unknown": "0" * 32, "malformed": "x_y__z\0é"}.get(how, code)
    (told,) = await arrives(phone, typed)
    assert told.plain_text() == PHRASES["code-over"]
    assert await phone.meanings(told) == ["menu", "handoff.open", "languages"]
    async with office.service.engine.connect() as db:
        assert await open_case_of(db, await phone.conversation()) is None


async def test_a_code_that_does_not_work_is_said_in_the_persons_language(office: Office) -> None:
    phone = Person(office.hub, channel="telegram", hint="ar")
    (told,) = await arrives(phone, "0" * 32)
    assert (told.language, told.direction) == ("ar", "rtl")


async def test_the_same_phone_may_touch_twice(office: Office) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    code = await office.code(kiosk)
    first, second = await arrives(phone, code), await arrives(phone, code)
    assert first[-1].plain_text() == second[-1].plain_text()
    assert await office.count("case_entries", kind="moved") == 1


async def test_of_two_phones_one_wins(office: Office) -> None:
    kiosk, phones = office.kiosk(), [office.phone() for _ in range(2)]
    await kiosk.commands("human")
    code = await office.code(kiosk)
    for phone in phones:
        await phone.sends("start", Kind.COMMAND, f"{CODE}{code}")
    await asyncio.gather(*(work_off(office.hub) for _ in phones))
    told = [words(await phone.sees()) for phone in phones]
    assert sorted(PHRASES["moved-here"] in text for text in told) == [False, True]
    assert sorted(PHRASES["code-over"] in text for text in told) == [False, True]
    assert await office.count("cases") == 1


@pytest.mark.parametrize("channel", ["kiosk", "terminal", "test"])
async def test_it_is_for_chats_that_can_be_written_to(office: Office, channel: str) -> None:
    kiosk, elsewhere = office.kiosk(), Person(office.hub, channel=channel)
    await kiosk.commands("human")
    (told,) = await arrives(elsewhere, await office.code(kiosk))
    assert told.keys == ("languages",)
    assert await office.count("conversations", id=await kiosk.conversation()) == 1


async def test_a_person_with_a_case_on_the_phone_has_one_case_that_is_the_earlier(
    office: Office, interpreter: Interpreter
) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    await kiosk.says("words at the kiosk")
    await phone.commands("human")
    await phone.says("words on the phone")
    kept, joined = await interpreter.case_of(kiosk), await interpreter.case_of(phone)
    await arrives(phone, await office.code(kiosk))
    assert await interpreter.case_of(phone) == kept
    texts = [entry.text for entry in (await read(interpreter, kept)).entries if entry.kind == "message"]
    assert texts == ["words at the kiosk", "words on the phone"]
    async with office.service.engine.connect() as db:
        gone = await item(db, joined)
    assert gone is not None
    assert gone.state is State.CLOSED


async def test_nobody_who_works_on_a_case_loses_it(office: Office, interpreter: Interpreter) -> None:
    """Also when the one that waits is older: it is joined to the one that somebody has."""
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    await phone.commands("human")
    held, waiting = await interpreter.case_of(phone), await interpreter.case_of(kiosk)
    await interpreter.claims(held)
    await arrives(phone, await office.code(kiosk))
    assert await interpreter.case_of(phone) == held
    await interpreter.replies(held, "I go on with you.")
    with pytest.raises(CaseError):
        await interpreter.replies(waiting, "nobody has this any more")
    colleague = await Interpreter.of(office.service, "Bilal")
    with pytest.raises(CaseError):
        await colleague.claims(waiting)
    async with office.service.engine.connect() as db:
        closed = await db.scalar(
            select(tables.case_entries.c.sealed_text).where(
                tables.case_entries.c.case_id == waiting, tables.case_entries.c.kind == "closed"
            )
        )
    assert office.service.seal.open(closed or b"") == JOINED


LANGUAGES = ["ar", "fa"]
QUEUED = st.tuples(st.sampled_from(["kiosk", "phone", "other"]), st.sampled_from(LANGUAGES), st.sampled_from(Priority))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(queue=st.lists(QUEUED, min_size=1, max_size=6))
async def test_the_place_never_gets_worse(office: Office, queue: list[tuple[str, str, Priority]]) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    queue = [("kiosk", "ar", Priority.NORMAL) if n == len(queue) // 2 else row for n, row in enumerate(queue)]
    async with office.service.engine.begin() as db:
        await db.execute(tables.cases.delete())
    for who, language, priority in queue:
        person = {"kiosk": kiosk, "phone": phone}.get(who) or Person(office.hub)
        conversation_id = await person.conversation()
        async with office.service.engine.begin() as db:
            await open_case(db, office.service.seal, conversation_id, language, priority=priority)
    before = await office.place(kiosk)
    await arrives(phone, await office.code(kiosk))
    assert 0 < await office.place(phone) <= before


async def test_a_move_that_breaks_off_has_moved_nothing(
    office: Office, interpreter: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.says("How do I put my child in school?")
    await kiosk.commands("human")
    case_id, code = await interpreter.case_of(kiosk), await office.code(kiosk)
    tables_of = ("inbox", "outbox", "choices", "cases")
    before = [await office.count(table, conversation_id=await kiosk.conversation()) for table in tables_of]

    async def dies(*_: object) -> None:
        raise OSError("killed")

    await phone.sends("start", Kind.COMMAND, f"{CODE}{code}")
    with monkeypatch.context() as patched:
        patched.setattr("bot.post.handing_on.conversations.erase", dies)
        with pytest.raises(OSError, match="killed"):
            await office.hub.take_turn()
    after = [await office.count(table, conversation_id=await kiosk.conversation()) for table in tables_of]
    assert after == before
    assert await interpreter.case_of(kiosk) == case_id
    await work_off(office.hub)
    assert PHRASES["moved-here"] in words(await phone.sees())
    assert await interpreter.case_of(phone) == case_id


async def test_while_the_interpreter_writes_and_the_kiosk_sends_nothing_is_lost(
    office: Office, interpreter: Interpreter
) -> None:
    """Everybody acts at once; every word is in the thread, and every word of the interpreter is said once."""
    for _ in range(6):
        kiosk, phone = office.kiosk(), office.phone()
        await kiosk.commands("human")
        case_id, code = await interpreter.case_of(kiosk), await office.code(kiosk)
        await interpreter.claims(case_id)
        mark = uuid4().hex
        await phone.sends("start", Kind.COMMAND, f"{CODE}{code}")
        await asyncio.gather(
            kiosk.sends(f"kiosk {mark}"),
            interpreter.replies(case_id, f"person {mark}"),
            work_off(office.hub),
            work_off(office.hub),
        )
        await work_off(office.hub)
        texts = [entry.text for entry in (await read(interpreter, case_id)).entries]
        assert texts.count(f"person {mark}") == 1
        async with office.service.engine.connect() as db:
            said = await db.execute(select(tables.outbox.c.sealed_payload, tables.outbox.c.channel))
            found = [row.channel for row in said if f"person {mark}" in str(office.service.seal.open(row[0]))]
        assert found == ["telegram"]


async def test_what_the_screen_sends_while_it_moves_goes_along_or_is_refused(
    office: Office, interpreter: Interpreter
) -> None:
    """Nothing is taken for a visit that is over: nobody would ever read it, and the screen would show a new one."""
    service, screen = office.service, Visits(office.service)
    refused = 0
    for pause in (0.0, 0.005, 0.01, 0.02, 0.04, 0.08):
        kiosk, phone, mark = office.kiosk(), office.phone(), uuid4().hex
        async with service.engine.begin() as db:
            visit = Visit(kiosk.address, await visits.begin(db, service.seal, kiosk.address), "en")
        await kiosk.commands("human")
        case_id, code = await interpreter.case_of(kiosk), await office.code(kiosk)

        async def sends(visit: Visit, words: str, after: float) -> bool:
            await asyncio.sleep(after)
            async with service.engine.begin() as db:
                return await screen.receive(db, visit, Kind.TEXT, words, uuid4())

        await phone.sends("start", Kind.COMMAND, f"{CODE}{code}")
        accepted, *_ = await asyncio.gather(sends(visit, mark, pause), work_off(office.hub))
        await work_off(office.hub)
        texts = [entry.text for entry in (await read(interpreter, case_id)).entries]
        assert texts.count(mark) == accepted
        assert not await sends(visit, "too late", 0)
        refused += not accepted
    assert refused, "the moves were over before anything was sent"
    assert await office.count("conversations", channel="kiosk") == 0
    assert await office.count("visits") == 0


async def test_neither_the_code_nor_what_it_led_to_is_written_down(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    code = await office.code(kiosk)
    await arrives(phone, code)
    async with office.service.engine.connect() as db:
        rows = [
            str((await db.execute(text(f"SELECT * FROM {name}"))).all())  # noqa: S608 - names of our own tables
            for name in tables.metadata.tables
        ]
        sealed = [row for row in await db.scalars(select(tables.inbox.c.sealed_payload)) if row]
    assert code not in "".join(rows)
    assert kiosk.address not in "".join(rows)
    assert not any(code in str(office.service.seal.open(row)) for row in sealed)
    assert code not in "".join(capfd.readouterr())
