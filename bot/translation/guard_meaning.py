"""Negation and person: whether a sentence still says "not", and still speaks of the same people.

Pure. Both are told by words beyond doubt only, and where one side has a word that could be either, nothing is said: a
warning that is often wrong is not read when it is right.
"""

from collections.abc import Iterator

from bot.translation.guard_text import sentences, words
from bot.translation.guard_words import NEGATION, OPEN, GuardWords, guard_words

Pair = tuple[str, str]
"""The marks of the original and of the translation, "" where there are none."""


def changed_negation(
    original: str, original_language: str, translation: str, translation_language: str
) -> Iterator[Pair]:
    """Sentences of which one side says "not" and the other does not. Nothing for a language without such words."""
    ours, theirs = guard_words(original_language), guard_words(translation_language)
    if not (ours.knows_negation and theirs.knows_negation):
        return
    for one, other in _side_by_side(original, translation):
        sure_one, open_one = _negations(one, original_language, ours)
        sure_other, open_other = _negations(other, translation_language, theirs)
        # An open word has its partner first: "without a receipt" is "makbuzsuz", and takes no part in "do not pay".
        if (sure_one and not sure_other and open_other <= open_one) or (
            sure_other and not sure_one and open_one <= open_other
        ):
            yield ", ".join(sure_one), ", ".join(sure_other)


def changed_person(original: str, original_language: str, translation: str, translation_language: str) -> Pair | None:
    """Who is meant, where the two texts have nobody in common; None where they have, or where one names nobody."""
    ours = guard_words(original_language).person.read(words(original, original_language))
    theirs = guard_words(translation_language).person.read(words(translation, translation_language))
    people, others = {person for person, _ in ours}, {person for person, _ in theirs}
    if not people or not others or people & others:
        return None
    return ", ".join(dict.fromkeys(word for _, word in ours)), ", ".join(dict.fromkeys(word for _, word in theirs))


def _side_by_side(original: str, translation: str) -> list[Pair]:
    """Sentence by sentence where both have as many, else all of both."""
    ours, theirs = sentences(original), sentences(translation)
    return list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else [(original, translation)]


def _negations(text: str, language: str, known: GuardWords) -> tuple[list[str], int]:
    """Words that negate beyond doubt, and how many others may."""
    marks = known.negation.read(words(text, language))
    return [word for mark, word in marks if mark == NEGATION], sum(mark == OPEN for mark, _ in marks)
