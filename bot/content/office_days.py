"""On which days the offices of Türkiye are open: Monday to Friday, without the official holidays of Law 2429.

The days come from the library `holidays`, religious feasts included; this is the only place that asks it. Not known in
advance, and therefore not here, is the administrative leave that is sometimes given on days around a feast.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import holidays

SATURDAY: Final = 5
_ONE: Final = timedelta(days=1)


class Holiday(StrEnum):
    """The official holidays, and `OTHER` for one that the law may get and this list does not know yet."""

    NEW_YEAR = "new-year"
    CHILDREN = "children"
    LABOUR = "labour"
    YOUTH = "youth"
    DEMOCRACY = "democracy"
    VICTORY = "victory"
    REPUBLIC = "republic"
    RAMAZAN = "ramazan"
    KURBAN = "kurban"
    OTHER = "other"


_NAMES: Final = {
    "Yılbaşı": Holiday.NEW_YEAR,
    "Ulusal Egemenlik ve Çocuk Bayramı": Holiday.CHILDREN,
    "Emek ve Dayanışma Günü": Holiday.LABOUR,
    "Atatürk'ü Anma, Gençlik ve Spor Bayramı": Holiday.YOUTH,
    "Demokrasi ve Millî Birlik Günü": Holiday.DEMOCRACY,
    "Zafer Bayramı": Holiday.VICTORY,
    "Cumhuriyet Bayramı": Holiday.REPUBLIC,
    "Ramazan Bayramı": Holiday.RAMAZAN,
    "Kurban Bayramı": Holiday.KURBAN,
}
_ESTIMATED: Final = " (tahmini)"
"""What the library puts behind the name of a feast whose day is computed and not yet announced."""
_WHOLE_DAYS: Final = holidays.country_holidays("TR", language="tr", categories=holidays.PUBLIC)
_HALF_DAYS: Final = holidays.country_holidays("TR", language="tr", categories=holidays.HALF_DAY)


def holidays_on(day: date) -> tuple[Holiday, ...]:
    """The official holidays of a day; two where a feast meets a national day. Half days are no holidays."""
    names = (name.removesuffix(_ESTIMATED) for name in _WHOLE_DAYS.get_list(day))
    return tuple(_NAMES.get(name, Holiday.OTHER) for name in names)


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def is_open(day: date) -> bool:
    """Whether an office is open, as far as is known. Near a feast that is only computed, it is taken to be closed."""
    return not (is_weekend(day) or holidays_on(day) or near_an_estimate(day))


def counts_as_working_day(day: date) -> bool:
    """Whether a day counts towards a number of working days.

    A half day counts: the office is open in the morning. So does a feast whose day is only computed. Both make the last
    day an earlier one.
    """
    return not is_weekend(day) and (not holidays_on(day) or _is_estimate(day))


def closes_at_noon(day: date) -> bool:
    """The eves of the feasts and 28 October: the holiday begins at 13:00 (Law 2429, article 2)."""
    return bool(_HALF_DAYS.get_list(day))


def near_an_estimate(day: date) -> bool:
    """Whether a feast that is only computed may fall on the day: a new moon is seen a day earlier or later."""
    return any(_is_estimate(near) for near in (day - _ONE, day, day + _ONE))


def last_open_day(day: date) -> date:
    """The day itself, or the last one before it on which the office is open."""
    while not is_open(day):
        day -= _ONE
    return day


def next_open_day(day: date) -> date:
    """The day itself, or the first one after it on which the office is open."""
    while not is_open(day):
        day += _ONE
    return day


def _is_estimate(day: date) -> bool:
    return any(name.endswith(_ESTIMATED) for name in _WHOLE_DAYS.get_list(day))
