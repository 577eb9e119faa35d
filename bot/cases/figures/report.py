"""The figures of a period as the staff see them, from one read-only moment of the database.

Asked for by hand, off the way of a message, and broken off after a few seconds. Exact numbers stay in here: what leaves
is made of classes (`bot.cases.figures.counting`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cases.figures import clearness, talks, waits
from bot.cases.figures.clearness import Clearness
from bot.cases.figures.counting import Count, Share, quantile
from bot.cases.figures.period import Period
from bot.cases.figures.talks import Talks
from bot.cases.figures.waits import Waits

LONGEST_STATEMENT_SECONDS: Final = 4
CHANNELS: Final = ("telegram", "kiosk")
"""Shown always; any other only where it is used."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Conversations on a channel."""

    name: str
    conversations: Count


@dataclass(frozen=True, slots=True)
class Languages:
    """Conversations and cases of a language. Parts of `conversations` are those with an answer of the bot
    (`answered`), and of these those without a person (`alone`) and with an answer that was called `unclear`.

    Part of `written`, cases in which a person wrote, are those in which their words were called unclear.
    """

    code: str
    conversations: Count
    answered: Count
    alone: Count
    unclear: Count
    written: Count
    unclear_words: Count

    @classmethod
    def of(cls, code: str, of_talks: Talks, of_words: Clearness) -> Self:
        return cls(
            code,
            conversations=Count.of(of_talks.all),
            answered=Count.of(of_talks.answered),
            alone=Count.of(of_talks.alone),
            unclear=Count.of(of_talks.unclear),
            written=Count.of(of_words.written),
            unclear_words=Count.of(of_words.unclear),
        )

    @property
    def share_alone(self) -> Share | None:
        return Share.of(self.alone, self.conversations)

    @property
    def share_unclear(self) -> Share | None:
        return Share.of(self.unclear, self.answered)

    @property
    def share_unclear_words(self) -> Share | None:
        return Share.of(self.unclear_words, self.written)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits in a language: the cases, those to whom a person came, how long half and nine of ten of these waited at
    most (None: too few), those of them who could be told an estimate, and those for whom it held."""

    code: str
    cases: Count
    taken: Count
    median: timedelta | None
    ninetieth: timedelta | None
    estimated: Count
    in_time: Count

    @classmethod
    def of(cls, code: str, found: Waits) -> Self:
        return cls(
            code,
            cases=Count.of(found.cases),
            taken=Count.of(len(found.waited)),
            median=quantile(found.waited, 0.5),
            ninetieth=quantile(found.waited, 0.9),
            estimated=Count.of(found.estimated),
            in_time=Count.of(found.in_time),
        )

    @property
    def share_in_time(self) -> Share | None:
        return Share.of(self.in_time, self.estimated)


@dataclass(frozen=True, slots=True)
class Topics:
    """Conversations about a topic, or whatever else a question was like."""

    name: str
    conversations: Count


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of `asked`. Conversations are counted in `of_talks`, cases in `of_cases`: as far as they are kept.

    Rows of languages are in the order that was asked for; topics begin with the largest, and those of fewer than five
    are left out, so that no row tells that there was somebody.
    """

    asked: Period
    of_talks: Period
    of_cases: Period
    channels: tuple[Channel, ...]
    languages: tuple[Languages, ...]
    waiting: tuple[Waiting, ...]
    topics: tuple[Topics, ...]
    doubts: tuple[Topics, ...]

    @property
    def all_languages(self) -> Languages:
        """The sum of the rows of languages. A conversation in two languages is in it twice."""
        return Languages(
            "",
            conversations=Count.total(row.conversations for row in self.languages),
            answered=Count.total(row.answered for row in self.languages),
            alone=Count.total(row.alone for row in self.languages),
            unclear=Count.total(row.unclear for row in self.languages),
            written=Count.total(row.written for row in self.languages),
            unclear_words=Count.total(row.unclear_words for row in self.languages),
        )


async def read_figures(
    engine: AsyncEngine,
    today: date,
    days: int,
    *,
    languages: Sequence[str],
    topics: Collection[str],
    keep_conversations_days: int,
    keep_cases_days: int,
) -> Figures:
    """The figures of the `days` before today, with a row for each of `languages`. Topics that are no more are left out.

    Raises sqlalchemy.exc.OperationalError where the database takes longer than `LONGEST_STATEMENT_SECONDS`.
    """
    asked = Period.before(today, days)
    of_talks, of_cases = asked.as_far_as_kept(keep_conversations_days), asked.as_far_as_kept(keep_cases_days)
    async with engine.connect() as line:
        # One moment for all figures, and nothing can be written by mistake.
        db = await line.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        await db.execute(text(f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT_SECONDS}s'"))
        channels = await talks.by_channel(db, of_talks)
        spoken = await talks.by_language(db, of_talks)
        clear = await clearness.by_language(db, of_cases)
        waited = await waits.by_language(db, of_cases)
        asked_for = await talks.by_topic(db, of_talks)
        doubts = await talks.in_doubt(db, of_talks)
    return Figures(
        asked=asked,
        of_talks=of_talks,
        of_cases=of_cases,
        channels=_channels(channels),
        languages=tuple(
            Languages.of(code, spoken.get(code, talks.NO_TALKS), clear.get(code, clearness.NOTHING_WRITTEN))
            for code in languages
        ),
        waiting=tuple(Waiting.of(code, waited.get(code, waits.NO_WAITS)) for code in languages),
        topics=largest_first({slug: number for slug, number in asked_for.items() if slug in topics}),
        doubts=largest_first(doubts),
    )


def _channels(found: Mapping[str, int]) -> tuple[Channel, ...]:
    rows = [Channel(name, Count.of(found.get(name, 0))) for name in [*CHANNELS, *sorted(found.keys() - set(CHANNELS))]]
    return tuple(row for row in rows if row.name in CHANNELS or not row.conversations.few)


def largest_first(found: Mapping[str, int]) -> tuple[Topics, ...]:
    """The rows of five people and more. Rows of one class are in the order of their names, not of their numbers."""
    rows = [Topics(name, Count.of(number)) for name, number in found.items()]
    return tuple(
        sorted((row for row in rows if not row.conversations.few), key=lambda row: (-row.conversations.least, row.name))
    )
