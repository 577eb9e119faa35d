"""What is said unasked: once, in time or not at all, by the clock of the database, never beside a person who speaks."""

import asyncio
import os
import signal
import sys
from collections.abc import MutableMapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.hub.jobs import retain
from bot.hub.reminding import say_due, tell_news
from bot.hub.turn import Hub
from bot.i18n.formats import OFFICE_ZONE, format_day
from bot.i18n.phrases import PHRASES
from bot.model import Purpose, Utterance
from bot.post import conversations, outbox, reminders, subscriptions
from bot.post.reminders import ReminderDetails
from bot.storage.sealing import Seal
from bot.storage.tables import case_changes, choices, consents, inbox, turns
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import outbox as outbox_table
from bot.storage.tables import reminders as reminders_table
from bot.storage.tables import subscriptions as subscriptions_table
from tests.hub.conversation import Interpreter, Person
from tests.hub.test_forget import make_tracker, note_events, senders

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
VISIT: Final = ReminderDetails(
    at=datetime(2026, 11, 25, 7, 30, tzinfo=UTC), unit="Yabancılar Şubesi", address="Örnek Cad. 1"
)
OFFICE_NOON: Final = datetime(2026, 11, 24, 12, tzinfo=OFFICE_ZONE)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon in the office, whenever the test runs."""
    it_is(monkeypatch, OFFICE_NOON)


def it_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    async def now(db: AsyncConnection) -> datetime:
        return moment

    monkeypatch.setattr(reminders, "now", now)


@pytest.fixture
async def person(hub: Hub) -> Person:
    """Somebody on Telegram who has seen the first screen, in English."""
    person = Person(hub, channel="telegram")
    await person.commands("start", "lang_en")
    await person.sees()
    return person


async def planned(
    person: Person,
    details: ReminderDetails = VISIT,
    *,
    due: timedelta = -HOUR,
    ends: timedelta = 2 * HOUR,
    reference: str | None = "subscription",
    what: str = "appointment",
) -> None:
    """A reminder that is due so long from now, with a subscription to the appointment's changes."""
    service = person.service
    async with service.engine.begin() as db:
        talk, now = await person.conversation(), (await db.execute(select(func.now()))).scalar_one()
        number = reference and await subscriptions.add(
            db, service.seal, talk, f"session of {reference}", reference, now + DAY
        )
        await reminders.plan(db, service.seal, talk, what, details, now + due, now + ends, number or None)


async def announced(person: Person, event: str, kind: str = "APPOINTMENT", reference: str = "subscription") -> None:
    async with person.service.engine.begin() as db:
        await subscriptions.note_change(db, person.service.seal, event, reference, kind)


async def states(person: Person) -> list[str]:
    async with person.service.engine.connect() as db:
        return list(await db.scalars(select(reminders_table.c.state).order_by(reminders_table.c.id)))


def texts(said: list[Utterance]) -> list[str]:
    return [utterance.blocks[0].text for utterance in said]


async def test_it_is_said_once_with_day_hour_and_place(person: Person) -> None:
    await planned(person)
    assert await say_due(person.service) == 1
    (said,) = await person.sees()
    assert said.purpose is Purpose.REMINDER
    words = said.plain_text()
    for part in (
        PHRASES["reminder-appointment"],
        "Wednesday, November 25, 2026",
        "10:30",
        "Yabancılar Şubesi",
        "Örnek Cad. 1",
        PHRASES["reminder-documents"],
    ):
        assert part in words
    assert await person.meanings(said) == ["check:appointment", "remind.stop", "handoff.open"]
    assert await say_due(person.service) == 0
    async with person.service.engine.connect() as db:
        assert (await db.execute(select(reminders_table.c.state, reminders_table.c.sealed_details))).one() == (
            "said",
            b"",
        )


