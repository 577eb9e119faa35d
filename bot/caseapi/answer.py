"""Decides what of a person's file is shown. Adverse and unknown things have one answer: please see an officer.

The boundary: it sees only what the contract allowed through (`CaseFile`), and gives sentences without a language. The
rules and their reasons stand in docs/decisions/0005.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.caseapi import phrases
from bot.caseapi.client import CaseFile
from bot.caseapi.models import Appointment, Permit, Protection, Report, TravelPermit
from bot.caseapi.wording import Line, OfficeText, line

_SEE_OFFICER = Line(phrases.SEE_OFFICER)


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """What is shown after a confirmed check, in order. It holds personal data: render it, do not keep it."""

    lines: tuple[Line, ...]


def build(file: CaseFile, now: datetime) -> CaseAnswer:
    """The neutral answer. `now` tells appointments to come from those that have passed."""
    reports = [r for r in (file.appointments, file.protection, file.permits, file.travel_permits) if r is not None]
    if not reports:
        raise ValueError("nothing was asked, so nothing can be said")
    found = [*_appointments(file, now), *_protection(file), *_permits(file), *_travel_permits(file)]
    if not found:
        none = "no-appointment" if file.appointments is not None else "no-file"
        found = [line(none), line("ask-if-unexpected")]
    # Said once and at the end: beside a heading, or three times, it would tell which decision it is.
    if _SEE_OFFICER in found:
        found = [sentence for sentence in found if sentence != _SEE_OFFICER] + [_SEE_OFFICER]
    return CaseAnswer((*found, line("as-of", when=_oldest(reports)), line("not-official")))


def to_come(file: CaseFile, now: datetime) -> tuple[Appointment, ...]:
    """The appointments a person can still come to, the next one first: none that was cancelled or is not understood."""
    entries = file.appointments.appointments if file.appointments else ()
    valid = (
        e for e in entries if e.status in phrases.APPOINTMENT_STATUSES and e.status != "CANCELLED" and e.end >= now
    )
    return tuple(sorted(valid, key=lambda entry: entry.start))


def _oldest(reports: Sequence[Report]) -> datetime:
    return min(report.as_of for report in reports)


def _appointments(file: CaseFile, now: datetime) -> Iterator[Line]:
    entries = file.appointments.appointments if file.appointments else ()
    for entry in sorted(entries, key=lambda entry: entry.start):
        yield from _appointment(entry, now)


def _appointment(entry: Appointment, now: datetime) -> Iterator[Line]:
    if entry.status not in phrases.APPOINTMENT_STATUSES:
        yield _SEE_OFFICER
        return
    kind = phrases.APPOINTMENT_TYPES.get(entry.type, phrases.APPOINTMENT_OF_ANOTHER_TYPE)
    yield line("appointment", kind=Line(kind))
    if entry.status == "CANCELLED":
        yield line("appointment.cancelled", when=entry.start)
    elif entry.end < now:
        yield line("appointment.passed", when=entry.start)
    else:
        yield line("appointment.when", when=entry.start)
        yield line("appointment.where", unit=OfficeText(entry.unit), address=OfficeText(entry.address))
        yield Line(phrases.APPOINTMENT_STATUSES[entry.status])
        yield from _items(entry)


def _items(entry: Appointment) -> Iterator[Line]:
    if not entry.items_to_bring:
        return
    yield line("appointment.bring")
    named = [phrases.ITEMS.get(code, phrases.ITEM_OF_ANOTHER_KIND) for code in entry.items_to_bring]
    for item in dict.fromkeys(named):
        yield line("appointment.item", item=Line(item))


def _protection(file: CaseFile) -> Iterator[Line]:
    if file.protection is None or file.protection.protection is None:
        return
    entry: Protection = file.protection.protection
    status = _neutral(phrases.PROTECTION_STATUSES[entry.track], entry.status)
    if entry.see_officer or status == _SEE_OFFICER:
        yield _SEE_OFFICER
        return
    yield line(f"protection.{entry.track}")
    yield line("protection.province", province=OfficeText(entry.province))
    yield status
    yield from _next_step(entry.next_step_code)


def _permits(file: CaseFile) -> Iterator[Line]:
    for entry in file.permits.permits if file.permits else ():
        yield from _permit(entry)


def _permit(entry: Permit) -> Iterator[Line]:
    status = _neutral(phrases.PERMIT_STATUSES, entry.status)
    if status == _SEE_OFFICER:
        yield _SEE_OFFICER
        return
    yield Line(phrases.PERMIT_KINDS.get(entry.kind, phrases.PERMIT_OF_ANOTHER_KIND))
    yield status
    if entry.valid_from and entry.valid_to:
        yield line("permit.valid", first=entry.valid_from, last=entry.valid_to)
    yield from _next_step(entry.next_step_code)


def _travel_permits(file: CaseFile) -> Iterator[Line]:
    for entry in file.travel_permits.travel_permits if file.travel_permits else ():
        yield from _travel_permit(entry)


def _travel_permit(entry: TravelPermit) -> Iterator[Line]:
    status = _neutral(phrases.TRAVEL_STATUSES, entry.status)
    days = (entry.valid_from, entry.valid_to)
    # Permission without days would invite somebody to travel on a day that is not allowed.
    if status == _SEE_OFFICER or (entry.status == "GRANTED" and None in days):
        yield _SEE_OFFICER
        return
    yield line("travel", province=OfficeText(entry.province))
    yield status
    if entry.status == "GRANTED" and entry.valid_from and entry.valid_to:
        yield line("travel.valid", first=entry.valid_from, last=entry.valid_to)


def _next_step(code: str | None) -> Iterator[Line]:
    if code is not None:
        yield _neutral(phrases.NEXT_STEPS, code)


def _neutral(vocabulary: Mapping[str, str], code: str) -> Line:
    return Line(vocabulary.get(code, phrases.SEE_OFFICER))
