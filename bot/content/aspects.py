"""The sides of a topic that people ask for on their own: what it costs, how long it takes, where, who, for my children.

`facts.yaml` names the places of the source text that answer an aspect; every translation has the same places, because
the parity rule holds them to the same structure. So no sentence is written twice.

A place is `answer`, `lead/2` (the second paragraph below the answer), `do` (a section) or `do/3` (its third line,
paragraphs before list items).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import StringConstraints

from bot.content.personas import PERSONA_PREFIX
from bot.content.text import TopicText

ANSWER: Final = "answer"
LEAD: Final = "lead"
Place = Annotated[str, StringConstraints(pattern=r"^(answer|lead/[1-9][0-9]*|[a-z_-]+(/[1-9][0-9]*)?)$")]


class Aspect(StrEnum):
    """The values are also sections of a key: `topic:health-care#cost`."""

    COST = "cost"
    DURATION = "duration"
    DOCUMENTS = "bring"
    PLACE = "place"
    WHO = "who"
    STEPS = "do"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a topic that stand together. `heading` is that of their section, empty above the sections."""

    heading: str
    personas: tuple[str, ...]
    lines: tuple[str, ...]


def passages(text: TopicText, places: Iterable[str]) -> tuple[Passage, ...]:
    """What stands in these places, lines of one section together. Raises KeyError for a place that is not there."""
    found: dict[str, list[str]] = {}
    for place in places:
        name, _, number = place.partition("/")
        lines = _lines(text, name)
        if number and int(number) > len(lines):
            raise KeyError(place)
        found.setdefault(name, []).extend([lines[int(number) - 1]] if number else lines)
    return tuple(_passage(text, name, tuple(lines)) for name, lines in found.items())


def _lines(text: TopicText, name: str) -> tuple[str, ...]:
    if name == ANSWER:
        return (text.answer,)
    if name == LEAD:
        return text.paragraphs
    section = text.sections[name]
    return section.paragraphs + section.items


def _passage(text: TopicText, name: str, lines: tuple[str, ...]) -> Passage:
    if name in (ANSWER, LEAD):
        return Passage("", (), lines)
    section = text.sections[name]
    personas = tuple(m.removeprefix(PERSONA_PREFIX) for m in section.ids if m.startswith(PERSONA_PREFIX))
    return Passage(section.heading, personas, lines)