@pytest.mark.parametrize("language", ["tr", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so"])
async def test_it_is_said_in_the_language_of_now(person: Person, language: str) -> None:
    await planned(person)
    await person.is_offered(f"language:{language}")
    await person.presses(f"language:{language}")
    await say_due(person.service)
    (said,) = await person.sees()
    assert said.language == language
    assert said.blocks[0].text == person.service.catalogues.say(language, PHRASES["reminder-appointment"])


async def test_before_its_time_nothing_is_said(person: Person) -> None:
    await planned(person, due=HOUR, ends=2 * HOUR)
    assert await say_due(person.service) == 0
    assert await states(person) == ["waiting"]


async def test_a_duty_is_reminded_of_with_its_page(person: Person) -> None:
    details = ReminderDetails(day=date(2026, 12, 1), topic="education")
    await planned(person, details, reference=None, what="clock:education")
    await say_due(person.service)
    (said,) = await person.sees()
    day = format_day(date(2026, 12, 1), person.service.registry.get("en"))
    assert PHRASES["reminder-last-day"].format(day=day) in said.plain_text()
    assert await person.meanings(said) == ["topic:education", "remind.stop", "handoff.open"]


async def test_a_duty_whose_page_is_gone_keeps_its_day(person: Person) -> None:
    await planned(person, ReminderDetails(day=date(2026, 12, 1), topic="gone"), reference=None, what="clock:gone")
    await say_due(person.service)
    (said,) = await person.sees()
    assert "2026" in said.plain_text()
    assert await person.meanings(said) == ["remind.stop", "handoff.open"]


# What speaks against the details


async def test_an_appointment_that_may_have_changed_is_not_told_as_if_nothing_happened(person: Person) -> None:
    await planned(person)
    await announced(person, "event-1")
    await say_due(person.service)
    (said,) = await person.sees()
    assert said.plain_text() == PHRASES["reminder-in-doubt"]
    assert await person.meanings(said) == ["check:appointment", "remind.stop", "handoff.open"]


@pytest.mark.parametrize(("kind", "in_doubt"), [("FILE", False), ("APPOINTMENT", True), ("OF_NEXT_YEAR", True)])
async def test_only_news_that_surely_concern_no_appointment_leave_it_as_it_is(
    person: Person, kind: str, *, in_doubt: bool
) -> None:
    await planned(person)
    await announced(person, "event-1", kind)
    await say_due(person.service)
    phrase = "reminder-in-doubt" if in_doubt else "reminder-appointment"
    assert texts(await person.sees()) == [PHRASES[phrase]]


@pytest.mark.parametrize("how", ["never made", "over", "let go"])
async def test_where_nobody_would_have_told_of_a_change_it_is_in_doubt(person: Person, how: str) -> None:
    await planned(person, reference=None if how == "never made" else "subscription")
    async with person.service.engine.begin() as db:
        if how == "over":
            await db.execute(update(subscriptions_table).values(ends_at=func.now()))
        elif how == "let go":
            await db.execute(update(subscriptions_table).values(conversation_id=None))
    await say_due(person.service)
    assert texts(await person.sees()) == [PHRASES["reminder-in-doubt"]]


async def test_a_reminder_that_was_made_after_the_change_knows_it(person: Person) -> None:
    await planned(person)
    await announced(person, "event-1")
    async with person.service.engine.begin() as db:
        await db.execute(update(reminders_table).values(made_at=func.clock_timestamp()))
    await say_due(person.service)
    assert texts(await person.sees()) == [PHRASES["reminder-appointment"]]


# Never twice, whatever happens to workers and clocks


async def test_many_workers_say_it_once(person: Person) -> None:
    for number in range(5):
        await planned(person, what=f"clock:{number}", reference=None)
    assert sum(await asyncio.gather(*(say_due(person.service) for _ in range(4)))) == 5
    assert len(await person.sees()) == 5


WORKER: Final = """
import asyncio, sys
from pathlib import Path
from bot.bootstrap import build_service
from bot.hub.reminding import say_due
from bot.settings import Settings
asyncio.run(say_due(build_service(Settings(database_url=sys.argv[1], data_dir=Path(sys.argv[2])))))
"""


async def test_a_worker_that_is_killed_in_the_middle_says_it_neither_twice_nor_never(person: Person) -> None:
    await planned(person)
    settings = person.service.settings
    arguments = (settings.database_url, str(settings.data_dir))
    async with await psycopg.AsyncConnection.connect(settings.database_url) as holder:
        # The worker has the reminder and may not write what it says.
        await holder.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, *arguments, env=os.environ)
        async with asyncio.timeout(60):
            while not await _held_up(settings.database_url):
                assert worker.returncode is None
                await asyncio.sleep(0.1)
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
        await holder.rollback()
    async with asyncio.timeout(20):
        said = 0
        while said == 0:
            # Until the database notices that the worker is gone, nobody else gets its reminder.
            await asyncio.sleep(0.1)
            said = await say_due(person.service)
    assert await say_due(person.service) == 0
    assert texts(await person.sees()) == [PHRASES["reminder-appointment"]]
    assert await states(person) == ["said"]


async def _held_up(url: str) -> bool:
    async with await psycopg.AsyncConnection.connect(url) as db:
        waiting = await db.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return await waiting.fetchone() is not None


async def clock_moves(person: Person, by: timedelta) -> None:
    """The clock jumps ahead (or back): everything that is written down is that much earlier (or later)."""
    async with person.service.engine.begin() as db:
        for column in (reminders_table.c.due_at, reminders_table.c.ends_at):
            await db.execute(update(reminders_table).values({column: column - by}))


async def test_a_clock_that_goes_back_says_nothing_twice(person: Person) -> None:
    await planned(person)
    await say_due(person.service)
    await clock_moves(person, -2 * HOUR)
    assert await say_due(person.service) == 0
    await clock_moves(person, 2 * HOUR)
    assert await say_due(person.service) == 0
    assert len(await person.sees()) == 1


async def test_a_clock_that_goes_ahead_says_what_still_helps_and_misses_the_rest(person: Person) -> None:
    await planned(person, due=5 * HOUR, ends=20 * HOUR, what="clock:near", reference=None)
    await planned(person, due=5 * HOUR, ends=30 * HOUR, what="clock:far", reference=None)
    await clock_moves(person, 24 * HOUR)
    assert await say_due(person.service) == 1
    assert await states(person) == ["missed", "said"]
    async with person.service.engine.connect() as db:
        assert list(await db.scalars(select(reminders_table.c.sealed_details))) == [b"", b""]


async def test_one_pass_says_so_many_and_the_next_the_others(person: Person) -> None:
    for number in range(5):
        await planned(person, what=f"clock:{number}", reference=None)
    assert [await say_due(person.service, at_most=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_one_that_nobody_can_open_keeps_back_no_other(
    person: Person, events: list[MutableMapping[str, Any]]
) -> None:
    await planned(person, what="clock:lost", reference=None)
    async with person.service.engine.begin() as db:
        await db.execute(update(reminders_table).values(sealed_details=Seal(b"x" * 32).close({})))
    await planned(person, what="clock:good", reference=None)
    assert await say_due(person.service) == 1
    assert await states(person) == ["waiting", "said"]
    assert "reminder.failed" in [event["event"] for event in events]


async def test_where_the_office_turned_them_off_nothing_is_said(person: Person) -> None:
    await planned(person)
    await announced(person, "event-1")
    service = person.service
    object.__setattr__(service, "settings", service.settings.model_copy(update={"reminders": False}))
    assert (await say_due(service), await tell_news(service)) == (0, 0)


# Beside a person of the office


async def test_while_a_person_speaks_it_waits(person: Person, interpreter: Interpreter) -> None:
    await planned(person)
    await person.commands("human")
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    await person.sees()
    assert await say_due(person.service) == 0
    await interpreter.closes(case_id)
    assert await say_due(person.service) == 1


async def test_in_the_queue_an_appointment_is_said_and_news_wait(person: Person, interpreter: Interpreter) -> None:
    await planned(person)
    await person.commands("human")
    await person.sees()
    await announced(person, "event-1", "FILE")
    assert (await say_due(person.service), await tell_news(person.service)) == (1, 0)
    case_id = await interpreter.case_of(person)
    await interpreter.claims(case_id)
    assert await tell_news(person.service) == 0
    await interpreter.closes(case_id)
    assert await tell_news(person.service) == 1


# News


async def test_news_say_that_there_is_news_and_no_more(person: Person) -> None:
    await planned(person, due=HOUR)
    for kind in ("FILE", "APPOINTMENT"):
        await announced(person, f"event of {kind}", kind)
    assert await tell_news(person.service) == 1
    (said,) = await person.sees()
    assert said.plain_text() == PHRASES["news"]
    assert said.purpose is Purpose.REMINDER
    assert await person.meanings(said) == ["check:appointment", "check:status", "remind.stop", "handoff.open"]
    assert await tell_news(person.service) == 0


async def test_news_come_once_in_a_day_and_later_ones_with_the_next(person: Person) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    await announced(person, "event-1")
    assert await tell_news(person.service) == 1
    await announced(person, "event-2")
    await announced(person, "event-3")
    for hours, told in ((23.9, 0), (24.1, 1), (30, 0)):
        async with person.service.engine.begin() as db:
            lately = case_changes.c.event_id == "event-1"
            await db.execute(update(case_changes).where(lately).values(told_at=func.now() - timedelta(hours=hours)))
        assert await tell_news(person.service) == told
    assert len(await person.sees()) == 2


@pytest.mark.parametrize(
    ("at", "told"), [("07:59", 0), ("08:00", 1), ("21:59", 1), ("22:00", 0), ("00:30", 0), ("03:00", 0)]
)
async def test_news_are_not_told_at_night(person: Person, monkeypatch: pytest.MonkeyPatch, at: str, told: int) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    # The clock of the database is in UTC; night is where the office is.
    it_is(monkeypatch, datetime.fromisoformat(f"2026-11-24 {at}").replace(tzinfo=OFFICE_ZONE).astimezone(UTC))
    assert await tell_news(person.service) == told


async def test_two_workers_tell_news_once(person: Person) -> None:
    await planned(person, due=HOUR)
    for number in range(4):
        await announced(person, f"event-{number}")
    assert sum(await asyncio.gather(*(tell_news(person.service) for _ in range(4)))) == 1
    assert len(await person.sees()) == 1


async def test_who_stopped_hears_no_news(person: Person) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    await person.commands("stop")
    await person.sees()
    await announced(person, "event-2")
    assert await tell_news(person.service) == 0
    async with person.service.engine.connect() as db:
        assert list(await db.scalars(select(case_changes.c.event_id))) == ["event-1"]


async def test_after_doubt_show_it_again_leads_to_the_appointment(person: Person) -> None:
    await planned(person)
    await say_due(person.service)
    await person.sees()
    await person.is_offered("repeat")
    (said,) = await person.presses("repeat")
    assert said.purpose is Purpose.FORM


# What is kept


async def everything_is_old(person: Person, days: float = 8) -> None:
    old = func.now() - timedelta(days=days)
    async with person.service.engine.begin() as db:
        await db.execute(update(conversations_table).values(last_at=old))
        await db.execute(update(inbox).values(received_at=old, closed_at=old))
        await db.execute(update(outbox_table).values(queued_at=old, closed_at=old))
        await db.execute(update(choices).values(offered_at=old))
        await db.execute(update(subscriptions_table).values(made_at=old))


async def count(person: Person, *tables: Any) -> list[int]:
    async with person.service.engine.connect() as db:
        return [int(await db.scalar(select(func.count()).select_from(table)) or 0) for table in tables]


async def test_a_conversation_with_a_reminder_stays_and_what_was_said_in_it_goes(person: Person) -> None:
    service = person.service
    await make_tracker(service)
    await person.says("How do I put my child in school?")
    await planned(person, due=HOUR)
    await person.is_offered("remind.stop")
    talk = await person.conversation()
    async with service.engine.begin() as db:
        await note_events(db, talk.hex)
    await everything_is_old(person)
    await retain(service)
    assert await count(person, conversations_table, inbox, turns, outbox_table) == [1, 0, 0, 0]
    assert await senders(service) == set()
    async with service.engine.connect() as db:
        kept = await conversations.load(db, service.seal, talk)
        assert (kept.language, kept.last_keys, kept.focus, kept.paper) == ("en", (), None, None)
        assert list(await db.scalars(select(choices.c.key))) == ["remind.stop"]
    # The person can still be written to, and can still stop it.
    await clock_moves(person, timedelta(minutes=65))
    assert await say_due(service) == 1
    await person.presses("remind.stop")
    await everything_is_old(person)
    await clock_moves(person, HOUR)
    await retain(service)
    assert await count(person, conversations_table, reminders_table, consents) == [0, 0, 0]


async def test_what_is_said_lately_stays_with_such_a_conversation(person: Person) -> None:
    await planned(person, due=HOUR)
    await everything_is_old(person)
    async with person.service.engine.begin() as db:
        utterance = Utterance("en", "ltr", (), purpose=Purpose.REMINDER)
        await outbox.put(db, person.service.seal, await person.conversation(), "telegram", [utterance])
    await retain(person.service)
    assert await count(person, outbox_table) == [1]


async def test_when_the_appointment_is_over_the_subscription_is_let_go(person: Person) -> None:
    await planned(person)
    await say_due(person.service)
    await everything_is_old(person, days=1)
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(subscriptions_table.c.conversation_id)) == await person.conversation()
    await clock_moves(person, 2 * HOUR)
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert (await db.execute(select(subscriptions_table.c.conversation_id))).one() == (None,)


async def test_a_subscription_that_is_being_made_is_not_let_go(person: Person) -> None:
    await planned(person)
    async with person.service.engine.begin() as db:
        await db.execute(delete(reminders_table))
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(subscriptions_table.c.conversation_id)) == await person.conversation()


async def test_a_subscription_that_ended_by_itself_leaves_nothing(person: Person) -> None:
    await planned(person, due=HOUR)
    async with person.service.engine.begin() as db:
        await db.execute(update(subscriptions_table).values(ends_at=func.now()))
    await retain(person.service)
    assert await count(person, subscriptions_table, reminders_table) == [0, 1]


@pytest.mark.parametrize(("hours", "left"), [(23.9, 1), (24.1, 0)])
async def test_told_changes_go_after_a_day_and_untold_ones_stay(person: Person, hours: float, left: int) -> None:
    await planned(person, due=HOUR)
    await announced(person, "told")
    await tell_news(person.service)
    await announced(person, "untold")
    async with person.service.engine.begin() as db:
        told = case_changes.c.told_at.is_not(None)
        await db.execute(update(case_changes).where(told).values(told_at=func.now() - timedelta(hours=hours)))
    await retain(person.service)
    assert await count(person, case_changes) == [left + 1]
