"""The translation guard: what must be the same in two languages, and is not.

Pure: no model, no database, no conversation. It compares numbers, dates, phone numbers, addresses, codes, names,
negation and person of an original with its translation. It finds what a reader cannot see who knows one of the
languages only; it does not judge whether a translation is good. Who is warned, and how, is its caller's business.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.translation.guard_figures import Figure, FigureKind, figures
from bot.translation.guard_kept import lost, without_addresses
from bot.translation.guard_meaning import changed_negation, changed_person
from bot.translation.guard_text import plain, words
from bot.translation.guard_words import guard_words


class DoubtKind(StrEnum):
    """What does not agree."""

    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    NAME = "name"  # also an address, a handle or a code
    NEGATION = "negation"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`original` and `translation` are the words in question, "" where a side has none. Never for logs."""

    kind: DoubtKind
    original: str
    translation: str


def compare(original: str, original_language: str, translation: str, translation_language: str) -> tuple[Doubt, ...]:
    """What a person should look at before trusting the translation; empty where nothing was found.

    Languages are BCP-47 codes of the registry. Negation and person are compared where `content/translation_guard.yaml`
    has words for both languages. Raises ContentFileError where that file cannot be used.
    """
    one, other = plain(original), plain(translation)
    doubts = [Doubt(DoubtKind.NAME, gone, "") for gone in lost(one, other)]
    doubts += _figures(one, original_language, other, translation_language)
    for ours, theirs in changed_negation(one, original_language, other, translation_language):
        doubts.append(Doubt(DoubtKind.NEGATION, ours, theirs))
    if people := changed_person(one, original_language, other, translation_language):
        doubts.append(Doubt(DoubtKind.PERSON, *people))
    return tuple(dict.fromkeys(doubts))


def _figures(one: str, one_language: str, other: str, other_language: str) -> Iterator[Doubt]:
    ours = figures(without_addresses(one), one_language)
    theirs = figures(without_addresses(other), other_language)
    ours, theirs = _once(ours), _once(theirs)
    ours, theirs = _unmatched(ours, theirs)
    our_words = guard_words(one_language).small_numbers(words(one, one_language))
    their_words = guard_words(other_language).small_numbers(words(other, other_language))
    ours = _not_as_words(ours, their_words)
    theirs = _not_as_words(theirs, our_words)
    for kind in FigureKind:
        lost_here = [figure.text for figure in ours if figure.kind is kind]
        new_there = [figure.text for figure in theirs if figure.kind is kind]
        longest = max(len(lost_here), len(new_there))
        for at in range(longest):
            yield Doubt(DoubtKind(kind), "".join(lost_here[at : at + 1]), "".join(new_there[at : at + 1]))


def _once(found: Iterable[Figure]) -> list[Figure]:
    """A day counts once: texts give it in two calendars, or again with its weekday."""
    kept: list[Figure] = []
    for figure in found:
        if figure.kind is FigureKind.NUMBER or all(figure.meanings != other.meanings for other in kept):
            kept.append(figure)
    return kept


def _unmatched(ours: list[Figure], theirs: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """What has no partner on the other side. The figures with the fewest meanings choose first."""
    left = list(theirs)
    alone = []
    for figure in sorted(ours, key=lambda each: len(each.meanings)):
        partners = [other for other in left if figure.meanings & other.meanings]
        if partners:
            left.remove(min(partners, key=lambda each: len(each.meanings)))
        else:
            alone.append(figure)
    return alone, left


def _not_as_words(found: list[Figure], said: Counter[int]) -> list[Figure]:
    """The figures that the other side does not have as a word either."""
    left = said.copy()
    alone = []
    for figure in found:
        if figure.small is not None and left[figure.small] > 0:
            left[figure.small] -= 1
        else:
            alone.append(figure)
    return alone
