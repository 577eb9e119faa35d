"""How often the guard is wrong, and what it finds, measured on our own texts, which people compared line by line."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from bot.translation.guard import DoubtKind, compare
from bot.translation.guard_text import words
from bot.translation.guard_words import NEGATION, guard_words
from tests.translation.pairs import COMPARED, pairs

MOST_FALSE_ALARMS = 0.03
FEWEST_FOUND = 0.95
FEWEST_PLANTED = 20
"""Below this many, a share says nothing."""

_NEGATIONS = {
    "en": r"(?<=\bcan)not\b|\b(?:not|never|no) |n't\b",
    "ar": r"\b(?:لا|لم|لن) ",
    "ru": r"\bне ",
    "fa": r"\bن(?=می)|\bن(?=کنید|دهید|باشید|شود|دارید|دارد|کند|دهد)",
    "fr": r"\bne |\bn'|\bpas\b ?",
}
_NUMBER = r"(?<![\w.,/:{-])\d{1,4}(?![\w}]|[.,/:-]\d)"


@pytest.mark.parametrize("language", COMPARED)
def test_few_false_alarms_in_both_directions(language: str) -> None:
    alarms: Counter[DoubtKind] = Counter()
    for ours, theirs in pairs(language):
        alarms.update({doubt.kind for doubt in compare(ours, "tr", theirs, language)})
        alarms.update({doubt.kind for doubt in compare(theirs, language, ours, "tr")})
    compared = 2 * len(pairs(language))
    assert compared > 2000
    assert {kind: count for kind, count in alarms.items() if count > MOST_FALSE_ALARMS * compared} == {}


@pytest.mark.parametrize("language", sorted(_NEGATIONS))
def test_a_lost_negation_is_found(language: str) -> None:
    """The only negation of a text, where the Turkish text has one too, is taken out."""

    def without(text: str) -> str | None:
        spoiled = re.sub(_NEGATIONS[language], "", text)
        return spoiled if _negated(text, language) and not _negated(spoiled, language) else None

    planted = [(ours, spoiled) for ours, spoiled in _spoiled(language, without) if _negated(ours, "tr")]
    _assert_found(planted, language, DoubtKind.NEGATION)


@pytest.mark.parametrize("language", COMPARED)
def test_a_changed_digit_is_found(language: str) -> None:
    def changed(text: str) -> str | None:
        spoiled = re.sub(_NUMBER, lambda match: match[0][:-1] + str((int(match[0][-1]) + 1) % 10), text, count=1)
        return spoiled if spoiled != text else None

    _assert_found(_spoiled(language, changed), language, DoubtKind.NUMBER)


@pytest.mark.parametrize("language", COMPARED)
def test_a_swapped_day_and_a_lost_phone_number_are_found(language: str) -> None:
    """Our texts have few of both, so each line gets one, and the translation a wrong one or none."""
    lines = pairs(language)[:200]
    dated = [(f"{ours} Tarih: 04.03.2026.", f"{theirs} 03.04.2026.") for ours, theirs in lines]
    _assert_found(dated, language, DoubtKind.DATE)
    phoned = [(f"{ours} Telefon: 0312 157 11 22.", theirs) for ours, theirs in lines]
    _assert_found(phoned, language, DoubtKind.PHONE)


def _spoiled(language: str, spoil: Callable[[str], str | None]) -> list[tuple[str, str]]:
    """The Turkish lines whose translation could be spoiled, with the spoiled translation."""

    def made() -> Iterator[tuple[str, str]]:
        for ours, theirs in pairs(language):
            if (spoiled := spoil(theirs)) is not None:
                yield ours, spoiled

    return list(made())


def _assert_found(planted: list[tuple[str, str]], language: str, kind: DoubtKind) -> None:
    missed = [spoiled for ours, spoiled in planted if kind not in _kinds(ours, spoiled, language)]
    assert len(planted) >= FEWEST_PLANTED
    assert len(missed) <= (1 - FEWEST_FOUND) * len(planted), missed


def _kinds(ours: str, theirs: str, language: str) -> set[DoubtKind]:
    return {doubt.kind for doubt in compare(ours, "tr", theirs, language)}


def _negated(text: str, language: str) -> bool:
    return any(mark == NEGATION for mark, _ in guard_words(language).negation.read(words(text, language)))
