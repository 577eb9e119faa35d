"""The made-up people: one for every status and document type. Dates are counted from today, so they never grow old.

Foreigner numbers are built so that their check digits are wrong: only ten million numbers begin with 99 and pass, and
most of those belong to somebody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.caseapi.identity import looks_like_foreigner_number
from bot.caseapi.models import (
    Appointment,
    DocumentType,
    FactorType,
    Permit,
    Protection,
    TravelPermit,
)

OFFICE: Final = ZoneInfo("Europe/Istanbul")

_UNIT: Final = "Örnek İl Göç İdaresi Müdürlüğü, Masa 4"
_ADDRESS: Final = "Örnek Mah. Deneme Cad. No: 1"


@dataclass(frozen=True, slots=True)
class Person:
    """A file and what its owner would type. `about` says in English what to expect."""

    about: str
    document: DocumentType
    number: str
    factor: FactorType
    factor_value: str
    phone: str
    appointments: tuple[Appointment, ...] = ()
    permits: tuple[Permit, ...] = ()
    protection: Protection | None = None
    travel_permits: tuple[TravelPermit, ...] = ()


def people(now: datetime) -> tuple[Person, ...]:
    """Everybody the sandbox knows, as seen at `now` (aware)."""
    return (*_with_permits(now), *_with_protection(now), *_with_travel_permits(now), *_with_appointments(now))


def _foreigner_number(index: int) -> str:
    number = f"990000{index:03}00"
    while looks_like_foreigner_number(number):
        number = number[:-1] + str((int(number[-1]) + 1) % 10)
    return number


def _phone(index: int) -> str:
    # No Turkish operator has been given numbers that begin with 500.
    return f"+9050000{index:05}"


def _card(index: int, document: DocumentType, about: str) -> Person:
    number, secret = _foreigner_number(index), f"A{index:02}Z{index:05}"
    return Person(about, document, number, FactorType.DOCUMENT_NO, secret, _phone(index))


def _paper(index: int, document: DocumentType, about: str) -> Person:
    return Person(about, document, f"TEST-{index:04}/26", FactorType.FATHER_NAME, "ALI", _phone(index))


def _with_permits(now: datetime) -> Iterator[Person]:
    today = now.astimezone(OFFICE).date()
    rows = (
        ("APPOINTMENT_BOOKED", "SHORT_TERM", "COME_TO_APPOINTMENT"),
        ("DOCUMENTS_MISSING", "FAMILY", "BRING_MISSING_DOCUMENTS"),
        ("UNDER_REVIEW", "STUDENT", "WAIT_FOR_SMS"),
        ("APPROVED_PRINTING", "LONG_TERM", "NOTHING_TO_DO"),
        ("CARD_DISPATCHED", "SHORT_TERM", "NOTHING_TO_DO"),
        ("CARD_RETURNED", "SHORT_TERM", "COLLECT_CARD"),
        ("DECISION_READY_SEE_OFFICER", "FAMILY", "SEE_OFFICER"),
        ("WITHDRAWN", "STUDENT", None),
    )
    for index, (status, kind, next_step) in enumerate(rows, start=1):
        printed = status in {"APPROVED_PRINTING", "CARD_DISPATCHED", "CARD_RETURNED"}
        permit = Permit(
            kind=kind,
            status=status,
            valid_from=today if printed else None,
            valid_to=today + timedelta(days=365) if printed else None,
            next_step_code=next_step,
        )
        visit = (appointment(now, index, days=21, kind="RESIDENCE_PERMIT"),) if status == "APPOINTMENT_BOOKED" else ()
        owner = _card(index, DocumentType.RESIDENCE_PERMIT_CARD, f"permit {status}")
        yield replace(owner, permits=(permit,), appointments=visit)
    receipt = Permit(kind="STUDENT", status="UNDER_REVIEW", valid_from=None, valid_to=None, next_step_code=None)
    yield replace(
        _paper(9, DocumentType.RP_APPLICATION_RECEIPT, "permit UNDER_REVIEW, application paper"),
        factor=FactorType.PASSPORT_NO,
        factor_value="TEST00009",
        permits=(receipt,),
    )


def _with_protection(now: datetime) -> Iterator[Person]:
    rows: tuple[tuple[Literal["IP", "TP"], str, DocumentType, str | None], ...] = (
        ("IP", "REGISTERED", DocumentType.IP_REGISTRATION_CERT, "WAIT_FOR_SMS"),
        ("IP", "INTERVIEW_SCHEDULED", DocumentType.INTERVIEW_APPOINTMENT, "COME_TO_APPOINTMENT"),
        ("IP", "INTERVIEW_RESCHEDULED", DocumentType.IP_APPLICANT_ID, "COME_TO_APPOINTMENT"),
        ("IP", "INTERVIEW_DONE", DocumentType.IP_APPLICANT_ID, "WAIT_FOR_SMS"),
        ("IP", "UNDER_ASSESSMENT", DocumentType.IP_APPLICANT_ID, "UPDATE_ADDRESS"),
        ("IP", "DECISION_READY_SEE_OFFICER", DocumentType.IP_STATUS_ID, "SEE_OFFICER"),
        ("TP", "PRE_REGISTERED", DocumentType.TP_PRE_REGISTRATION, "WAIT_FOR_SMS"),
        ("TP", "ACTIVE", DocumentType.TP_ID, "NOTHING_TO_DO"),
        ("TP", "UPDATE_REQUIRED", DocumentType.TP_ID, "UPDATE_DATA"),
        ("TP", "SEE_OFFICER", DocumentType.TP_ID, "SEE_OFFICER"),
    )
    for index, (track, status, document, next_step) in enumerate(rows, start=21):
        owner = _card if document.endswith("_ID") else _paper
        protection = Protection(
            track=track,
            status=status,
            province="Sivas",
            next_step_code=next_step,
            see_officer=status.endswith("SEE_OFFICER"),
        )
        dated = {"INTERVIEW_SCHEDULED": "BOOKED", "INTERVIEW_RESCHEDULED": "RESCHEDULED"}.get(status)
        interview = (appointment(now, index, days=14, kind="INTERVIEW", status=dated),) if dated else ()
        yield replace(owner(index, document, f"{track} {status}"), protection=protection, appointments=interview)


def _with_travel_permits(now: datetime) -> Iterator[Person]:
    today = now.astimezone(OFFICE).date()
    for index, status in enumerate(("REQUESTED", "GRANTED", "NOT_GRANTED_SEE_OFFICER", "EXPIRED"), start=41):
        first = today + timedelta(days=-30 if status == "EXPIRED" else 3)
        dated = status in {"GRANTED", "EXPIRED"}
        permit = TravelPermit(
            valid_from=first if dated else None,
            valid_to=first + timedelta(days=10) if dated else None,
            province="Ankara",
            status=status,
        )
        yield replace(_paper(index, DocumentType.TRAVEL_PERMIT, f"travel permit {status}"), travel_permits=(permit,))


def _with_appointments(now: datetime) -> Iterator[Person]:
    card = DocumentType.STATELESS_ID
    booked = appointment(now, 61, days=7, kind="DOCUMENT_COLLECTION")
    moved = appointment(now, 62, days=9, kind="REGISTRATION", status="RESCHEDULED")
    cancelled = appointment(now, 63, days=5, kind="DATA_UPDATE", status="CANCELLED")
    passed = appointment(now, 64, days=-2, kind="RESIDENCE_PERMIT")
    yield replace(_card(61, card, "appointment BOOKED"), appointments=(booked,))
    yield replace(_card(62, card, "appointment RESCHEDULED"), appointments=(moved,))
    yield replace(_card(63, card, "appointment CANCELLED"), appointments=(cancelled,))
    yield replace(_card(64, card, "appointment in the past"), appointments=(passed,))
    yield replace(
        _paper(65, DocumentType.TRAVEL_DOCUMENT, "nothing in the file"),
        factor=FactorType.BIRTH_DATE,
        factor_value="1990-01-31",
    )


def appointment(now: datetime, index: int, *, days: int, kind: str, status: str = "BOOKED") -> Appointment:
    """An appointment so many days from today, at the office's half past ten."""
    day = now.astimezone(OFFICE).date() + timedelta(days=days)
    start = datetime.combine(day, time(10, 30), OFFICE)
    return Appointment(
        id=f"appointment-test-{index:04}",
        type=kind,
        unit=_UNIT,
        address=_ADDRESS,
        start=start,
        end=start + timedelta(minutes=30),
        status=status,
        items_to_bring=("ID_DOCUMENT", "APPOINTMENT_PAPER"),
    )
