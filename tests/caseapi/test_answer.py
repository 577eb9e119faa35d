"""What is shown of a file: neutral, complete, and in the reader's own way of writing dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.caseapi import phrases
from bot.caseapi.answer import build
from bot.caseapi.client import CaseFile
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
from bot.caseapi.wording import Typed, line, say
from bot.i18n.catalogues import Catalogues
from bot.i18n.registry import Language
from tests.caseapi.conftest import ARABIC, ENGLISH, PERSIAN, TURKISH

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


def _ids(file: CaseFile) -> list[str]:
    return [sentence.msgid for sentence in build(file, NOW).lines]


_CLOSING = [phrases.PHRASES["as-of"], phrases.PHRASES["not-official"]]
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
        phrases.PERMIT_KINDS["STUDENT"],
        phrases.PERMIT_STATUSES["UNDER_REVIEW"],
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
    assert phrases.PHRASES["appointment.cancelled"] in ids
    assert phrases.PHRASES["appointment.when"] not in ids


def test_unknown_things_to_bring_are_said_once() -> None:
    ids = [
        value.msgid
        for sentence in build(_appointment(items_to_bring=("PASSPORT", "A_HAT", "A_COAT")), NOW).lines
        if (value := sentence.values.get("item")) is not None and hasattr(value, "msgid")
    ]
    assert ids == [phrases.ITEMS["PASSPORT"], phrases.ITEM_OF_ANOTHER_KIND]


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        (ENGLISH, "Tuesday, November 10, 2026", "Tuesday, November 10, 2026 – 14:05"),
        (TURKISH, "10 Kasım 2026 Salı", "10 Kasım 2026 Salı – 14:05"),
        (ARABIC, "الثلاثاء، 10 نوفمبر 2026", "الثلاثاء، 10 نوفمبر 2026 – 14:05"),
        (
            PERSIAN,
            "سه‌شنبه 10 نوامبر 2026 (19 آبان 1405)",
            "سه‌شنبه 10 نوامبر 2026 (19 آبان 1405) – 14:05",
        ),
    ],
)
def test_dates(language: Language, day: str, moment: str, untranslated: Catalogues) -> None:
    when = datetime(2026, 11, 10, 11, 5, tzinfo=UTC)
    travel = line("travel.valid", first=date(2026, 11, 10), last=date(2026, 11, 10))
    assert say(travel, untranslated, language) == f"You may be there from {day} to {day}."
    assert say(line("appointment.when", when=when), untranslated, language) == f"When: {moment}"


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_the_office(untranslated: Catalogues) -> None:
    when = datetime(2026, 11, 9, 22, 30, tzinfo=UTC)
    assert "Tuesday, November 10, 2026 – 01:30" in say(line("appointment.when", when=when), untranslated, ENGLISH)


def test_the_office_s_words_are_data(untranslated: Catalogues) -> None:
    file = _appointment(unit="{address.__class__} %s", address="مكتب 4")
    where = next(s for s in build(file, NOW).lines if s.msgid == phrases.PHRASES["appointment.where"])
    assert say(where, untranslated, ARABIC) == "Where: \u2068{address.__class__} %s\u2069, \u2068مكتب 4\u2069"


def test_a_masked_phone_is_read_from_left_to_right(untranslated: Catalogues) -> None:
    said = say(line("ask.code", phone=Typed("+90*****61")), untranslated, PERSIAN)
    assert "\u2066+90*****61\u2069" in said
