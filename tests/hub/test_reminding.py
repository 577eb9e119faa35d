"""What is said unasked: once, in time or not at all, by the clock of the database, never beside a person who speaks."""

import asyncio
import os
import signal
import sys
from collections.abc import MutableMapping
from datetime import date
from typing import Any, Final

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, update

from bot.hub.reminding import say_due, tell_news
from bot.i18n.formats import format_day
from bot.i18n.phrases import PHRASES
from bot.model import Purpose
from bot.post.reminders import ReminderDetails
from bot.storage.sealing import Seal
from bot.storage.tables import reminders as reminders_table
from bot.storage.tables import subscriptions as subscriptions_table
from tests.hub.conversation import Interpreter, Person
from tests.hub.reminded import HOUR, announced, clock_moves, noon, person, planned, states, texts

__all__ = ["noon", "person"]


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


async def test_where_announcements_are_not_believed_any_more_it_is_in_doubt(person: Person) -> None:
    await planned(person)
    service = person.service
    deaf = service.settings.model_copy(update={"case_api_webhook_secret": SecretStr("")})
    object.__setattr__(service, "settings", deaf)
    await say_due(service)
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


async def test_a_stop_takes_back_what_the_channel_could_not_take_yet(person: Person) -> None:
    await planned(person)
    await announced(person, "event-1", "FILE")
    assert (await say_due(person.service), await tell_news(person.service)) == (1, 1)
    assert texts(await person.commands("stop")) == [PHRASES["remind-stopped"]]


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


async def test_after_doubt_show_it_again_leads_to_the_appointment(person: Person) -> None:
    await planned(person)
    await say_due(person.service)
    await person.sees()
    await person.is_offered("repeat")
    (said,) = await person.presses("repeat")
    assert said.purpose is Purpose.FORM
