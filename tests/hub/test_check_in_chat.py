"""The identity check in a chat: what is typed never reaches Rasa, is not kept, and is nobody else's business."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update

from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service
from bot.caseapi.client import Check
from bot.caseapi.form import Form
from bot.caseapi.phrases import PHRASES as OF_THE_CHECK
from bot.caseapi.sandbox.people import people
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.reminders import Reminders
from bot.hub.turn import Hub
from bot.i18n.phrases import PHRASES
from bot.model import Kind, Purpose
from bot.settings import Settings
from bot.storage.attempts import StoredAttempts
from bot.storage.tables import case_entries, conversations, forms, inbox
from bot.storage.tables import outbox as outbox_table
from tests.assistant.rest_channel import RestChannel, keys
from tests.hub.conversation import Interpreter, Person, work_off

SOMEBODY = next(p for p in people(datetime.now(UTC)) if p.appointments)


@pytest.fixture
async def in_check(hub: Hub, rasa: RestChannel) -> Person:
    """Somebody on Telegram who has asked for their appointment and sees the first question."""
    person = Person(hub, channel="telegram")
    rasa.act = keys("check:appointment")
    (question,) = await person.says("When is my appointment?")
    assert question.purpose is Purpose.FORM
    assert [block.text for block in question.blocks] == [PHRASES["check-begins"], OF_THE_CHECK["ask.document"]]
    rasa.asked.clear()
    return person


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.EDIT, Kind.UNREADABLE])
async def test_nothing_that_is_typed_reaches_rasa_or_is_kept(in_check: Person, rasa: RestChannel, kind: Kind) -> None:
    number = await in_check.sends("99 123 canary", kind, "canary below a picture" if kind is Kind.UNREADABLE else "")
    await work_off(in_check.hub)
    said = await in_check.sees()
    assert len(said) == 1
    assert "handoff.open" in await in_check.meanings(said[0])
    assert "form.cancel" in await in_check.meanings(said[0])
    assert rasa.asked == []
    async with in_check.service.engine.connect() as db:
        assert await db.scalar(select(inbox.c.sealed_payload).where(inbox.c.id == number)) is None
        payloads = (await db.scalars(select(outbox_table.c.sealed_payload))).all()
    assert "canary" not in str([in_check.service.seal.open(sealed) for sealed in payloads])


async def test_a_typed_name_does_not_change_the_language(in_check: Person) -> None:
    async with in_check.service.engine.begin() as db:
        await db.execute(update(conversations).values(language="en", language_chosen=False))
    (said,) = await in_check.says("Çocuğumu okula nasıl kaydettirebilirim, lütfen söyleyin")
    assert said.language == "en"
    (menu,) = await in_check.commands("menu")
    assert menu.language == "en"


async def test_stop_stops(in_check: Person, rasa: RestChannel) -> None:
    (stopped,) = await in_check.presses("form.cancel")
    assert stopped.plain_text() == PHRASES["check-cancelled"]
    rasa.act = keys("topic:education")
    (answer,) = await in_check.says("How do I put my child in school?")
    assert answer.keys == ("topic:education",)


async def test_calling_a_person_ends_the_check(in_check: Person, interpreter: Interpreter, rasa: RestChannel) -> None:
    await in_check.presses("handoff.open")
    async with in_check.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(forms)) == 0
    case_id = await interpreter.case_of(in_check)
    await interpreter.claims(case_id)
    await interpreter.closes(case_id)
    await in_check.sees()
    rasa.act = keys("topic:education")
    (answer,) = await in_check.says("How do I put my child in school?")
    assert answer.keys == ("topic:education",)


async def test_what_is_typed_for_the_check_is_no_word_to_who_comes(
    in_check: Person, interpreter: Interpreter, rasa: RestChannel
) -> None:
    """A call for help leaves the bot answering; somebody comes while the person types a number."""
    rasa.act = keys("topic:violence-abuse-and-self-harm")
    await in_check.presses("form.cancel")
    await in_check.says("he beats me")
    rasa.act = keys("check:appointment")
    await in_check.says("When is my appointment?")
    case_id = await interpreter.case_of(in_check)
    await interpreter.claims(case_id)
    number = await in_check.sends("99 123 canary")
    await work_off(in_check.hub)
    assert await in_check.state(number) == "handed_over"
    async with in_check.service.engine.connect() as db:
        row = (await db.execute(select(inbox).where(inbox.c.id == number))).one()
        thread = (await db.scalars(select(case_entries.c.sealed_text).where(case_entries.c.case_id == case_id))).all()
        assert await db.scalar(select(func.count()).select_from(forms)) == 0
    assert row.sealed_payload is None
    words = [in_check.service.seal.open(sealed) for sealed in thread if sealed]
    assert words[-1] == "[check]"
    assert "canary" not in str(words)
    await in_check.sends("I am afraid")
    await work_off(in_check.hub)
    async with in_check.service.engine.connect() as db:
        thread = (await db.scalars(select(case_entries.c.sealed_text).where(case_entries.c.case_id == case_id))).all()
    assert "I am afraid" in [in_check.service.seal.open(sealed) for sealed in thread if sealed]


async def test_a_check_whose_time_is_over_takes_no_words(in_check: Person, rasa: RestChannel) -> None:
    async with in_check.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=func.now()))
    rasa.act = keys("topic:education")
    (answer,) = await in_check.says("How do I put my child in school?")
    assert answer.keys == ("topic:education",)
    await in_check.is_offered("form:passport")
    (over,) = await in_check.presses("form:passport")
    assert over.plain_text() == PHRASES["check-over"]


async def test_a_late_answer_to_a_question_that_still_stands_there_goes_nowhere(
    in_check: Person, rasa: RestChannel
) -> None:
    """It may be a name. A check is over ten minutes after its first question; its last may just have been asked."""
    await _opened_earlier(in_check, timedelta(minutes=9, seconds=50))
    (question,) = await in_check.presses(f"form:{SOMEBODY.document.value}")
    assert question.purpose is Purpose.FORM
    await _opened_earlier(in_check, timedelta(minutes=2))
    async with in_check.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=forms.c.expires_at - timedelta(minutes=2)))
    (over,) = await in_check.says("canary the name of my father")
    assert over.blocks[0].text == OF_THE_CHECK["expired"]
    assert rasa.asked == []
    async with in_check.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(forms)) == 0


async def _opened_earlier(person: Person, by: timedelta) -> None:
    seal = person.service.seal
    async with person.service.engine.begin() as db:
        form = Form.model_validate(seal.open((await db.scalars(select(forms.c.sealed_state))).one()))
        form = form.model_copy(update={"opened_at": form.opened_at - by})
        await db.execute(update(forms).values(sealed_state=seal.close(form.model_dump(mode="json"))))


async def test_where_the_case_system_is_away_it_is_never_no_appointment(in_check: Person, rasa: RestChannel) -> None:
    """Nobody answers at the address of the case system."""
    somebody = next(p for p in people(datetime.now(UTC)) if p.appointments)
    await in_check.presses(f"form:{somebody.document.value}")
    for typed in (somebody.number, somebody.factor_value, somebody.phone):
        said = await in_check.says(typed)
    (answer,) = said
    assert [block.text for block in answer.blocks] == [OF_THE_CHECK["cannot-check"], OF_THE_CHECK["cannot-check.later"]]
    assert await in_check.meanings(answer) == ["handoff.open", "menu"]
    assert rasa.asked == []
    async with in_check.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(forms)) == 0
        assert await db.scalar(select(func.count()).where(inbox.c.sealed_payload.is_(None))) == 3


async def test_the_kiosk_leads_to_its_own_page(hub: Hub, rasa: RestChannel) -> None:
    person = Person(hub, channel="kiosk")
    rasa.act = keys("check:status")
    (said,) = await person.says("Is my permit ready?")
    assert said.plain_text() == PHRASES["check-here"]
    assert await person.meanings(said) == ["/check?about=status", "handoff.open"]


async def test_on_telegram_it_is_the_offices_decision(rasa: RestChannel, service: Service) -> None:
    """The transfer abroad is: without it the reason is told, and the kiosk and the desk; nothing is asked."""
    assert Settings.model_fields["telegram_case_check"].default is False
    undecided = replace(service, settings=service.settings.model_copy(update={"telegram_case_check": False}))
    async with RasaAssistant(rasa.url, 0.5) as assistant, case_client(undecided) as client:
        check = IdentityCheck(undecided, client)
        hub = Hub(undecided, assistant, check, Reminders(undecided, client, check))
        person = Person(hub, channel="telegram")
        for about in Check:
            rasa.act = keys(f"check:{about.value}")
            (said,) = await person.says("Please look into my file")
            assert said.plain_text() == PHRASES["check-not-abroad"]
            assert await person.meanings(said) == ["handoff.open", "menu"]
            await person.is_offered(f"check.anew:{about.value}")
            (said,) = await person.presses(f"check.anew:{about.value}")
            assert said.plain_text() == PHRASES["check-not-abroad"]
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(forms)) == 0


async def test_erasing_the_conversation_gives_no_new_tries(in_check: Person) -> None:
    """Tries are counted by account. The case system is away, so the count is taken back: look at the name only."""
    origins = []
    for _ in range(2):
        await in_check.presses(f"form:{SOMEBODY.document.value}")
        for typed in (SOMEBODY.number, SOMEBODY.factor_value):
            await in_check.says(typed)
        with patch.object(StoredAttempts, "reserve", autospec=True, return_value=None) as reserve:
            await in_check.says(SOMEBODY.phone)
        (call,) = reserve.await_args_list
        origins.append(call.args[1].origin)
        await in_check.is_offered("forget.confirm")
        await in_check.presses("forget.confirm")
        await in_check.is_offered("check:appointment")
        await in_check.presses("check:appointment")
    assert origins[0] == origins[1]


async def test_where_it_is_not_allowed_it_says_where_to_go(hub: Hub, rasa: RestChannel) -> None:
    person = Person(hub, channel="test")
    rasa.act = keys("check:status")
    (said,) = await person.says("Is my permit ready?")
    assert said.plain_text() == PHRASES["check-elsewhere"]
    async with hub.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(forms)) == 0


async def test_what_a_defect_met_in_a_check_is_erased_too(
    in_check: Person, monkeypatch: pytest.MonkeyPatch, rasa: RestChannel
) -> None:
    async def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(IdentityCheck, "continue_with", broken)
    number = await in_check.sends("99 123 canary")
    while await in_check.state(number) == "received":
        async with in_check.service.engine.begin() as db:
            await db.execute(update(inbox).values(due_at=func.now()))
        await work_off(in_check.hub)
    (sorry,) = await in_check.sees()
    assert sorry.plain_text() == PHRASES["gave-up"]
    async with in_check.service.engine.connect() as db:
        assert await db.scalar(select(inbox.c.sealed_payload).where(inbox.c.id == number)) is None
    assert rasa.asked == []
