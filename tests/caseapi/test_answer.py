"""What is shown of a file: neutral, complete, and in the reader's own way of writing dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.caseapi import phrases
from bot.caseapi.answer import build
from bot.caseapi.client import CaseFile
from bot.caseapi.codes import OTHER, Vocabulary
from bot.caseapi.models import (
    Appointment,
    Appointments,
    Permit,
    Permits,
    Protection,
    ProtectionReport,
    TravelPermit,
    TravelPermits,
)
from bot.caseapi.wording import Line, Meaning, Sentence, Typed, Words, line, say
from bot.i18n.formats import format_day
from bot.i18n.registry import Language
from tests.caseapi.conftest import ARABIC, DARI, ENGLISH, PASHTO, PERSIAN, TURKISH

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUBJECT = "subject-of-the-test-0"


def _appointment(**changes: object) -> CaseFile:
    fields: dict[str, object] = {
        "id": "appointment-of-the-test",
        "type": "INTERVIEW",
        "unit": "Masa 4",
        "address": "Örnek Cad. 1",
        "start": NOW + timedelta(days=2),
        "end": NOW + timedelta(days=2, minutes=30),
        "status": "BOOKED",
        "items_to_bring": ("PASSPORT",),
    }
    entry = Appointment.model_validate(fields | changes)
    return CaseFile(appointments=Appointments(subject=SUBJECT, as_of=NOW, appointments=(entry,)))


def _file(
    protection: Protection | None = None, permits: tuple[Permit, ...] = (), travel: tuple[TravelPermit, ...] = ()
) -> CaseFile:
    return CaseFile(
        protection=ProtectionReport(subject=SUBJECT, as_of=NOW, protection=protection),
        permits=Permits(subject=SUBJECT, as_of=NOW, permits=permits),
        travel_permits=TravelPermits(subject=SUBJECT, as_of=NOW, travel_permits=travel),
    )


def _permit(status: str, next_step: str | None = None) -> Permit:
    return Permit(kind="STUDENT", status=status, valid_from=None, valid_to=None, next_step_code=next_step)


def _said(sentence: Sentence) -> str | Meaning:
    return sentence.msgid if isinstance(sentence, Line) else sentence


def _ids(file: CaseFile) -> list[str | Meaning]:
    """Message ids, and what stands for a code."""
    return [_said(sentence) for sentence in build(file, NOW).lines]


_CLOSING = [phrases.PHRASES["cannot-know"], phrases.PHRASES["as-of"], phrases.PHRASES["not-official"]]
_NEWS_ONLY = [phrases.SEE_OFFICER, *_CLOSING]


@pytest.mark.parametrize(
    "file",
    [
        _file(permits=(_permit("DECISION_READY_SEE_OFFICER"),)),
        _file(permits=(_permit("WITHDRAWN"),)),
        _file(permits=(_permit("REJECTED_UNDER_V_87"),)),
        _file(permits=(_permit("WITHDRAWN"), _permit("DECISION_READY_SEE_OFFICER"))),
        _file(Protection(track="IP", status="REFUSED", province="Sivas", next_step_code=None, see_officer=False)),
        _file(Protection(track="IP", status="ACTIVE", province="Sivas", next_step_code=None, see_officer=False)),
        _file(Protection(track="TP", status="ACTIVE", province="Sivas", next_step_code=None, see_officer=True)),
        _file(
            travel=(TravelPermit(valid_from=None, valid_to=None, province="Ankara", status="NOT_GRANTED_SEE_OFFICER"),)
        ),
        _file(travel=(TravelPermit(valid_from=None, valid_to=None, province="Ankara", status="GRANTED"),)),
        _appointment(status="FORBIDDEN"),
    ],
)
def test_adverse_unknown_and_incomplete_things_all_read_the_same(file: CaseFile) -> None:
    assert _ids(file) == _NEWS_ONLY


def test_an_unknown_next_step_asks_for_an_officer_beside_the_status() -> None:
    assert _ids(_file(permits=(_permit("UNDER_REVIEW", "RUN"),))) == [
        Meaning(Vocabulary.PERMIT_KIND, "STUDENT"),
        Meaning(Vocabulary.PERMIT_STATUS, "UNDER_REVIEW", ("is",)),
        *_NEWS_ONLY,
    ]


def test_nothing_asked_is_not_nothing_there() -> None:
    with pytest.raises(ValueError, match="nothing was asked"):
        build(CaseFile(), NOW)


def test_a_past_appointment_is_not_no_appointment() -> None:
    ids = _ids(_appointment(start=NOW - timedelta(days=2), end=NOW - timedelta(days=2)))
    assert phrases.PHRASES["appointment.passed"] in ids
    assert phrases.PHRASES["no-appointment"] not in ids


def test_a_cancelled_appointment_does_not_say_when_to_come() -> None:
    ids = _ids(_appointment(status="CANCELLED"))
    cancelled = ids.index(Meaning(Vocabulary.APPOINTMENT_STATUS, "CANCELLED", ("is",)))
    assert ids[cancelled + 1 : cancelled + 3] == [
        phrases.PHRASES["appointment.was"],
        Meaning(Vocabulary.APPOINTMENT_STATUS, "CANCELLED", ("do",)),
    ]
    assert phrases.PHRASES["appointment.when"] not in ids


def test_a_granted_travel_permit_says_its_days_before_what_to_carry() -> None:
    permit = TravelPermit(
        valid_from=NOW.date(), valid_to=NOW.date() + timedelta(days=9), province="Ankara", status="GRANTED"
    )
    ids = [_said(sentence) for sentence in build(_file(travel=(permit,)), NOW).lines]
    granted = ids.index(Meaning(Vocabulary.TRAVEL_STATUS, "GRANTED", ("is",)))
    assert ids[granted + 1 : granted + 3] == [
        phrases.PHRASES["travel.valid"],
        Meaning(Vocabulary.TRAVEL_STATUS, "GRANTED", ("do", "bring")),
    ]


def test_the_pashto_names_of_the_weekdays_are_not_the_word_for_week() -> None:
    monday = date(2026, 11, 23)
    names = [format_day(monday + timedelta(days=later), PASHTO).partition(" ")[0] for later in range(7)]
    assert names == ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"]


def test_unknown_things_to_bring_are_said_once() -> None:
    lines = build(_appointment(items_to_bring=("PASSPORT", "A_HAT", "A_COAT")), NOW).lines
    items = [sentence.values["item"] for sentence in lines if isinstance(sentence, Line) and "item" in sentence.values]
    assert items == [Meaning(Vocabulary.ITEM, "PASSPORT"), Meaning(Vocabulary.ITEM, OTHER)]


def test_what_the_office_says_to_do_goes_before_what_a_status_says_to_do(untranslated: Words) -> None:
    def second(next_step: str | None) -> str:
        return say(build(_file(permits=(_permit("CARD_RETURNED", next_step),)), NOW).lines[1], untranslated, ENGLISH)

    returned = "The post could not deliver your card. It is back at the office."
    assert second(None) == f"{returned} Please collect your card at the office. Please bring your identity document."
    assert second("WAIT_FOR_SMS") == returned


def test_the_office_s_words_cannot_reach_the_words_of_a_code(untranslated: Words) -> None:
    """A status that is named like a place in a template, or like the stand-in for unknown types, says nothing."""
    for code in ("OTHER", "IS", "MSGID"):
        assert _ids(_file(permits=(_permit(code),))) == _NEWS_ONLY


def test_what_the_service_cannot_know_is_said_once_and_before_the_end() -> None:
    file = _file(permits=(_permit("UNDER_REVIEW"), _permit("CARD_RETURNED")))
    assert _ids(file).count(phrases.PHRASES["cannot-know"]) == 1
    assert _ids(file)[-3:] == _CLOSING


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        (ENGLISH, "Tuesday, November 10, 2026", "Tuesday, November 10, 2026 – 14:05"),
        (TURKISH, "10 Kasım 2026 Salı", "10 Kasım 2026 Salı – 14:05"),
        (
            ARABIC,
            "الثلاثاء، 10 تشرين الثاني/نوفمبر 2026",
            "الثلاثاء، 10 تشرين الثاني/نوفمبر 2026 – 14:05",
        ),
        (
            PERSIAN,
            "سه‌شنبه 10 نوامبر 2026 (19 آبان 1405)",
            "سه‌شنبه 10 نوامبر 2026 (19 آبان 1405) – 14:05",
        ),
        (DARI, "سه‌شنبه 10 نومبر 2026 (19 عقرب 1405)", "سه‌شنبه 10 نومبر 2026 (19 عقرب 1405) – 14:05"),
        (
            PASHTO,
            "سه‌شنبه د 2026 د نومبر 10 (19 لړم 1405)",
            "سه‌شنبه د 2026 د نومبر 10 (19 لړم 1405) – 14:05",
        ),
    ],
)
def test_dates(language: Language, day: str, moment: str, untranslated: Words) -> None:
    when = datetime(2026, 11, 10, 11, 5, tzinfo=UTC)
    travel = line("travel.valid", first=date(2026, 11, 10), last=date(2026, 11, 10))
    assert say(travel, untranslated, language) == f"You may be there from {day} to {day}."
    assert say(line("appointment.when", when=when), untranslated, language) == f"When: {moment}"


# 1 Farvardin and 1 Mehr are the equinoxes; the first day of each month, and the last of a leap year (1403).
_SOLAR = [
    (date(2026, 3, 21), "1 فروردین 1405", "1 حمل 1405", "1 وری 1405"),
    (date(2026, 4, 21), "1 اردیبهشت 1405", "1 ثور 1405", "1 غویی 1405"),
    (date(2026, 5, 22), "1 خرداد 1405", "1 جوزا 1405", "1 غبرګولی 1405"),
    (date(2026, 6, 22), "1 تیر 1405", "1 سرطان 1405", "1 چنګاښ 1405"),
    (date(2026, 7, 23), "1 مرداد 1405", "1 اسد 1405", "1 زمری 1405"),
    (date(2026, 8, 23), "1 شهریور 1405", "1 سنبله 1405", "1 وږی 1405"),
    (date(2026, 9, 23), "1 مهر 1405", "1 میزان 1405", "1 تله 1405"),
    (date(2026, 10, 23), "1 آبان 1405", "1 عقرب 1405", "1 لړم 1405"),
    (date(2026, 11, 22), "1 آذر 1405", "1 قوس 1405", "1 ليندۍ 1405"),
    (date(2026, 12, 22), "1 دی 1405", "1 جدی 1405", "1 مرغومی 1405"),
    (date(2027, 1, 21), "1 بهمن 1405", "1 دلو 1405", "1 سلواغه 1405"),
    (date(2027, 2, 20), "1 اسفند 1405", "1 حوت 1405", "1 کب 1405"),
    (date(2025, 3, 20), "30 اسفند 1403", "30 حوت 1403", "30 کب 1403"),
]


@pytest.mark.parametrize(("day", "persian", "dari", "pashto"), _SOLAR)
def test_the_solar_year_has_its_months_in_three_languages(day: date, persian: str, dari: str, pashto: str) -> None:
    for language, solar in ((PERSIAN, persian), (DARI, dari), (PASHTO, pashto)):
        assert format_day(day, language).endswith(f" ({solar})")


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_the_office(untranslated: Words) -> None:
    when = datetime(2026, 11, 9, 22, 30, tzinfo=UTC)
    assert "Tuesday, November 10, 2026 – 01:30" in say(line("appointment.when", when=when), untranslated, ENGLISH)


def test_the_office_s_words_are_data(untranslated: Words) -> None:
    file = _appointment(unit="{address.__class__} %s", address="مكتب 4")
    place = [phrases.PHRASES["appointment.where"], phrases.PHRASES["appointment.address"]]
    assert [say(s, untranslated, ARABIC) for s in build(file, NOW).lines if _said(s) in place] == [
        "Where: \u2068{address.__class__} %s\u2069",
        "Address: \u2068مكتب 4\u2069",
    ]


def test_a_masked_phone_is_read_from_left_to_right(untranslated: Words) -> None:
    said = say(line("ask.code", phone=Typed("+90*****61")), untranslated, PERSIAN)
    assert "\u2066+90*****61\u2069" in said
