"""The calendar file in a chat: offered where it can be saved, made anew from the file, gone with the session."""

import icalendar
from sqlalchemy import func, select, update

from bot.caseapi.codes import Vocabulary
from bot.hub.calendar_page import calendar_buttons, calendar_page
from bot.hub.capabilities import CHANNELS
from bot.hub.render import renderer
from bot.i18n.phrases import PHRASES
from bot.model import Attachment, Purpose, Utterance
from bot.storage.tables import choices, forms
from bot.storage.tables import outbox as outbox_table
from tests.caseapi.conftest import sandbox_url
from tests.caseapi.test_calendar_file import NOW, appointment
from tests.hub.checked import SOMEBODY, confirmed, office, settings
from tests.hub.conversation import Person

__all__ = ["confirmed", "office", "sandbox_url", "settings"]

CAPTION = 1024
"""UTF-16 units (https://core.telegram.org/bots/api#senddocument)."""


async def test_a_confirmed_person_gets_the_file(confirmed: Person) -> None:
    (page,) = await confirmed.presses("calendar:1")
    assert page.purpose is Purpose.PRIVATE
    assert page.attachment is not None
    (event,) = icalendar.Calendar.from_ical(page.attachment.content).walk("VEVENT")
    assert event.decoded("dtstart") == SOMEBODY.appointments[0].start
    said = page.attachment.content.decode() + page.plain_text()
    for secret in (SOMEBODY.number, SOMEBODY.factor_value, SOMEBODY.phone, SOMEBODY.appointments[0].id):
        assert secret not in said
    assert await confirmed.meanings(page) == ["menu", "handoff.open"]


async def test_the_same_appointment_is_saved_over(confirmed: Person) -> None:
    names = set()
    for _ in range(2):
        (page,) = await confirmed.presses("calendar:1")
        assert page.attachment is not None
        (event,) = icalendar.Calendar.from_ical(page.attachment.content).walk("VEVENT")
        names.add(str(event["uid"]))
    assert len(names) == 1


async def test_an_appointment_that_is_gone_is_answered_with_how_things_are(confirmed: Person) -> None:
    for which in ("2", "0", "-1", "x", "²", "9" * 30):
        await confirmed.is_offered(f"calendar:{which}")
        (answer,) = await confirmed.presses(f"calendar:{which}")
        assert answer.attachment is None
        assert SOMEBODY.appointments[0].unit in answer.plain_text()


async def test_when_the_session_is_over_there_is_no_file(confirmed: Person) -> None:
    async with confirmed.service.engine.begin() as db:
        await db.execute(update(forms).values(expires_at=func.now()))
    (over,) = await confirmed.presses("calendar:1")
    assert over.attachment is None
    assert over.plain_text() == PHRASES["check-over"]


async def test_nothing_of_it_can_be_read_in_the_database(confirmed: Person) -> None:
    await confirmed.presses("calendar:1")
    async with confirmed.service.engine.connect() as db:
        dump = str((await db.execute(select(outbox_table))).all()) + str((await db.execute(select(choices))).all())
    for word in ("VCALENDAR", "VkNBTEVOREFS", SOMEBODY.appointments[0].unit):
        assert word not in dump


def test_a_file_comes_back_from_storage_as_it_was() -> None:
    page = Utterance("en", "ltr", (), attachment=Attachment("a.ics", "text/calendar", bytes(range(256))))
    assert Utterance.from_json(page.to_json()) == page
    assert Utterance.from_json({k: v for k, v in page.to_json().items() if k != "attachment"}).attachment is None


def test_only_a_device_of_one_s_own_is_offered_a_file(confirmed: Person) -> None:
    offered = {
        channel: [button.key for button in calendar_buttons(renderer(confirmed.service, channel, "en"), 1)]
        for channel in CHANNELS
    }
    assert offered == {"telegram": ["calendar:1"], "kiosk": [], "terminal": []}


def test_several_are_told_apart_by_their_number_only(confirmed: Person) -> None:
    words = renderer(confirmed.service, "telegram", "en")
    label = words.button("calendar", "").label
    assert [b.label for b in calendar_buttons(words, 5)] == [f"{label} ({n})" for n in (1, 2, 3)]
    assert [b.label for b in calendar_buttons(words, 1)] == [label]
    assert calendar_buttons(words, 0) == []


def test_what_stands_below_the_file_fits_in_every_language(confirmed: Person) -> None:
    service = confirmed.service
    for language in service.registry.offered():
        words = renderer(service, "telegram", language.code)
        page = calendar_page(service, words, appointment(), NOW)
        assert len(page.plain_text().encode("utf-16-le")) // 2 < CAPTION
        assert service.library.case_words.of(language.code, Vocabulary.APPOINTMENT_TYPE, "INTERVIEW") not in str(page)
