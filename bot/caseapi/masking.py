"""An answer for a screen that others can read as well: what kind of thing, when and what next, but no place.

Names and numbers of a person are in no answer. The office's own words (its unit, an address, a province) say where to
find them, so they are covered; everything else is what they came for.
"""

from collections.abc import Iterable
from typing import Final

from bot.caseapi.wording import Line, OfficeText, Sentence, Typed, Value

COVERED: Final = Typed("•••")


def masked(lines: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """The same sentences with every place covered."""
    return tuple(_masked(sentence) for sentence in lines)


def _masked(sentence: Sentence) -> Sentence:
    if not isinstance(sentence, Line):
        return sentence
    return Line(sentence.msgid, {name: _covered(value) for name, value in sentence.values.items()})


def _covered(value: Value) -> Value:
    match value:
        case OfficeText():
            return COVERED
        case Line():
            return _masked(value)
        case _:
            return value
