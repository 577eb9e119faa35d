"""What may no longer be kept goes, in time and no sooner; what was left behind is taken up again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Table, func, select, text, update

from bot.bootstrap import Service
from bot.hub.jobs import retain, sweep
from bot.hub.turn import Hub
from bot.storage import tracker
from bot.storage.tables import alarms, cases, conversations, forms, inbox, staff_sessions, verification_attempts
from tests.hub.conversation import Interpreter, Person
from tests.hub.test_forget import make_tracker, note_events, senders

DAY = timedelta(days=1)


async def age(service: Service, table: Table, column: str, by: timedelta, conversation: UUID | None = None) -> None:
    statement = update(table).values({column: func.now() - by})
    if conversation is not None:
        statement = statement.where((table.c.id if table is conversations else table.c.conversation_id) == conversation)
    async with service.engine.begin() as db:
        await db.execute(statement)


async def count(service: Service, table: Table) -> int:
    async with service.engine.connect() as db:
        return int(await db.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize(("days", "left"), [(6.9, 1), (7.1, 0)])
async def test_a_conversation_is_erased_after_its_days(person: Person, days: float, left: int) -> None:
    await person.says("How do I put my child in school?")
    await age(person.service, conversations, "last_at", timedelta(days=days))
    await retain(person.service)
    assert [await count(person.service, table) for table in (conversations, inbox)] == [left, left]


async def test_what_rasa_kept_goes_with_it_and_nothing_newer(hub: Hub) -> None:
    service = hub.service
    await make_tracker(service)
    old, new = Person(hub), Person(hub)
    for person in (old, new):
        await person.says("How do I put my child in school?")
    gone, kept = await old.conversation(), await new.conversation()
    async with service.engine.begin() as db:
        retried = await db.scalar(select(inbox.c.id).where(inbox.c.conversation_id == gone))
        await db.execute(update(inbox).values(attempts=1))
        await note_events(db, tracker.sender(gone), tracker.sender(gone, retried), tracker.sender(kept))
        await note_events(db, "an-orphan", age=8 * DAY)
        await note_events(db, "a-young-orphan", age=6 * DAY)
    await age(service, conversations, "last_at", 8 * DAY, gone)
    await retain(service)
    assert await senders(service) == {kept.hex, "a-young-orphan"}


async def test_where_rasa_never_ran_there_is_nothing_to_forget(person: Person) -> None:
    await person.says("school?")
    await age(person.service, conversations, "last_at", 8 * DAY)
    await retain(person.service)
    assert await count(person.service, conversations) == 0


async def test_a_conversation_with_a_case_stays_until_the_case_is_closed_and_old(
    person: Person, interpreter: Interpreter
) -> None:
    service = person.service
    await person.commands("human")
    await age(service, conversations, "last_at", 100 * DAY)
    await age(service, cases, "opened_at", 100 * DAY)
    await retain(service)
    assert await count(service, cases) == 1
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await interpreter.closes(case_id)
    for days, left in ((29.9, 1), (30.1, 0)):
        await age(service, cases, "closed_at", timedelta(days=days))
        await retain(service)
        assert await count(service, cases) == left
    await retain(service)
    assert await count(service, conversations) == 0


async def test_a_message_that_waits_keeps_its_conversation(person: Person) -> None:
    await person.sends("a question from before the long outage")
    await age(person.service, conversations, "last_at", 100 * DAY)
    await retain(person.service)
    assert await count(person.service, inbox) == 1


async def test_words_in_a_case_that_is_kept_longer_are_erased_after_their_days(
    person: Person, interpreter: Interpreter
) -> None:
    service = person.service
    await person.says("How do I put my child in school?")
    await person.commands("human")
    await age(service, inbox, "closed_at", 8 * DAY)
    await retain(service)
    async with service.engine.connect() as db:
        assert (await db.scalars(select(inbox.c.sealed_payload))).all() == [None, None]


@pytest.mark.parametrize(("hours", "left"), [(23.9, 1), (24.1, 0)])
async def test_tries_of_the_identity_check_are_forgotten_after_a_day(service: Service, hours: float, left: int) -> None:
    async with service.engine.begin() as db:
        await db.execute(verification_attempts.insert().values(subject_hash=b"s", origin_hash=b"o", succeeded=False))
    await age(service, verification_attempts, "at", timedelta(hours=hours))
    await retain(service)
    assert await count(service, verification_attempts) == left


async def test_the_days_are_settings(service: Service, hub: Hub) -> None:
    longer = Service(
        service.settings.model_copy(update={"keep_conversations_days": 30}),
        service.engine, service.seal, service.library, service.catalogues,
    )  # fmt: skip
    await Person(hub).says("school?")
    await age(service, conversations, "last_at", 29 * DAY)
    await retain(longer)
    assert await count(service, conversations) == 1
    await retain(service)
    assert await count(service, conversations) == 0


async def test_a_check_that_was_left_open_is_dropped(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    await person.is_offered("check:appointment")
    await person.presses("check:appointment")
    await sweep(hub.service)
    assert await count(hub.service, forms) == 1
    await age(hub.service, forms, "expires_at", timedelta(seconds=1))
    await sweep(hub.service)
    assert await count(hub.service, forms) == 0


async def test_a_case_whose_interpreter_vanished_goes_back_to_the_queue_and_its_person_is_told(
    person: Person, interpreter: Interpreter
) -> None:
    service = person.service
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    assert await count(service, staff_sessions) == 0
    await person.sees()
    await sweep(service)
    assert len(await person.sees()) == 1
    other = await Interpreter.of(service, "Berk")
    await other.claims(case_id)
    async with service.engine.connect() as db:
        kinds = (await db.scalars(text("SELECT kind FROM case_entries ORDER BY id"))).all()
    assert kinds == ["opened", "claimed", "returned", "claimed"]


async def test_an_alarm_that_was_seen_goes_after_its_days_and_an_open_one_stays(service: Service) -> None:
    async with service.engine.begin() as db:
        for kind, days in (("range", 31), ("range", 29), ("failures", None)):
            seen = None if days is None else func.now() - days * DAY
            await db.execute(alarms.insert().values(kind=kind, raised_at=func.now() - 60 * DAY, seen_at=seen))
    await retain(service)
    assert await count(service, alarms) == 2
