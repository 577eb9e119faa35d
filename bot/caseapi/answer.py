"""Decides what of a person's file is shown. Adverse and unknown things have one answer: please see an officer.

The boundary: it sees only what the contract allowed through (`CaseFile`), and gives sentences without a language. The
rules and their reasons stand in docs/decisions/0005 and 0013.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.caseapi.client import CaseFile
from bot.caseapi.codes import CODES, Vocabulary
from bot.caseapi.models import Appointment, Permit, Protection, Report, TravelPermit
from bot.caseapi.phrases import SEE_OFFICER
from bot.caseapi.wording import Line, OfficeText, Sentence, line, meaning

_SEE_OFFICER: Final = Line(SEE_OFFICER)
_STATUSES: Final[Mapping[str, Vocabulary]] = MappingProxyType(
    {"IP": Vocabulary.INTERNATIONAL_PROTECTION, "TP": Vocabulary.TEMPORARY_PROTECTION}
)


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """What is shown after a confirmed check, in order. It holds personal data: render it, do not keep it."""

    lines: tuple[Sentence, ...]


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
    return CaseAnswer((*found, line("cannot-know"), line("as-of", when=_oldest(reports)), line("not-official")))


def to_come(file: CaseFile, now: datetime) -> tuple[Appointment, ...]:
    """The appointments a person can still come to, the next one first: none that was cancelled or is not understood."""
    entries = file.appointments.appointments if file.appointments else ()
    known = CODES[Vocabulary.APPOINTMENT_STATUS] - {"CANCELLED"}
    return tuple(sorted((e for e in entries if e.status in known and e.end >= now), key=lambda entry: entry.start))


def _oldest(reports: Sequence[Report]) -> datetime:
    return min(report.as_of for report in reports)


def _appointments(file: CaseFile, now: datetime) -> Iterator[Sentence]:
    entries = file.appointments.appointments if file.appointments else ()
    for entry in sorted(entries, key=lambda entry: entry.start):
        yield from _appointment(entry, now)


def _appointment(entry: Appointment, now: datetime) -> Iterator[Sentence]:
    status = meaning(Vocabulary.APPOINTMENT_STATUS, entry.status)
    if status == _SEE_OFFICER:
        yield _SEE_OFFICER
        return
    yield line("appointment", kind=meaning(Vocabulary.APPOINTMENT_TYPE, entry.type))
    if entry.status == "CANCELLED":
        yield meaning(Vocabulary.APPOINTMENT_STATUS, entry.status, "is")
        yield line("appointment.was", when=entry.start)
        yield meaning(Vocabulary.APPOINTMENT_STATUS, entry.status, "do")
    elif entry.end < now:
        yield line("appointment.passed", when=entry.start)
    else:
        yield line("appointment.when", when=entry.start)
        yield from place(entry.unit, entry.address)
        yield status
        yield from to_bring(entry)


def place(unit: str, address: str) -> Iterator[Sentence]:
    """Where to come, a line each: two foreign names in one line change places where people write from the right."""
    yield line("appointment.where", unit=OfficeText(unit))
    yield line("appointment.address", address=OfficeText(address))


def to_bring(entry: Appointment) -> Iterator[Sentence]:
    """What the office wants to see, under its heading. Nothing where it named nothing."""
    if not entry.items_to_bring:
        return
    yield line("appointment.bring")
    for item in dict.fromkeys(meaning(Vocabulary.ITEM, code) for code in entry.items_to_bring):
        yield line("appointment.item", item=item)


def _protection(file: CaseFile) -> Iterator[Sentence]:
    if file.protection is None or file.protection.protection is None:
        return
    entry: Protection = file.protection.protection
    status = _status(_STATUSES[entry.track], entry.status, entry.next_step_code)
    if entry.see_officer or status == _SEE_OFFICER:
        yield _SEE_OFFICER
        return
    yield line(f"protection.{entry.track}")
    yield line("protection.province", province=OfficeText(entry.province))
    yield status
    yield from _next_step(entry.next_step_code)


def _permits(file: CaseFile) -> Iterator[Sentence]:
    for entry in file.permits.permits if file.permits else ():
        yield from _permit(entry)


def _permit(entry: Permit) -> Iterator[Sentence]:
    status = _status(Vocabulary.PERMIT_STATUS, entry.status, entry.next_step_code)
    if status == _SEE_OFFICER:
        yield _SEE_OFFICER
        return
    yield meaning(Vocabulary.PERMIT_KIND, entry.kind)
    yield status
    if entry.valid_from and entry.valid_to:
        yield line("permit.valid", first=entry.valid_from, last=entry.valid_to)
    yield from _next_step(entry.next_step_code)


def _travel_permits(file: CaseFile) -> Iterator[Sentence]:
    for entry in file.travel_permits.travel_permits if file.travel_permits else ():
        yield from _travel_permit(entry)


def _travel_permit(entry: TravelPermit) -> Iterator[Sentence]:
    status = meaning(Vocabulary.TRAVEL_STATUS, entry.status)
    days = (entry.valid_from, entry.valid_to)
    # Permission without days would invite somebody to travel on a day that is not allowed.
    if status == _SEE_OFFICER or (entry.status == "GRANTED" and None in days):
        yield _SEE_OFFICER
        return
    yield line("travel", province=OfficeText(entry.province))
    if entry.status == "GRANTED" and entry.valid_from and entry.valid_to:
        yield meaning(Vocabulary.TRAVEL_STATUS, entry.status, "is")
        yield line("travel.valid", first=entry.valid_from, last=entry.valid_to)
        yield meaning(Vocabulary.TRAVEL_STATUS, entry.status, "do", "bring")
    else:
        yield status


def _status(vocabulary: Vocabulary, code: str, next_step: str | None) -> Sentence:
    """What a status is. What to do about it is the office's next step, where the office names one."""
    return meaning(vocabulary, code) if next_step is None else meaning(vocabulary, code, "is")


def _next_step(code: str | None) -> Iterator[Sentence]:
    if code is not None:
        yield meaning(Vocabulary.NEXT_STEP, code)
