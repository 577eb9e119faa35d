"""Sentences that wait for a language: what the identity check and its answer hand to the hub and to the kiosk.

A line is an English message id and values; a meaning is a code whose words stand in `content/case/`. Values keep their
kind (a day, a moment, the office's own words) until they are said, because a day is written differently in every
language and foreign words must not reorder a sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.caseapi.codes import CODES, OTHER, WITH_OTHER, Vocabulary
from bot.caseapi.phrases import PHRASES, SEE_OFFICER
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
class Meaning:
    """What a code means: its parts (`is`, `do`, `bring`) one after the other, as far as it has words for them."""

    vocabulary: Vocabulary
    code: str
    parts: tuple[str, ...] = ("is", "do", "bring")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. A value may be a sentence itself, for example the kind of an appointment."""

    msgid: str
    values: "Mapping[str, Value]" = field(default_factory=dict)


Sentence = Line | Meaning
Value = date | datetime | OfficeText | Typed | Line | Meaning


class CodeWords(Protocol):
    """Who has the words of codes: `bot.content.case_words.CaseWords`."""

    def of(self, language: str, vocabulary: str, code: str, parts: Iterable[str]) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """Where sentences find their words: the catalogues, and `content/case/` for codes."""

    catalogues: Catalogues
    codes: CodeWords


def line(name: str, **values: Value) -> Line:
    """The sentence with this name in `bot.caseapi.phrases.PHRASES`."""
    return Line(PHRASES[name], values)


def meaning(vocabulary: Vocabulary, code: str, *parts: str) -> Sentence:
    """The words of a code, of these parts of them or of all.

    A code of a decision, and one that Rehber does not know, becomes "please see an officer"; an unknown type, kind or
    item becomes the neutral word of its vocabulary.
    """
    if code not in CODES[vocabulary]:
        return Meaning(vocabulary, OTHER) if vocabulary in WITH_OTHER else Line(SEE_OFFICER)
    return Meaning(vocabulary, code, parts) if parts else Meaning(vocabulary, code)


def say(sentence: Sentence, words: Words, language: Language) -> str:
    """The sentence in a language, with bidi isolates where values stand. Plain text: whoever shows it escapes it."""

    def shown(value: Value) -> str:
        match value:
            case datetime():
                return format_moment(value, language)
            case date():
                return format_day(value, language)
            case OfficeText():
                return isolate_unknown(value.text)
            case Typed():
                return f"{LEFT_TO_RIGHT_ISOLATE}{value.text}{POP_ISOLATE}"
            case Line() | Meaning():
                return say(value, words, language)

    match sentence:
        case Meaning(vocabulary, code, parts):
            return words.codes.of(language.code, vocabulary, code, parts)
        case Line(msgid, values):
            return words.catalogues.say(language.code, msgid, **{name: shown(v) for name, v in values.items()})
