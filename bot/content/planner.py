"""Works out the last day of a clock, and what to advise. Pure: no clock of its own, no words, no storage.

Where the law leaves a doubt, the earlier day is advised, because coming early costs nothing:

- The day of the event is not counted, as Turkish law counts times in days (Law 6098, article 92; Law 2577, article 8;
  Law 6100, article 92).
- A time in calendar days that ends while the offices are closed is not extended to the next open day, as procedural law
  does it (Law 6100, article 93): that this holds for a duty to report is not certain. Advised is the open day before.
- What must be done before a date is done by the day before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.content.clocks import Clock
from bot.content.facts import Counts
from bot.content.office_days import (
    Holiday,
    closes_at_noon,
    counts_as_working_day,
    holidays_on,
    is_weekend,
    last_open_day,
    near_an_estimate,
    next_open_day,
)
from bot.i18n.formats import OFFICE_ZONE

LONGEST_AGO: Final = timedelta(days=366)
FARTHEST: Final = timedelta(days=5 * 366)
"""No permit of limited time is longer than five years."""
REMINDED_BEFORE: Final = timedelta(days=3)
REMINDED_AT: Final = time(10, 0, tzinfo=OFFICE_ZONE)
_ONE: Final = timedelta(days=1)


class Doubt(StrEnum):
    """Why a date can hardly be meant."""

    TO_COME = "to-come"
    LONG_AGO = "long-ago"
    FAR_OFF = "far-off"


class Advice(StrEnum):
    """What to do about a plan today."""

    NOT_YET = "not-yet"  # the time in which it can be done has not begun
    THIS_WEEK = "this-week"
    NEXT_OPEN_DAY = "next-open-day"  # the offices are closed for the rest of the week
    ON_THE_LAST_DAY = "on-the-last-day"  # there is no open day before it
    TODAY = "today"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Closed:
    """A holiday that was passed over, with its first and last day."""

    holiday: Holiday
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Plan:
    """The last day of a clock for one event, and how it came about.

    `first`: since when it can be done, for a clock that runs before a date. `ends`: where the rule's own count ends.
    `last`: the day to advise, on which offices are open; never after `ends`. `closed`: holidays that were not counted,
    or that lie between `last` and `ends`. `estimated`: a feast near it is only computed, and the earlier day was taken.
    """

    clock: Clock
    event: date
    first: date | None
    ends: date
    last: date
    closed: tuple[Closed, ...]
    estimated: bool

    @property
    def closes_at_noon(self) -> bool:
        return closes_at_noon(self.last)


def doubt(clock: Clock, event: date, today: date) -> Doubt | None:
    """Whether to ask once more for the day of the event (or the date before which the clock runs)."""
    if event < today - LONGEST_AGO:
        return Doubt.LONG_AGO
    if clock.counts is Counts.AFTER:
        return Doubt.TO_COME if event > today else None
    return Doubt.FAR_OFF if event > today + FARTHEST else None


def plan(clock: Clock, event: date) -> Plan:
    """The last day for an event. The event is one that `doubt` let pass."""
    first = event - timedelta(days=clock.days) if clock.counts is Counts.BEFORE else None
    ends = _ends(clock, event)
    last = last_open_day(ends)
    begin = event if clock.working else last
    closed = tuple(_closed(begin + _ONE, ends))
    estimated = any(near_an_estimate(day) for day in _days(begin, ends))
    return Plan(clock, event, first, ends, last, closed, estimated)


def advice(plan: Plan, today: date) -> Advice:
    """What to do about it today."""
    if today > plan.last:
        return Advice.PASSED
    if plan.first and today < plan.first:
        return Advice.NOT_YET
    if today == plan.last:
        return Advice.TODAY
    if (free := next_open_day(today)) >= plan.last:
        return Advice.ON_THE_LAST_DAY
    return Advice.THIS_WEEK if free.isocalendar()[:2] == today.isocalendar()[:2] else Advice.NEXT_OPEN_DAY


def moments_to_remind(plan: Plan, now: datetime) -> tuple[datetime, ...]:
    """When to remind, in order, as far as it is still to come. `now` is aware.

    As soon as it can be done, three days before the last day, and on the last day, each at ten in the morning.
    """
    days = {plan.last - REMINDED_BEFORE, plan.last}
    if plan.first:
        days.add(next_open_day(plan.first))
    moments = (datetime.combine(day, REMINDED_AT) for day in sorted(days))
    return tuple(moment for moment in moments if moment > now)


def _ends(clock: Clock, event: date) -> date:
    if clock.counts is Counts.BEFORE:
        return event - _ONE
    if not clock.working:
        return event + timedelta(days=clock.days)
    day, left = event, clock.days
    while left:
        day += _ONE
        left -= counts_as_working_day(day)
    return day


def _closed(begin: date, end: date) -> Iterator[Closed]:
    """The holidays that take a day from Monday to Friday in this time, each once, in the order they come."""
    days: dict[Holiday, list[date]] = {}
    for day in _days(begin, end):
        # A feast that is only computed was counted: it took nothing.
        for holiday in () if counts_as_working_day(day) else holidays_on(day):
            days.setdefault(holiday, []).append(day)
    for holiday, taken in days.items():
        if not all(map(is_weekend, taken)):
            yield Closed(holiday, taken[0], taken[-1])


def _days(begin: date, end: date) -> Iterator[date]:
    for ahead in range((end - begin).days + 1):
        yield begin + timedelta(days=ahead)
