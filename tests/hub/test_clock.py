"""The last day of a duty, worked out in a conversation: with buttons, typed, in every calendar, and forgotten."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest
from persiantools.jdatetime import JalaliDate
from sqlalchemy import func, select, update

from bot.bootstrap import Service
from bot.content import planner
from bot.content.clocks import Clock
from bot.content.planner import Plan
from bot.hub.kept import Kept
from bot.hub.turn import Hub
from bot.i18n.bidi import ISOLATES
from bot.i18n.clock_phrases import ANSWER, DIALOGUE, QUESTIONS
from bot.i18n.formats import OFFICE_ZONE, format_day
from bot.i18n.phrases import PHRASES
from bot.keys import Key
from bot.model import Kind, Utterance
from bot.storage.tables import consents, forms, inbox, reminders, turns
from bot.storage.tables import outbox as outbox_table
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Interpreter, Person, work_off

ADDRESS = "clock:address-registration#address"
PERMIT = "clock:residence-permit-extension#permit-end"
LANGUAGES = ["tr", "en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so"]


def today() -> date:
    return datetime.now(OFFICE_ZONE).date()


def written(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def clock(service: Service, key: str) -> Clock:
    parsed = Key.parse(key)
    return service.library.topics[parsed.argument].clocks[parsed.section]


def said_of(service: Service, phrase: str, language: str = "en", **values: object) -> str:
    return service.catalogues.say(language, phrase, **values)


def day_in(service: Service, day: date, language: str = "en") -> str:
    return format_day(day, service.registry.get(language))


def shown(utterance: Utterance) -> str:
    return "".join(char for char in utterance.plain_text() if char not in ISOLATES)


def says_the_plan(service: Service, answer: Utterance, plan: Plan, language: str = "en") -> bool:
    text = shown(answer)
    lines = [
        said_of(service, ANSWER["last-day"], language, day=day_in(service, plan.last, language)),
        said_of(service, ANSWER["help-only"], language),
    ]
    return all(line in text for line in lines) and day_in(service, plan.event, language) in text


async def asked(person: Person, key: str = ADDRESS) -> Utterance:
    await person.is_offered(key)
    (question,) = await person.presses(key)
    return question


async def kept(person: Person) -> list[str]:
    async with person.service.engine.connect() as db:
        rows = await db.scalars(select(forms.c.kind).where(forms.c.expires_at > func.now()))
        return list(rows)


async def test_the_page_of_a_duty_offers_its_clocks(person: Person, rasa: RestChannel) -> None:
    rasa.act = keys("topic:address-registration")
    (page,) = await person.says("I moved")
    assert {ADDRESS, "clock:address-registration#birth"} <= set(await person.meanings(page))
    rasa.act = keys("topic:education")
    (page,) = await person.says("How do I put my child in school?")
    assert not [key for key in await person.meanings(page) if key.startswith("clock")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_day_is_chosen_and_the_last_day_is_said(hub: Hub, language: str) -> None:
    person = Person(hub, channel="kiosk", hint=language)
    question = await asked(person)
    assert question.language == language
    assert said_of(hub.service, QUESTIONS["address"], language) in shown(question)
    ways = [*(f"clock.day:{ago}" for ago in range(7)), "clock.day:type", "form.cancel", "handoff.open"]
    assert await person.meanings(question) == ways
    assert question.buttons[3].label.translate(dict.fromkeys(map(ord, ISOLATES))) == day_in(
        hub.service, today() - timedelta(days=3), language
    )
    (answer,) = await person.presses("clock.day:3")
    plan = planner.plan(clock(hub.service, ADDRESS), today() - timedelta(days=3))
    assert says_the_plan(hub.service, answer, plan, language)
    assert "{" not in shown(answer)
    assert await person.meanings(answer) == ["topic:address-registration", "menu", "handoff.open"]
    assert await kept(person) == []


async def test_a_typed_date_is_confirmed_and_never_reaches_rasa(person: Person, rasa: RestChannel) -> None:
    event = today() - timedelta(days=9)
    await asked(person)
    (question,) = await person.presses("clock.day:type")
    assert DIALOGUE["type"].partition("{")[0] in shown(question)
    number = await person.sends(written(event))
    await work_off(person.hub)
    (confirm,) = await person.sees()
    assert shown(confirm).endswith(DIALOGUE["confirm"].format(day=day_in(person.service, event)))
    assert await person.meanings(confirm) == ["clock.day:yes", "clock.day:type", "form.cancel", "handoff.open"]
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(inbox.c.sealed_payload).where(inbox.c.id == number)) is None
    (answer,) = await person.presses("clock.day:yes")
    assert says_the_plan(person.service, answer, planner.plan(clock(person.service, ADDRESS), event))
    assert rasa.asked == []


@pytest.mark.parametrize("language", ["fa", "prs", "ps", "en"])
async def test_a_solar_hijri_date_is_shown_in_both_calendars(hub: Hub, rasa: RestChannel, language: str) -> None:
    person = Person(hub, channel="kiosk", hint=language)
    event = today() - timedelta(days=12)
    solar = JalaliDate(event)  # type: ignore[no-untyped-call]  # the library's types are incomplete
    await asked(person)
    typed = f"{solar.year}/{solar.month}/{solar.day}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    (confirm,) = await person.says(typed)
    assert f"{solar.day}.{solar.month}.{solar.year}" in shown(confirm)
    assert day_in(hub.service, event, language) in shown(confirm)
    (answer,) = await person.presses("clock.day:yes")
    assert says_the_plan(hub.service, answer, planner.plan(clock(hub.service, ADDRESS), event), language)
    assert rasa.asked == []


async def test_nothing_keeps_the_date_in_plain_and_nothing_but_messages_keeps_it_at_all(person: Person) -> None:
    event = today() - timedelta(days=9)
    await asked(person)
    await person.says(written(event))
    await person.presses("clock.day:yes")
    await asked(person)
    await person.presses("clock.day:4")
    assert await kept(person) == []
    async with person.service.engine.connect() as db:
        noted = (await db.scalars(select(turns.c["keys"]))).all()
        payloads = (await db.scalars(select(outbox_table.c.sealed_payload))).all()
    assert "clock.day" in [key for row in noted for key in row]
    for text in (written(event), event.isoformat(), "clock.day:4"):
        assert text not in str(noted)
        assert text.encode() not in b"".join(payloads)


@pytest.mark.parametrize(
    ("key", "typed", "remark"),
    [
        (ADDRESS, written(today() + timedelta(days=2)), "to-come"),
        (ADDRESS, written(today() - timedelta(days=400)), "long-ago"),
        (PERMIT, written(today() - timedelta(days=400)), "long-ago"),
        (PERMIT, written(today() + timedelta(days=365 * 7)), "far-off"),
        (ADDRESS, "20.11", "unreadable"),
        (ADDRESS, "31.02.2026", "unreadable"),
        (PERMIT, "12 1448", "unreadable"),
    ],
)
async def test_a_date_that_cannot_be_meant_is_asked_for_again(
    person: Person, rasa: RestChannel, key: str, typed: str, remark: str
) -> None:
    await asked(person, key)
    (again,) = await person.says(typed)
    assert DIALOGUE[remark] in shown(again)
    assert QUESTIONS[clock(person.service, key).id] in shown(again)
    assert await person.meanings(again) == ["form.cancel", "handoff.open"]
    assert rasa.asked == []
    assert await kept(person) == [Kept.CLOCK]


@pytest.mark.parametrize(
    "text", ["How do I put my child in school?", "he hit me 3 times yesterday", "help 112", "١١٢", "?"]
)
async def test_a_sentence_is_a_question_also_while_a_date_is_asked_for(
    person: Person, rasa: RestChannel, text: str
) -> None:
    await asked(person)
    (answer,) = await person.says(text)
    assert answer.keys == ("topic:education",)
    assert len(rasa.asked) == 1


async def test_danger_is_heard_and_ends_the_question(
    person: Person, rasa: RestChannel, interpreter: Interpreter
) -> None:
    await asked(person)
    rasa.act = keys("topic:violence-abuse-and-self-harm")
    (page,) = await person.says("My husband beats me")
    assert "112" in shown(page)
    assert await interpreter.case_of(person)
    assert await kept(person) == []


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.UNREADABLE])
async def test_what_is_no_text_is_answered_as_always(person: Person, kind: Kind) -> None:
    await asked(person)
    (told,) = await person.says("11.11.2026" if kind is Kind.EDIT else "photo", kind)
    assert shown(told) == PHRASES["edited" if kind is Kind.EDIT else "unreadable"]
    assert await kept(person) == [Kept.CLOCK]


async def test_a_time_that_has_passed_is_said_without_fear_and_a_person_comes_first(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    await asked(person)
    await person.says(written(today() - timedelta(days=60)))
    (answer,) = await person.presses("clock.day:yes")
    text = shown(answer)
    assert ANSWER["passed"] in text
    assert ANSWER["last-day"].partition("{")[0] not in text
    assert ANSWER["last-day-was"].partition("{")[0] in text
    assert await person.meanings(answer) == ["handoff.open", "topic:address-registration", "menu"]


async def test_the_days_to_extend_a_permit(person: Person) -> None:
    question = await asked(person, PERMIT)
    assert await person.meanings(question) == ["form.cancel", "handoff.open"]
    end = today() + timedelta(days=200)
    await person.says(written(end))
    (answer,) = await person.presses("clock.day:yes")
    plan = planner.plan(clock(person.service, PERMIT), end)
    assert says_the_plan(person.service, answer, plan)
    assert plan.first is not None
    assert ANSWER["first-day"].format(day=day_in(person.service, plan.first)) in shown(answer)
    assert ANSWER["not-yet"] in shown(answer)
    await person.is_offered("clock.day:0")
    await asked(person, PERMIT)
    # A button of another question: no permit is worked out from a day that was never typed.
    (again,) = await person.presses("clock.day:0")
    assert QUESTIONS["permit-end"] in shown(again)


async def test_stop_stops_and_an_old_button_says_that_it_is_over(person: Person) -> None:
    question = await asked(person)
    (stopped,) = await person.presses("form.cancel")
    assert shown(stopped) == DIALOGUE["stopped"]
    assert await kept(person) == []
    (over,) = await person.says(question.buttons[0].token, Kind.CHOICE)
    assert shown(over) == DIALOGUE["over"]
    assert set(await person.meanings(over)) == {"menu", "handoff.open"}


async def test_a_question_whose_time_is_over_takes_no_date(person: Person, rasa: RestChannel) -> None:
    await asked(person)
    async with person.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=func.now()))
    (answer,) = await person.says("education in 2026")
    assert answer.keys == ("topic:education",)
    (over,) = await person.presses("clock.day:1")
    assert shown(over) == DIALOGUE["over"]


async def test_a_check_and_a_clock_are_never_open_at_once(hub: Hub, rasa: RestChannel) -> None:
    person = Person(hub, channel="telegram")
    await asked(person)
    await person.is_offered("check:appointment")
    await person.presses("check:appointment")
    assert await kept(person) == [Kept.CHECK]
    (over,) = await person.presses("clock.day:1")
    assert shown(over) == DIALOGUE["over"]
    await asked(person)
    assert await kept(person) == [Kept.CLOCK]


async def test_a_button_that_is_older_than_the_content_leads_to_what_there_is(person: Person) -> None:
    page = await asked(person, "clock:education#address")
    assert page.keys == ("topic:education",)
    assert (await asked(person, "clock:a-topic-of-last-year#address")).keys == ("menu",)
    assert await kept(person) == []


async def test_what_is_being_checked_by_the_office_is_not_counted(hub: Hub, person: Person) -> None:
    await asked(person)
    topics = dict(hub.service.library.topics)
    old = topics["address-registration"]
    facts = old.facts.model_copy(update={"review_due": today() - timedelta(days=1)})
    topics[old.slug] = replace(old, facts=facts)
    library = replace(hub.service.library, topics=MappingProxyType(topics))
    later = Person(
        replace(hub, service=replace(hub.service, library=library)), address=person.address, seen=person.seen
    )
    (over,) = await later.presses("clock.day:1")
    assert shown(over) == DIALOGUE["over"]
    page = await asked(later)
    assert shown(page) == PHRASES["withheld"].format(phone="157")
    assert not [key for key in await later.meanings(page) if key.startswith("clock")]


async def test_on_telegram_a_reminder_is_offered_asked_for_and_planned(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    await asked(person)
    (answer,) = await person.presses("clock.day:0")
    assert "remind:clock" in await person.meanings(answer)
    assert await kept(person) == [Kept.LAST_DAY]
    (consent,) = await person.presses("remind:clock")
    assert PHRASES["remind-clock"] in shown(consent)
    async with hub.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(reminders)) == 0
    (done,) = await person.presses("remind.yes:clock")
    assert shown(done) == PHRASES["remind-clock-done"]
    plan = planner.plan(clock(hub.service, ADDRESS), today())
    async with hub.service.engine.connect() as db:
        rows = (await db.execute(select(reminders).order_by(reminders.c.due_at))).all()
        assert (await db.scalars(select(consents.c.what))).all() == ["clock"]
    assert {row.what for row in rows} == {"clock:address"}
    due = [row.due_at.astimezone(OFFICE_ZONE) for row in rows]
    assert [(moment.date(), moment.hour) for moment in due] == [
        (plan.last - timedelta(days=3), 10),
        (plan.last, 10),
    ]
    for row in rows:
        details = hub.service.seal.open(row.sealed_details)
        assert (details["day"], details["topic"]) == (plan.last.isoformat(), "address-registration")
        assert row.ends_at.astimezone(OFFICE_ZONE).date() == plan.last + timedelta(days=1)


async def test_a_reminder_that_was_offered_too_long_ago_is_not_made(hub: Hub) -> None:
    person = Person(hub, channel="telegram")
    await asked(person)
    await person.presses("clock.day:0")
    await person.presses("remind:clock")
    async with hub.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=func.now()))
    (over,) = await person.presses("remind.yes:clock")
    assert shown(over) == DIALOGUE["over"]
    async with hub.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(reminders)) == 0
