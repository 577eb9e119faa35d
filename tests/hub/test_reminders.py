"""Reminders in a conversation: asked for with one tap, explained, agreed to separately, stopped with one tap."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import Table, func, select, update

from bot.caseapi.client import CaseClient
from bot.caseapi.sandbox.people import Person as Applicant
from bot.hub.identity_check import case_client
from bot.hub.reminders import Kind as OfReminder
from bot.hub.reminders import due_at
from bot.hub.reminding import end_subscriptions
from bot.hub.render import renderer
from bot.hub.turn import Hub
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.phrases import PHRASES
from bot.model import Utterance
from bot.post import consents, conversations
from bot.post.reminders import ReminderDetails
from bot.storage.tables import consents as consents_table
from bot.storage.tables import forms, subscriptions
from bot.storage.tables import reminders as reminders_table
from tests.assistant.rest_channel import RestChannel, keys
from tests.caseapi.conftest import find, sandbox_url
from tests.hub.checked import go_through, office, settings
from tests.hub.conversation import Interpreter, Person
from tests.hub.reminded import it_is

__all__ = ["office", "sandbox_url", "settings"]

BOOKED = find("permit APPOINTMENT_BOOKED")
MOVED = find("appointment RESCHEDULED")
LANGUAGES = ("tr", "en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so")


@pytest.fixture
def person(hub: Hub) -> Person:
    return Person(hub, channel="telegram")


@pytest.fixture
async def client(hub: Hub) -> AsyncIterator[CaseClient]:
    async with case_client(hub.service) as client:
        yield client


async def confirm(person: Person, rasa: RestChannel, office: httpx2.AsyncClient, who: Applicant) -> Utterance:
    """Go through the check of `who` and return the answer about their appointment."""
    rasa.act = keys("check:appointment")
    await person.is_offered("check.anew:appointment")
    await person.presses("check.anew:appointment")
    answer = await go_through(person, office, who)
    rasa.act = keys("topic:education")
    return answer


async def agree(person: Person) -> Utterance:
    await person.presses("remind:appointment")
    (told,) = await person.presses("remind.yes:appointment")
    return told


async def rows(person: Person, table: Table) -> list[Any]:
    async with person.service.engine.connect() as db:
        return list((await db.execute(select(table).order_by(table.c.id))).all())


async def heard_by(office: httpx2.AsyncClient, who: Applicant) -> int:
    """How many subscriptions the case system has for somebody."""
    response = await office.post("/sandbox/change", json={"number": who.number, "kind": "FILE"})
    return int(response.json()["announced"])


def first(said: list[Utterance]) -> str:
    return said[0].blocks[0].text


async def test_it_is_offered_below_an_appointment_to_come_and_nothing_else(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient
) -> None:
    for who, offered in (
        (BOOKED, True),
        (find("appointment CANCELLED"), False),
        (find("appointment in the past"), False),
        (find("TP ACTIVE"), False),
    ):
        answer = await confirm(Person(person.hub, channel="telegram"), rasa, office, who)
        words = person.service.catalogues.say("en", "Remind me")
        assert (words in [button.label for button in answer.buttons]) is offered, who.about


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_question_is_short_and_in_every_language(hub: Hub, language: str) -> None:
    words = renderer(hub.service, "telegram", language)
    question = hub.reminders.explain(words, OfReminder.APPOINTMENT)
    expected = ["remind-appointment", "remind-office", "remind-telegram", "remind-free"]
    assert [block.text for block in question.blocks] == [words.phrase(name) for name in expected]
    assert [button.key for button in question.buttons] == ["remind.yes:appointment", "menu", "handoff.open"]
    for block in question.blocks:
        assert len(re.findall(r"[.؟?!۔](?=\s|$)", block.text)) == 1, block.text


async def test_yes_keeps_a_consent_and_a_reminder_and_subscribes(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient
) -> None:
    await confirm(person, rasa, office, BOOKED)
    told = await agree(person)
    assert told.plain_text() == PHRASES["remind-appointment-done"]
    assert await person.meanings(told) == ["remind.stop", "menu", "handoff.open"]
    (consent,) = await rows(person, consents_table)
    question = ("remind-appointment", "remind-office", "remind-telegram", "remind-free")
    asked = consents.version(*(PHRASES[name] for name in question))
    assert (consent.what, consent.version, consent.language, consent.channel, consent.withdrawn_at) == (
        "appointment",
        asked,
        "en",
        "telegram",
        None,
    )
    (reminder,) = await rows(person, reminders_table)
    (visit,) = BOOKED.appointments
    local = reminder.due_at.astimezone(OFFICE_ZONE)
    assert (local.time(), local.date()) == (time(10), visit.start.date() - timedelta(days=1))
    assert reminder.ends_at == visit.start
    assert visit.unit.encode() not in reminder.sealed_details
    details = ReminderDetails.model_validate(person.service.seal.open(reminder.sealed_details))
    assert details == ReminderDetails(at=visit.start, unit=visit.unit, address=visit.address)
    assert await heard_by(office, BOOKED) == 1


async def test_saying_yes_twice_changes_nothing(person: Person, rasa: RestChannel, office: httpx2.AsyncClient) -> None:
    who = find("IP INTERVIEW_SCHEDULED")
    await confirm(person, rasa, office, who)
    await agree(person)
    before = [await rows(person, table) for table in (consents_table, reminders_table, subscriptions)]
    told = await agree(person)
    assert told.plain_text() == PHRASES["remind-appointment-done"]
    assert [await rows(person, table) for table in (consents_table, reminders_table, subscriptions)] == before
    assert await heard_by(office, who) == 1


async def test_no_keeps_nothing(person: Person, rasa: RestChannel, office: httpx2.AsyncClient) -> None:
    await confirm(person, rasa, office, BOOKED)
    await person.presses("remind:appointment")
    (menu,) = await person.presses("menu")
    assert menu.keys == ("menu",)
    for table in (consents_table, reminders_table, subscriptions):
        assert await rows(person, table) == []


async def test_who_is_not_confirmed_any_more_checks_first(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient
) -> None:
    await confirm(person, rasa, office, BOOKED)
    async with person.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=func.now()))
    told = await agree(person)
    assert told.plain_text() == PHRASES["remind-check-first"]
    assert await person.meanings(told) == ["check:appointment", "handoff.open"]
    assert await rows(person, consents_table) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [("/v1/case/subscriptions", PHRASES["remind-not-now"]), ("/v1/case/appointments", None)],
)
async def test_a_case_system_in_trouble_means_no_reminder_and_no_consent(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, path: str, words: str | None
) -> None:
    await confirm(person, rasa, office, BOOKED)
    assert (await office.put("/sandbox/fault", json={"kind": "500", "path": path})).status_code == 204
    told = await agree(person)
    assert first([told]) == (words or "I cannot check now. This does not change your application.")
    assert await rows(person, consents_table) == []
    assert await rows(person, reminders_table) == []
    # Nothing was promised: what the case system was asked before is taken back.
    assert [row.conversation_id for row in await rows(person, subscriptions)] in ([], [None])


async def test_what_is_too_near_lets_its_subscription_go(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirm(person, rasa, office, BOOKED)
    (visit,) = BOOKED.appointments
    it_is(monkeypatch, visit.start - timedelta(minutes=30))
    assert (await agree(person)).plain_text() == PHRASES["remind-too-soon"]
    assert await end_subscriptions(person.service, client) == 1
    assert await rows(person, subscriptions) == []
    assert await rows(person, consents_table) == []


async def test_an_appointment_that_is_confirmed_anew_has_one_reminder_that_knows_it(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient
) -> None:
    await confirm(person, rasa, office, BOOKED)
    await agree(person)
    (old,) = await rows(person, subscriptions)
    await confirm(person, rasa, office, BOOKED)
    await agree(person)
    (reminder,) = await rows(person, reminders_table)
    assert reminder.subscription_id not in (None, old.id)


async def test_a_family_is_reminded_of_each(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient
) -> None:
    for who in (BOOKED, MOVED):
        await confirm(person, rasa, office, who)
        await agree(person)
    assert len(await rows(person, reminders_table)) == 2
    assert len(await rows(person, subscriptions)) == 2
    assert len(await rows(person, consents_table)) == 1
    assert await heard_by(office, MOVED) == 1
    await person.presses("remind.stop")
    assert await end_subscriptions(person.service, client) == 2
    assert await heard_by(office, MOVED) == 0


@pytest.mark.parametrize("tap", [True, False])
async def test_one_tap_or_the_command_stops_it(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient, *, tap: bool
) -> None:
    who = find("IP INTERVIEW_RESCHEDULED")
    await confirm(person, rasa, office, who)
    await agree(person)
    (told,) = await (person.presses("remind.stop") if tap else person.commands("stop"))
    assert told.plain_text() == PHRASES["remind-stopped"]
    (reminder,) = await rows(person, reminders_table)
    assert (reminder.state, reminder.sealed_details) == ("stopped", b"")
    (consent,) = await rows(person, consents_table)
    assert consent.withdrawn_at is not None
    assert await heard_by(office, who) == 1
    assert await end_subscriptions(person.service, client) == 1
    assert await heard_by(office, who) == 0
    assert await rows(person, subscriptions) == []


async def test_who_stopped_may_ask_again_in_the_same_check(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient
) -> None:
    await confirm(person, rasa, office, MOVED)
    await agree(person)
    await person.presses("remind.stop")
    await agree(person)
    assert [row.state for row in await rows(person, reminders_table)] == ["stopped", "waiting"]
    assert await end_subscriptions(person.service, client) == 1
    assert [row.conversation_id for row in await rows(person, subscriptions)] == [await person.conversation()]
    await person.presses("remind.stop")
    assert await end_subscriptions(person.service, client) == 1


async def test_the_end_is_told_to_the_case_system_until_it_has_heard(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient
) -> None:
    await confirm(person, rasa, office, MOVED)
    await agree(person)
    await person.presses("remind.stop")
    await office.put("/sandbox/fault", json={"kind": "500"})
    assert await end_subscriptions(person.service, client) == 0
    await office.delete("/sandbox/fault")
    assert await end_subscriptions(person.service, client) == 0, "not again at once"
    async with person.service.engine.begin() as db:
        await db.execute(update(subscriptions).values(tried_at=subscriptions.c.tried_at - timedelta(minutes=2)))
    assert await end_subscriptions(person.service, client) == 1
    assert await heard_by(office, MOVED) == 0


async def test_to_be_forgotten_stops_it_too(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, client: CaseClient
) -> None:
    await confirm(person, rasa, office, MOVED)
    await agree(person)
    await person.commands("forget")
    await person.presses("forget.confirm")
    for table in (consents_table, reminders_table):
        assert await rows(person, table) == []
    assert await end_subscriptions(person.service, client) == 1
    assert await heard_by(office, MOVED) == 0


async def test_status_says_which_it_is(person: Person, rasa: RestChannel, office: httpx2.AsyncClient) -> None:
    (off,) = await person.commands("status")
    assert [block.text for block in off.blocks][1:] == [PHRASES["remind-off"]]
    await confirm(person, rasa, office, BOOKED)
    await agree(person)
    (on,) = await person.commands("status")
    assert [block.text for block in on.blocks][1:] == [PHRASES["remind-on"]]
    assert (await person.meanings(on))[0] == "remind.stop"
    await person.presses("remind.stop")
    (off,) = await person.commands("status")
    assert [block.text for block in off.blocks][1:] == [PHRASES["remind-off"]]


@pytest.mark.parametrize("claimed", [True, False])
async def test_it_can_be_stopped_beside_a_person_and_in_the_queue(
    person: Person, rasa: RestChannel, office: httpx2.AsyncClient, interpreter: Interpreter, *, claimed: bool
) -> None:
    await confirm(person, rasa, office, BOOKED)
    await agree(person)
    await person.commands("human")
    if claimed:
        await interpreter.claims(await interpreter.case_of(person))
    said = await person.presses("remind.stop")
    # Beside a person the bot is silent.
    assert [first([told]) for told in said] == ([] if claimed else [PHRASES["remind-stopped"]])
    assert [row.state for row in await rows(person, reminders_table)] == ["stopped"]


@pytest.mark.parametrize("setting", [{"reminders": False}, {"case_api_webhook_secret": SecretStr("")}])
async def test_where_the_office_offers_none_none_is_offered(
    hub: Hub, rasa: RestChannel, office: httpx2.AsyncClient, setting: dict[str, Any]
) -> None:
    """Also where its announcements are not believed: a reminder could name an hour that was moved meanwhile."""
    off = hub.service.settings.model_copy(update=setting)
    object.__setattr__(hub.service, "settings", off)
    person = Person(hub, channel="telegram")
    answer = await confirm(person, rasa, office, BOOKED)
    assert "remind:appointment" not in await person.meanings(answer)
    for key in ("remind:appointment", "remind.yes:appointment"):
        await person.is_offered(key)
        (told,) = await person.presses(key)
        assert told.plain_text() == PHRASES["remind-impossible"]
    assert await rows(person, subscriptions) == []


@pytest.mark.parametrize("channel", ["kiosk", "terminal", "test"])
async def test_where_nobody_can_be_written_to_first_there_is_no_reminder(hub: Hub, channel: str) -> None:
    person = Person(hub, channel=channel)
    for key in ("remind:appointment", "remind.yes:appointment"):
        await person.is_offered(key)
        (told,) = await person.presses(key)
        assert told.plain_text() == PHRASES["remind-impossible"]


async def test_what_is_too_near_is_said_and_nothing_kept(hub: Hub, person: Person) -> None:
    await person.commands("start")
    words = renderer(hub.service, "telegram", "en")
    async with hub.service.engine.begin() as db:
        talk = await conversations.load(db, hub.service.seal, await person.conversation())
        told = await hub.reminders.promise(db, talk, words, OfReminder.APPOINTMENT, [])
    assert told.plain_text() == PHRASES["remind-too-soon"]
    assert await rows(person, consents_table) == []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20 12:00", "2026-11-24 10:00"),
        ("2026-11-24 09:59", "2026-11-24 10:00"),
        ("2026-11-24 10:00", "2026-11-25 08:30"),
        ("2026-11-25 08:29", "2026-11-25 08:30"),
        ("2026-11-25 08:30", None),
        ("2026-11-25 10:31", None),
    ],
)
def test_the_day_before_at_ten_else_two_hours_before_else_never(now: str, expected: str | None) -> None:
    due = due_at(at("2026-11-25 10:30"), at(now))
    assert due == (at(expected) if expected else None)
    assert due is None or due.tzinfo is UTC


def test_an_appointment_just_after_midnight_is_said_the_day_before_in_the_office() -> None:
    """23:30 UTC is half past two of the next day in Istanbul."""
    assert due_at(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), at("2026-11-20 12:00")) == at("2026-11-24 10:00")
