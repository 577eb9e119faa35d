"""A date as people type it, in the Gregorian calendar or in the Solar Hijri one of Iran and Afghanistan.

The year tells which calendar is meant: nobody means the Gregorian year 1405, nor the Solar Hijri year 2026. The day
comes before the month, as all languages of this service write it, unless the year comes first. Years of the lunar Hijri
calendar are not read: they lie near the solar ones, and a wrong guess would be wrong by decades.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from persiantools.jdatetime import JalaliDate

SOLAR_YEARS: Final = range(1390, 1431)
"""2011 to 2052. The lunar Hijri years of our time are higher than these."""
GREGORIAN_YEARS: Final = range(2000, 2100)

_SEPARATOR: Final = r" ?[ ./\-،,] ?"
_DAY_FIRST: Final = re.compile(rf"([0-9]{{1,2}}){_SEPARATOR}([0-9]{{1,2}}){_SEPARATOR}([0-9]{{4}})")
_YEAR_FIRST: Final = re.compile(rf"([0-9]{{4}}){_SEPARATOR}([0-9]{{1,2}}){_SEPARATOR}([0-9]{{1,2}})")


@dataclass(frozen=True, slots=True)
class TypedDate:
    """The day that is meant. `solar` is the same day as it was typed, `29.8.1405`, empty for a Gregorian date."""

    day: date
    solar: str = ""


def read_date(text: str) -> TypedDate | None:
    """The date that the whole text is, or None. The text has Latin digits and single spaces."""
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        if year in GREGORIAN_YEARS:
            return TypedDate(date(year, month, day))
        if year in SOLAR_YEARS:
            solar = JalaliDate(year, month, day)  # type: ignore[no-untyped-call]  # the library's types are incomplete
            return TypedDate(solar.to_gregorian(), f"{day}.{month}.{year}")
    except ValueError:
        pass
    return None
