"""Sentences that wait for a language: what the identity check and its answer hand to the hub and to the kiosk.

A line is an English message id and values. Values keep their kind (a day, a moment, the office's own words) until they
are said, because a day is written differently in every language and foreign words must not reorder a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.caseapi.phrases import PHRASES
from bot.i18n.bidi import LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE, isolate_unknown
from bot.i18n.catalogues import Catalogues
from bot.i18n.formats import format_day, format_moment
from bot.i18n.registry import Language


@dataclass(frozen=True, slots=True)
class OfficeText:
    """Words of the office that are shown as they are: a unit, an address, a province. Never translated, never a
    template."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A masked number or an example of one: always read from left to right."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. A value may be a line itself, for example the kind of an appointment."""

    msgid: str
    values: "Mapping[str, date | datetime | OfficeText | Typed | Line]" = field(default_factory=dict)


def line(name: str, **values: date | datetime | OfficeText | Typed | Line) -> Line:
    """The sentence with this name in `bot.caseapi.phrases.PHRASES`."""
    return Line(PHRASES[name], values)


def say(sentence: Line, catalogues: Catalogues, language: Language) -> str:
    """The sentence in a language, with bidi isolates where values stand. Plain text: whoever shows it escapes it."""

    def shown(value: date | datetime | OfficeText | Typed | Line) -> str:
        match value:
            case datetime():
                return format_moment(value, language)
            case date():
                return format_day(value, language)
            case OfficeText():
                return isolate_unknown(value.text)
            case Typed():
                return f"{LEFT_TO_RIGHT_ISOLATE}{value.text}{POP_ISOLATE}"
            case Line():
                return say(value, catalogues, language)

    return catalogues.say(language.code, sentence.msgid, **{name: shown(v) for name, v in sentence.values.items()})
