"""The figures of a text: numbers, times, dates and phone numbers, each with everything that it may mean.

Pure. `1.500` is one thousand five hundred, because nobody writes three decimals of money or days; `14.30` may be a time
or a decimal, so it has both meanings, and two figures agree when they share one. Days come before months, as the ten
languages of this service write them, unless that is no date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final

from bot.i18n.months import month_names
from bot.i18n.registry import load_registry
from bot.i18n.typed_dates import SOLAR_YEARS, read_date
from bot.settings import ROOT
from bot.translation.guard_text import folded

Time = tuple[int, int]
"""Hour and minute of a day with 24 hours."""
YearlessDay = tuple[None, int, int]
"""Month and day of any year."""
Meaning = Decimal | Time | YearlessDay | date | str
"""A phone number is its digits."""


class FigureKind(StrEnum):
    """What a figure is read as."""

    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Figure:
    """`text` as it was written, with ASCII digits; `meanings` is never empty."""

    kind: FigureKind
    text: str
    meanings: frozenset[Meaning]

    @property
    def small(self) -> int | None:
        """The number from one to twelve that this may be, which people also write as a word."""
        return next((int(m) for m in self.meanings if isinstance(m, Decimal) and m in _WORDED), None)


MOST: Final = 100
"""Figures of a text that are compared. More stand in no message, but in an attack on the time that comparing takes."""
_WORDED: Final = frozenset(map(Decimal, range(1, 13)))
_ALSO_A_VERB: Final = "may"
_PHONE: Final = re.compile(
    r"""(?<![\w.,/:-])(?:
        (?:\+|00)\s?\d(?:[ ().\-/]{0,2}\d){6,14}       # in the form of other countries
      | \(?0[ ]?\d{3}\)?(?:[ .\-/]{0,2}\d){7}          # with the zero of Türkiye
      | \(?[2-5]\d{2}\)?[ \-]?\d{3}[ \-]?\d{2}[ \-]?\d{2}  # without it
      | (?:444|850)[ ]\d(?:[ ]?\d){3,6}
    )(?![\d])""",
    re.VERBOSE,
)
_DAY_FIRST: Final = re.compile(r"(?<![\d.,/-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/])")
_YEAR_FIRST: Final = re.compile(r"(?<![\d.,/-])(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
_TIME: Final = re.compile(
    r"(?<![\d.,/:-])(\d{1,2})(?::|\.|\s?[hH]\s?)([0-5]\d)(?!\d|[.,:]\d)(?:\s?([ap])\.?\s?m\b\.?)?", re.IGNORECASE
)
_HOUR: Final = re.compile(r"(?<![\d.,/:-])(\d{1,2})\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,3}(?:([.,٬'’ \u202f])\d{3})(?:\1\d{3})*(?:[.,٫]\d{1,2})?(?!\d)|\d+(?:[.,٫]\d+)?")


def figures(text: str, language: str) -> list[Figure]:
    """The figures of a text that `guard_text.plain` has read, `MOST` at most, dates first."""
    low = folded(text, language)
    if len(low) != len(text):
        text = low  # a dropped vowel mark moves every place behind it
    found: list[Figure] = []
    # Each reading takes its figures out of the text, so that a date is not read as numbers again.
    for reading in (_named_days, _digit_days, _phones, _times, _numbers):
        rest = []
        end = 0
        for start, stop, figure in reading(text, language):
            rest += [text[end:start], " ; "]
            end = stop
            found.append(figure)
        text = "".join([*rest, text[end:]])
    return found[:MOST]


_Found = Iterator[tuple[int, int, Figure]]


def _named_days(text: str, language: str) -> _Found:
    months = _months(language)
    if not months:
        return
    low = folded(text, language)
    longest_first = sorted(months, key=len, reverse=True)
    endings = r"\w{0,4}" if language == "tr" else ""
    names = "|".join(re.escape(name) + (endings if len(name) > 3 else "") for name in longest_first)
    one = rf"(?:{names})(?!\w)\.?(?:\s?/\s?(?:{names})(?!\w))*"
    day = r"(?<![\d.,/:-])(?P<day>\d{1,2})(?!\d|[.,:]\d)(?:st|nd|rd|th|er|-?го|-?е|\.|)"
    year = r"(?:['’]?\s?,?،?\s*(?:of|de|du|سنة|عام|سال)?\s*(?P<year>\d{4})(?!\d))?"
    first = rf"{day}\s+(?:of\s+|de\s+|من\s+)?(?P<month>{one}){year}"
    second = rf"(?<!\w)(?P<month>{one})\s+{day}{year}"
    last = 0
    for match in sorted([*re.finditer(first, low), *re.finditer(second, low)], key=re.Match.start):
        if match.start() < last or text[slice(*match.span("month"))] == _ALSO_A_VERB:
            continue
        solar, month = months[next(name for name in longest_first if match["month"].startswith(name))]
        meaning = _day(match["year"], month, match["day"], solar=solar)
        if meaning is not None:
            last = match.end()
            yield match.start(), last, _date(text[match.start() : last].strip(), meaning)


def _digit_days(text: str, _: str) -> _Found:
    matches = [(match, match[4], match[3], match[1]) for match in _DAY_FIRST.finditer(text)]
    matches += [(match, match[1], match[3], match[4]) for match in _YEAR_FIRST.finditer(text)]
    for match, year, month, day in sorted(matches, key=lambda each: each[0].start()):
        full = f"20{year}" if len(year) == 2 else year
        solar = int(full) in SOLAR_YEARS
        meaning = _day(full, int(month), day, solar=solar) or _day(full, int(day), month, solar=solar)
        if meaning is not None:
            yield match.start(), match.end(), _date(match[0], meaning)


def _phones(text: str, _: str) -> _Found:
    for match in _PHONE.finditer(text):
        digits = "".join(character for character in match[0] if character.isdigit())
        written = match[0].strip()
        yield match.start(), match.end(), Figure(FigureKind.PHONE, written, frozenset({digits}))


def _times(text: str, _: str) -> _Found:
    for match in _TIME.finditer(text):
        hour, minute = int(match[1]), int(match[2])
        if hour > 23:
            continue
        meanings = _hours(hour, minute, match[3])
        if "." in match[0] and not match[3]:
            meanings |= {Decimal(f"{match[1]}.{match[2]}"), *_yearless(match[1], int(match[2]))}
        yield match.start(), match.end(), Figure(FigureKind.NUMBER, match[0], meanings)


def _numbers(text: str, _: str) -> _Found:
    for match in _HOUR.finditer(text):
        if int(match[1]) <= 12:
            yield match.start(), match.end(), Figure(FigureKind.NUMBER, match[0], _hours(int(match[1]), 0, match[2]))
    taken = [match.span() for match in _HOUR.finditer(text) if int(match[1]) <= 12]
    for match in _NUMBER.finditer(text):
        if not any(start <= match.start() < stop for start, stop in taken):
            yield match.start(), match.end(), Figure(FigureKind.NUMBER, match[0], frozenset({_value(match)}))


def _value(match: re.Match[str]) -> Decimal:
    written = match[0].replace("٫", ",")
    if match[1]:
        whole, *fraction = re.split(r"[.,](?=\d{1,2}$)", written)
        return Decimal(".".join([re.sub(r"\D", "", whole), *fraction]))
    return Decimal(written.replace(",", "."))


def _hours(hour: int, minute: int, half: str | None) -> frozenset[Meaning]:
    """The times that are meant; a full hour is also its number: "3 p.m." is "15:00", "15" or, in the afternoon, "3"."""
    hours = {hour}
    if half:
        hours.add(hour % 12 + (12 if half in "pP" else 0))
    meanings: set[Meaning] = {(each, minute) for each in hours}
    if minute == 0:
        meanings |= {Decimal(each) for each in hours}
    return frozenset(meanings)


def _yearless(day: str, month: int) -> set[YearlessDay]:
    return {(None, month, int(day))} if 1 <= month <= 12 and 1 <= int(day) <= 31 else set()


def _day(year: str | None, month: int, day: str, *, solar: bool) -> date | YearlessDay | None:
    if year is None:
        # Without its year, a day of one calendar is no day of the other.
        return None if solar else next(iter(_yearless(day, month)), None)
    if solar:
        typed = read_date(f"{day}.{month}.{year}") if int(year) in SOLAR_YEARS else None
        return typed.day if typed else None
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _date(text: str, meaning: date | YearlessDay) -> Figure:
    return Figure(FigureKind.DATE, text, frozenset({meaning}))


@cache
def _months(language: str) -> dict[str, tuple[bool, int]]:
    """Folded names of months: whether they are Solar Hijri ones, and the number of the month."""
    known = load_registry(ROOT / "content").languages.get(language)
    written = month_names(known) if known else ()
    return {folded(each.name, language).rstrip("."): (each.solar, each.month) for each in written}
