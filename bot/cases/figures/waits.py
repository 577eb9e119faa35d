"""How long people waited until a person came, against the estimate that could be told them when they asked.

The estimate is not stored. It is worked out again by the rule of `bot.cases.waiting`: the middle wait of those who were
taken in the three hours before, none after fewer than five, none while somebody waits longer. Whether a console was
open is not known any more, so some were told less than is counted here, and nobody more.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.figures.period import Period
from bot.cases.waiting import FEWEST, LATELY
from bot.storage.tables import case_entries, cases


@dataclass(frozen=True, slots=True)
class Asked:
    """A case and its moments: when a person was asked for, when the first one came, when it was closed."""

    opened: datetime
    taken: datetime | None = None
    closed: datetime | None = None

    @property
    def waited(self) -> timedelta | None:
        return None if self.taken is None else self.taken - self.opened

    def waits_at(self, moment: datetime) -> bool:
        over = min((end for end in (self.taken, self.closed) if end is not None), default=None)
        return self.opened < moment and (over is None or over > moment)


@dataclass(frozen=True, slots=True)
class Waits:
    """The cases of a language. `waited` has those to whom a person came; for `estimated` of them there was an estimate,
    and `in_time` of these waited no longer than it said."""

    cases: int
    waited: tuple[timedelta, ...]
    estimated: int
    in_time: int


NO_WAITS = Waits(0, (), 0, 0)


async def by_language(db: AsyncConnection, period: Period) -> dict[str, Waits]:
    """The waits of the cases that were opened in the period, by the case's language."""
    taken = (
        select(func.min(case_entries.c.at))
        .where(case_entries.c.case_id == cases.c.id, case_entries.c.kind == "claimed")
        .scalar_subquery()
    )
    # Also those from before who still waited, or were taken, when the first of the period came.
    rows = await db.execute(
        select(cases.c.language, cases.c.opened_at, cases.c.closed_at, taken.label("taken_at")).where(
            cases.c.opened_at < period.end,
            or_(cases.c.closed_at.is_(None), cases.c.closed_at >= period.begin - LATELY),
        )
    )
    found: dict[str, list[Asked]] = defaultdict(list)
    for row in rows:
        found[row.language].append(Asked(row.opened_at, row.taken_at, row.closed_at))
    return {language: count(asked, period) for language, asked in found.items()}


def count(of_a_language: Iterable[Asked], period: Period) -> Waits:
    """The waits of those cases of one language that were opened in the period."""
    every = sorted(of_a_language, key=lambda one: one.opened)
    within = [one for one in every if period.begin <= one.opened < period.end]
    estimates = [(one.waited, estimate(every, one.opened)) for one in within if one.waited is not None]
    told = [(waited, usual) for waited, usual in estimates if usual is not None]
    return Waits(
        cases=len(within),
        waited=tuple(waited for waited, _ in estimates),
        estimated=len(told),
        in_time=sum(waited <= usual for waited, usual in told),
    )


def estimate(by_opening: Sequence[Asked], moment: datetime) -> timedelta | None:
    """What could be told at a moment about the wait to come; None where that would have misled."""
    newer = bisect_left(by_opening, moment, key=lambda one: one.opened)
    lately = bisect_left(by_opening, moment - LATELY, key=lambda one: one.opened)
    recent = (one for one in by_opening[lately:newer] if one.taken is not None and one.taken < moment)
    waits = [one.waited.total_seconds() for one in recent if one.waited is not None]
    if len(waits) < FEWEST:
        return None
    usual = timedelta(seconds=median(waits))
    longest = max((moment - one.opened for one in by_opening[:newer] if one.waits_at(moment)), default=timedelta())
    return None if longest > usual else usual
