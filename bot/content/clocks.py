"""Clocks: the deadlines of a topic that a last day may be worked out for.

A clock points to a published fact; the number of days is read from there and stands nowhere else. What may have a clock
is decided here, when the content is read: nothing about decisions, courts or danger, and no fact that is in doubt. The
words of a clock ("When did you move?") belong to the catalogues, by the clock's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.content.facts import ClockRule, Counts, Evidence, Facts, Level

NEVER: Final = frozenset(
    {
        "deportation-and-detention",
        "interview-appointment",
        "legal-aid-and-counselling",
        "negative-decision-and-appeals",
        "notifications",
        "residence-and-reporting",
        "residence-permit-refusal-and-cancellation",
        "third-country-exit",
        "trafficking-victims",
        "voluntary-return",
    }
)
"""Topics about decisions, courts and dates that the office sets for one person, whatever their level."""

SHORTEST: Final = 14
"""Days. In a shorter time a feast and its weekends can swallow most of it: only an officer can advise."""

_ADVISES: Final = frozenset({Level.H0, Level.H1})
_UNITS: Final = frozenset({"working_day", "day"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with its number. `days` are working days where `working` is set, calendar days otherwise."""

    topic: str
    id: str
    counts: Counts
    days: int
    working: bool


def clocks_of(facts: Facts) -> Mapping[str, Clock]:
    """The clocks of a topic by their id, in the order of the file. Raises ValueError for one that may not be."""
    if facts.clocks and (facts.level not in _ADVISES or facts.slug in NEVER):
        raise ValueError("a topic that only a person may advise on has a clock")
    clocks = {rule.id: _clock(facts, rule) for rule in facts.clocks}
    if len(clocks) != len(facts.clocks):
        raise ValueError("two clocks have the same id")
    return MappingProxyType(clocks)


def _clock(facts: Facts, rule: ClockRule) -> Clock:
    fact = next((fact for fact in facts.facts if fact.id == rule.fact), None)
    if fact is None:
        raise ValueError(f"clock {rule.id}: there is no fact {rule.fact!r}")
    if not fact.published or Evidence.CONTRADICTED in fact.evidence:
        raise ValueError(f"clock {rule.id}: fact {rule.fact} is not published, or its sources disagree")
    if len(fact.numbers) != 1 or fact.numbers[0].unit not in _UNITS:
        raise ValueError(f"clock {rule.id}: fact {rule.fact} does not have exactly one number of days")
    (quantity,) = fact.numbers
    working = quantity.unit == "working_day"
    if working and rule.counts is Counts.BEFORE:
        raise ValueError(f"clock {rule.id}: the time before a date is counted in calendar days")
    if quantity.value < SHORTEST:
        raise ValueError(f"clock {rule.id}: {quantity.value} days are too few to work out a day for")
    return Clock(facts.slug, rule.id, rule.counts, quantity.value, working)
