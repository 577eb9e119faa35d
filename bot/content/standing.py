"""How complete and how fresh the knowledge is on a day, for the people who answer for it.

Counts and lists what the library holds and changes nothing. What a person is shown in spite of a gap is decided
elsewhere: a missing text falls back (`Topic.text`), an overdue topic is withheld (`Topic.withheld`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.content.facts import Level
from bot.content.library import Library
from bot.content.topic import Topic
from bot.i18n.registry import Language

SOON: Final = timedelta(days=30)


class Standing(StrEnum):
    """Where a topic stands in one language. A text that is outdated is that and nothing else, even if once reviewed."""

    SOURCE = "source"
    REVIEWED = "reviewed"
    DRAFT = "draft"
    MACHINE = "machine"
    OUTDATED = "outdated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class DueReview:
    """A topic and the days until its review is due: 0 on the last day, negative when it is overdue."""

    topic: Topic
    days_left: int


def standing(topic: Topic, language: str) -> Standing:
    """Where the topic stands in the language, its fallbacks apart."""
    text = topic.texts.get(language)
    if text is None:
        return Standing.MISSING
    return Standing.OUTDATED if text.outdated else Standing(text.status)


def languages(library: Library) -> tuple[Language, ...]:
    """The languages with work to look at: those that are offered, and those that already have a text."""
    written = {code for topic in library.topics.values() for code in topic.texts}
    return tuple(
        language for code, language in library.languages.languages.items() if language.offered or code in written
    )


def counts(library: Library, language: str) -> Counter[Standing]:
    """How many topics stand where in the language. The figures add up to the number of topics."""
    return Counter(standing(topic, language) for topic in library.topics.values())


def gaps(library: Library, wanted: Standing, languages: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The languages in which a topic stands so, by slug; topics without such a language are left out."""
    found = {
        slug: tuple(code for code in languages if standing(topic, code) is wanted)
        for slug, topic in library.topics.items()
    }
    return {slug: codes for slug, codes in found.items() if codes}


def due_reviews(library: Library, on: date, within: timedelta = SOON) -> tuple[DueReview, ...]:
    """The reviews that are overdue on that day or due within that time, the most urgent first."""
    found = [DueReview(topic, (topic.facts.review_due - on).days) for topic in library.topics.values()]
    return tuple(
        sorted(
            (review for review in found if review.days_left <= within.days),
            key=lambda review: (review.days_left, review.topic.slug),
        )
    )


def by_level(library: Library) -> Mapping[Level, tuple[Topic, ...]]:
    """The topics of every handling level, from the answer in the text to the emergency."""
    topics = library.topics.values()
    return {level: tuple(topic for topic in topics if topic.facts.level is level) for level in Level}
