"""The calendar file: what another program reads from it, in every language, and what it must not say."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from bot.caseapi.calendar_file import FILE_NAME, calendar_file
from bot.caseapi.models import Appointment
from bot.caseapi.wording import Words
from bot.content import load_library
from bot.i18n.bidi import ISOLATES
from bot.i18n.catalogues import load_catalogues
from bot.settings import ROOT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIBRARY = load_library(ROOT / "content")
WORDS = Words(load_catalogues(ROOT, LIBRARY.languages), LIBRARY.case_words)
LANGUAGES = [language.code for language in LIBRARY.languages.offered()]


def appointment(**changes: object) -> Appointment:
    fields: dict[str, object] = {
        "id": "appointment-of-the-test",
        "type": "INTERVIEW",
        "unit": "Masa 4",
        "address": "Örnek Cad. 1, Adana",
        "start": datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        "end": datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        "status": "BOOKED",
        "items_to_bring": ("PASSPORT", "PHOTOS"),
    }
    return Appointment.model_validate(fields | changes)


def written(language: str = "en", **changes: object) -> bytes:
    return calendar_file(appointment(**changes), "name@rehber", WORDS, LIBRARY.languages.get(language), NOW)


def event(content: bytes) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(found, icalendar.Event)
    return found


def test_a_calendar_reads_where_and_when_and_what_to_bring() -> None:
    read = event(written())
    assert read.decoded("dtstart") == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert read.decoded("dtend") == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert str(read["summary"]) == "Appointment at the migration office"
    assert str(read["location"]) == "Masa 4, Örnek Cad. 1, Adana"
    assert str(read["description"]).splitlines() == [
        "Please bring:",
        "• your passport",
        "• biometric photos",
        "This is information. It is not an official notification.",
    ]
    (alarm,) = read.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_in_every_language_and_names_no_kind(language: str) -> None:
    content = written(language)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    text = content.decode().replace("\r\n ", "")
    assert not set(text) & ISOLATES
    kind = LIBRARY.case_words.of(language, "appointment_types", "INTERVIEW")
    assert kind not in text
    summary = str(event(content)["summary"])
    assert summary
    assert language == "en" or summary != "Appointment at the migration office"


def test_the_same_appointment_keeps_its_name_when_it_moves() -> None:
    later = written(start=datetime(2026, 12, 1, 9, 0, tzinfo=UTC), end=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    assert event(written())["uid"] == event(later)["uid"] == "name@rehber"
    assert "appointment-of-the-test" not in written().decode()


def test_the_office_s_words_cannot_add_a_line_to_the_file() -> None:
    read = event(written(unit="Masa 4;X=1,ATTENDEE:a\\nSUMMARY:refused", address="{name}"))
    assert str(read["location"]) == "Masa 4;X=1,ATTENDEE:a\\nSUMMARY:refused, {name}"
    assert str(read["summary"]) == "Appointment at the migration office"
    assert "attendee" not in read


def test_without_things_to_bring_it_says_none() -> None:
    assert str(event(written(items_to_bring=()))["description"]).count("\n") == 0


def test_its_name_says_nothing() -> None:
    assert FILE_NAME.isascii()
