"""The calendar file of one appointment (RFC 5545): where, when, what to bring, and an alarm a day before.

It leaves our hands: other people look into the calendar of a phone, and some phones send it to a company. So it says
what a stranger may read: no name, no number, and not what the appointment is about.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from bot.caseapi.answer import to_bring
from bot.caseapi.models import Appointment
from bot.caseapi.wording import Words, line, say
from bot.i18n.bidi import ISOLATES
from bot.i18n.registry import Language

FILE_NAME: Final = "appointment.ics"
MEDIA_TYPE: Final = "text/calendar"
ALARM_BEFORE: Final = timedelta(days=1)

_PRODUCT: Final = "-//Rehber//Appointment//EN"


def calendar_file(entry: Appointment, name: str, words: Words, language: Language, now: datetime) -> bytes:
    """The file, UTF-8. `name` stands for the appointment and says nothing about it: the same one is saved over."""
    summary = _said(words, language, "calendar.summary")
    event = Event()
    event.add("uid", name)
    event.add("dtstamp", now.astimezone(UTC))
    # In UTC nobody's calendar needs to know the time zone; it shows the hour of where its owner is.
    event.add("dtstart", entry.start.astimezone(UTC))
    event.add("dtend", entry.end.astimezone(UTC))
    event.add("summary", summary)
    event.add("location", f"{entry.unit}, {entry.address}")
    event.add("description", _description(entry, words, language))
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", summary)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _description(entry: Appointment, words: Words, language: Language) -> str:
    lines = [say(sentence, words, language) for sentence in to_bring(entry)]
    return "\n".join([*map(_plain, lines), _said(words, language, "not-official")])


def _said(words: Words, language: Language, name: str) -> str:
    return _plain(say(line(name), words, language))


def _plain(text: str) -> str:
    """Without the marks that keep numbers in order in a chat: many calendars show them as boxes."""
    return "".join(char for char in text if char not in ISOLATES)
