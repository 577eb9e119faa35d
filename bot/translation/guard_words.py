"""Reads `content/translation_guard.yaml`: which words of a language are numbers, negations and persons.

Owns how a text is matched with these words. What follows from a match is decided by `guard_figures` and
`guard_meaning`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.i18n.yaml_files import read_model
from bot.settings import ROOT
from bot.translation.guard_text import folded, words

PATH: Final = Path("content", "translation_guard.yaml")
NEGATION: Final = "negation"
OPEN: Final = "open"
_IDLE: Final = "idle"


class _Marks(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()


class _Language(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: dict[Annotated[int, Field(ge=1, le=12)], tuple[str, ...]]
    attached: tuple[str, ...] = ()
    negation: _Marks = _Marks()
    open: _Marks = _Marks()
    idle: _Marks = _Marks()
    person: dict[str, _Marks] = {}


class _File(RootModel[dict[str, _Language]]):
    pass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What phrases and patterns stand for. `phrases` are folded words with single spaces."""

    phrases: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    attached: tuple[str, ...]
    longest: int

    def read(self, text: list[str]) -> list[tuple[str, str]]:
        """Every mark in a folded text, as what it stands for and how it was written. No word counts twice."""
        found = []
        at = 0
        while at < len(text):
            size = next((size for size in range(self.longest, 0, -1) if self._meaning(text[at : at + size])), 1)
            part = text[at : at + size]
            if meaning := self._meaning(part):
                found.append((meaning, " ".join(part)))
            at += size
        return found

    def _meaning(self, part: list[str]) -> str:
        phrase = " ".join(part)
        if meaning := self.phrases.get(phrase):
            return meaning
        for attached in self.attached:
            if phrase.startswith(attached) and (meaning := self.phrases.get(phrase.removeprefix(attached))):
                return meaning
        return next((meaning for pattern, meaning in self.patterns if pattern.fullmatch(phrase)), "")


@dataclass(frozen=True, slots=True)
class GuardWords:
    """The words of one language. A language whose file has no negation or person has an empty lexicon there."""

    numbers: Lexicon
    negation: Lexicon
    person: Lexicon

    def small_numbers(self, text: list[str]) -> Counter[int]:
        """How often each number of one to twelve stands in a folded text as a word."""
        return Counter(int(number) for number, _ in self.numbers.read(text))

    @property
    def knows_negation(self) -> bool:
        return bool(self.negation.phrases)


_NONE: Final = Lexicon(MappingProxyType({}), (), (), 1)
_UNKNOWN: Final = GuardWords(_NONE, _NONE, _NONE)


def guard_words(language: str) -> GuardWords:
    """The words of a language by its BCP-47 code; empty ones for a language that the file does not have.

    Raises ContentFileError where the file cannot be used.
    """
    return _all(ROOT / PATH).get(language, _UNKNOWN)


@cache
def _all(path: Path) -> Mapping[str, GuardWords]:
    return MappingProxyType({code: _compiled(code, rows) for code, rows in read_model(path, _File).root.items()})


def _compiled(code: str, rows: _Language) -> GuardWords:
    numbers = {str(number): _Marks(words=forms) for number, forms in rows.numbers.items()}
    negation = {_IDLE: rows.idle, OPEN: rows.open, NEGATION: rows.negation} if rows.negation.words else {}
    return GuardWords(
        numbers=_lexicon(code, numbers, rows.attached),
        negation=_lexicon(code, negation, rows.attached),
        person=_lexicon(code, rows.person, rows.attached),
    )


def _lexicon(code: str, marks: Mapping[str, _Marks], attached: Iterable[str]) -> Lexicon:
    phrases = {" ".join(words(word, code)): meaning for meaning, row in marks.items() for word in row.words}
    patterns = tuple((pattern, meaning) for meaning, row in marks.items() for pattern in row.patterns)
    spaced = any(" " in pattern.pattern for pattern, _ in patterns)
    longest = max([phrase.count(" ") + 1 for phrase in phrases] + [2 if spaced else 1], default=1)
    return Lexicon(MappingProxyType(phrases), patterns, tuple(folded(part, code) for part in attached), longest)
