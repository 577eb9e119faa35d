"""When the office is open in a week, as a setting gives it: `Mo-Fr 08:30-12:30,13:30-17:30; Sa 9:00-12:00`.

Owns how it is written and nothing else. The words of days belong to `bot.i18n.formats`, holidays to
`bot.content.office_days`.
"""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_RULE: Final = re.compile(r"(?P<days>[A-Za-z, -]+?)\s+(?P<times>[\d:, -]+)")
_TIMES: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Opening:
    """From one time of a day to a later one."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The openings of each day of the week, from Monday; a day without any is a day on which the office is closed."""

    days: tuple[tuple[Opening, ...], ...]


def parse_hours(written: str) -> OfficeHours | None:
    """The hours, or None where nothing is written. Raises ValueError that says what to write instead."""
    if not written.strip():
        return None
    openings: dict[str, tuple[Opening, ...]] = {}
    for rule in written.split(";"):
        found = _RULE.fullmatch(rule.strip())
        if found is None:
            raise ValueError(f"cannot read {rule.strip()!r}: write days and hours, for example `Mo-Fr 08:30-17:30`")
        hours = _openings(found["times"])
        for day in _days(found["days"]):
            if day in openings:
                raise ValueError(f"{day} is given twice: give each day once, with all its hours")
            openings[day] = hours
    return OfficeHours(tuple(openings.get(day, ()) for day in DAYS))


def _days(written: str) -> list[str]:
    days: list[str] = []
    for part in written.split(","):
        first, _, last = (name.strip() for name in part.partition("-"))
        for name in filter(None, (first, last)):
            if name not in DAYS:
                raise ValueError(f"{name!r} is no day: write {', '.join(DAYS)}")
        if not first or ("-" in part and not last):
            raise ValueError(f"cannot read the days {written.strip()!r}: write `Mo-Fr` or `Mo,We`")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        if end < begin:
            raise ValueError(f"{part.strip()!r} goes backwards: begin with the earlier day, from Mo to Su")
        days += DAYS[begin : end + 1]
    return days


def _openings(written: str) -> tuple[Opening, ...]:
    openings: list[Opening] = []
    for part in written.split(","):
        found = _TIMES.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"cannot read the hours {part.strip()!r}: write `08:30-12:30`")
        hours = tuple(map(int, found.groups()))
        opens, closes = _time(*hours[:2]), _time(*hours[2:])
        if closes <= opens or (openings and opens <= openings[-1].closes):
            raise ValueError(f"the hours {written.strip()!r} overlap or go backwards: write them from early to late")
        openings.append(Opening(opens, closes))
    return tuple(openings)


def _time(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"{hour}:{minute:02} is no time of a day: write 00:00 to 23:59") from None
