"""Dates, times and numbers as a person reads them: in the office's time zone, with Latin digits.

Gregorian dates come from Babel. Readers of Persian, Dari and Pashto get the Solar Hijri day beside it, because that is
the calendar they live by; the Gregorian one stays first, because it is the one on the office's papers.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.dates import format_timedelta, get_day_names, get_month_names
from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent
from persiantools.jdatetime import MONTH_NAMES_FA, JalaliDate

from bot.i18n.registry import Language

OFFICE_ZONE: Final = ZoneInfo("Europe/Istanbul")

# One calendar, three sets of names: Afghanistan calls the months by the signs of the zodiac, in Arabic or in Pashto.
SOLAR_MONTHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fa": tuple(name for name in MONTH_NAMES_FA if name),
        "prs": ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"),
        "ps": ("وری", "غویی", "غبرګولی", "چنګاښ", "زمری", "وږی", "تله", "لړم", "ليندۍ", "مرغومی", "سلواغه", "کب"),
    }
)

# From Monday, as the rest of our Pashto has them. Babel's name for Saturday is also the word for "week".
_PASHTO_WEEKDAYS: Final = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")

# Syria and Iraq have other names of months than Egypt and the Maghreb. Texts for all of them give both.
_LEVANT: Final = "ar_SY"


def format_date(day: date, language: Language) -> str:
    """A calendar day without its weekday, for example "November 23, 2026"."""
    return _gregorian(day, "long", language)


def format_day(day: date, language: Language) -> str:
    """A calendar day with its weekday, for example "Tuesday, November 10, 2026"."""
    gregorian = _gregorian(day, "full", language)
    months = SOLAR_MONTHS.get(language.code)
    if months is None:
        return gregorian
    solar = JalaliDate(day)  # type: ignore[no-untyped-call]  # the library's types are incomplete
    return f"{gregorian} ({solar.day} {months[solar.month - 1]} {solar.year})"


def _gregorian(day: date, width: Literal["long", "full"], language: Language) -> str:
    """Babel's date, with the names that readers of this language know."""
    written = babel_date(day, format=width, locale=language.locale)
    match language.code:
        case "ar":
            name = get_month_names(locale=language.locale)[day.month]
            return written.replace(name, f"{get_month_names(locale=_LEVANT)[day.month]}/{name}")
        case "ps":
            name = get_day_names(locale=language.locale)[day.weekday()]
            return written.replace(name, _PASHTO_WEEKDAYS[day.weekday()])
        case _:
            return written


def format_weekday(day: int, language: Language) -> str:
    """The name of a weekday, 0 for Monday, as it stands alone."""
    if language.code == "ps":
        return _PASHTO_WEEKDAYS[day]
    return str(get_day_names(context="stand-alone", locale=language.locale)[day])


def format_moment(moment: datetime, language: Language) -> str:
    """Day and time of an aware datetime in the office's zone. The clock has 24 hours, so nobody comes at night.

    Raises ValueError for a datetime without offset: it could be any hour.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    local = moment.astimezone(OFFICE_ZONE)
    return f"{format_day(local.date(), language)} – {format_clock(local, language)}"


def format_clock(moment: datetime, language: Language) -> str:
    """Hour and minute in the office's zone, for example "14:30"."""
    return babel_time(moment, format="HH:mm", tzinfo=OFFICE_ZONE, locale=language.locale)


def format_duration(duration: timedelta, language: Language) -> str:
    """A duration to the minute, in its largest fitting unit, for example "2 hours"."""
    return format_timedelta(duration, granularity="minute", threshold=1.5, locale=language.locale)


def format_number(number: int, language: Language) -> str:
    """A whole number with the language's separators, for example "1,204"."""
    return format_decimal(number, locale=language.locale)


def format_percent(share: float, language: Language) -> str:
    """A share from 0 to 1 in whole per cent, for example "62%"."""
    return babel_percent(share, format=None, locale=language.locale)
