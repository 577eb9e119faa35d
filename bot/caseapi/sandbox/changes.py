"""What a file looks like after something in it was changed, so that an announced change can be found by asking."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.caseapi.models import Permit
from bot.caseapi.sandbox.people import Person, appointment


class ChangeKind(StrEnum):
    """What a subscription can hear of."""

    APPOINTMENT = "APPOINTMENT"
    FILE = "FILE"


def changed(person: Person, times: Mapping[ChangeKind, int], now: datetime) -> Person:
    """The person after so many changes of each kind: appointments move by a day, the file gets news for an officer."""
    if days := times.get(ChangeKind.APPOINTMENT, 0):
        person = _moved(person, days, now)
    return _with_news(person) if times.get(ChangeKind.FILE, 0) else person


def _moved(person: Person, days: int, now: datetime) -> Person:
    known = person.appointments or (appointment(now, 99, days=9, kind="DATA_UPDATE"),)
    by = timedelta(days=days)
    moved = tuple(
        entry.model_copy(update={"start": entry.start + by, "end": entry.end + by, "status": "RESCHEDULED"})
        for entry in known
    )
    return replace(person, appointments=moved)


def _with_news(person: Person) -> Person:
    decided = {"status": "DECISION_READY_SEE_OFFICER", "next_step_code": "SEE_OFFICER"}
    permits = tuple(permit.model_copy(update=decided) for permit in person.permits)
    if person.protection is not None:
        status = "DECISION_READY_SEE_OFFICER" if person.protection.track == "IP" else "SEE_OFFICER"
        update = {"status": status, "next_step_code": "SEE_OFFICER", "see_officer": True}
        return replace(person, permits=permits, protection=person.protection.model_copy(update=update))
    begun = Permit(kind="SHORT_TERM", status="UNDER_REVIEW", valid_from=None, valid_to=None, next_step_code=None)
    return replace(person, permits=permits or (begun,))
