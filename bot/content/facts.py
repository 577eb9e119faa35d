"""What `facts.yaml` of a topic may contain: the facts behind the words, with evidence and dates.

Owns the shape and the rules that need nothing but the file itself. Whether the texts agree with the facts is
checked by `bot.checks`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.content.aspects import Aspect, Place
from bot.content.personas import PERSONAS

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
LawNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,4}(/[0-9]+)?$")]
Article = Annotated[str, StringConstraints(pattern=r"^[0-9]+(/[0-9A-Za-zçğıöşü]+)*$")]


class Level(StrEnum):
    """How a topic is handled."""

    H0 = "H0"  # answer from the text
    H1 = "H1"  # answer the general rule, then offer a person
    H2 = "H2"  # fixed card and a person, no advice
    H3 = "H3"  # emergency numbers first, then a person


class Evidence(StrEnum):
    """How well a fact is supported."""

    SEED = "S"  # the office's own list of services says so
    CONFIRMED = "V"  # a public source was read that says so
    SECONDARY = "V2"  # only a secondary or community source says so
    GENERAL = "G"  # general knowledge of the law, not verified
    CONTRADICTED = "X"  # sources disagree; the text must be cautious or silent


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(_Frozen):
    """A number with its unit, as `value: 20, unit: working_day`. The unit's words are in the glossary.

    No unit: the bare number, such as the first digits of an identification number.
    `forms` gives, by language, the exact words to look for where a text does not write the number in digits.
    """

    value: int
    unit: Name | None = None
    forms: dict[str, tuple[Name, ...]] = {}


class Fact(_Frozen):
    """One statement, in Turkish, with its evidence. Facts that are not published never reach a text."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    statement_tr: Name
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    sources: tuple[Name, ...] = Field(min_length=1)
    applies_to: tuple[Name, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    laws: tuple[LawNumber, ...] = ()
    dates: tuple[date, ...] = ()
    published: bool = True
    caution: Name | None = None

    @model_validator(mode="after")
    def _only_supported_facts_are_published(self) -> Self:
        supported = {Evidence.SEED, Evidence.CONFIRMED}
        if self.published and not supported.intersection(self.evidence):
            raise ValueError(f"fact {self.id}: without S or V evidence set `published: false`")
        if self.published and Evidence.CONTRADICTED in self.evidence and not self.caution:
            raise ValueError(f"fact {self.id}: sources disagree, so `caution` must say how the text handles it")
        return self


class Counts(StrEnum):
    """Which way a clock runs."""

    AFTER = "after"  # a duty to be done within so many days after something happened
    BEFORE = "before"  # something to be done within so many days before a date


class ClockRule(_Frozen):
    """A deadline that a last day may be worked out for; the number is that of the fact it names.

    `id` is what happened, the same in every topic, such as `birth`. What may have one: `bot.content.clocks`.
    """

    id: Slug
    fact: Name
    counts: Counts


class SeedSentence(_Frozen):
    """A sentence of the office's list, letter by letter, with its known slips as `wrong -> right`."""

    text: Annotated[str, StringConstraints(min_length=1)]
    errata: tuple[Name, ...] = ()


class LegalReference(_Frozen):
    """A law of `laws.yaml` and the article that carries the rule; no article means the law as a whole."""

    law: LawNumber
    article: Article | None = None


class Source(_Frozen):
    """Where a fact was read. `checked_on` is the day a person read it."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")]
    title: Name
    url: Annotated[str, StringConstraints(pattern=r"^https://")] | None = None
    checked_on: date


class Facts(_Frozen):
    """Everything in `facts.yaml`. `valid_from`: since when the rules stand as written here, as far as known.

    `owner`: who in the office answers for the topic, named as the office does.
    """

    slug: Slug
    level: Level
    applies_to: tuple[Name, ...] = Field(min_length=1)
    owner: Name
    valid_from: date
    last_reviewed: date
    review_due: date
    seed: tuple[SeedSentence, ...] = ()
    facts: tuple[Fact, ...] = Field(min_length=1)
    aspects: dict[Aspect, tuple[Place, ...]] = {}
    clocks: tuple[ClockRule, ...] = ()
    legal_basis: tuple[LegalReference, ...] = ()
    phones: tuple[Name, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        known = {source.id for source in self.sources}
        cited = {name for fact in self.facts for name in fact.sources}
        if unknown := cited - known:
            raise ValueError(f"facts cite sources that are not listed: {', '.join(sorted(unknown))}")
        if unused := known - cited:
            raise ValueError(f"no fact cites these sources: {', '.join(sorted(unused))}")
        names = [*self.applies_to, *(name for fact in self.facts for name in fact.applies_to)]
        if strangers := set(names) - set(PERSONAS):
            raise ValueError(f"unknown personas: {', '.join(sorted(strangers))}")
        if len({fact.id for fact in self.facts}) != len(self.facts):
            raise ValueError("two facts have the same id")
        if self.review_due <= self.last_reviewed:
            raise ValueError("review_due must be later than last_reviewed")
        return self

    @property
    def published(self) -> tuple[Fact, ...]:
        """The facts that the texts must state."""
        return tuple(fact for fact in self.facts if fact.published)
