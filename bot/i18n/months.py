"""The names of months as people write them, for reading a text that somebody else wrote.

`bot.i18n.formats` writes dates in one way for a language; this knows the other ways too: the short names, those that
stand alone, and the names of every Arab country (CLDR, dates).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from babel.dates import get_month_names

from bot.i18n.formats import SOLAR_MONTHS
from bot.i18n.registry import Language

_ARABIC: Final = ("ar", "ar_SY", "ar_IQ", "ar_DZ", "ar_MA", "ar_SA")


@dataclass(frozen=True, slots=True)
class MonthName:
    """One way to write a month, numbered from 1; `solar` for a month of the Solar Hijri calendar."""

    name: str
    month: int
    solar: bool


def month_names(language: Language) -> Iterator[MonthName]:
    """Every name of every month; a name may come more than once."""
    for number, name in enumerate(SOLAR_MONTHS.get(language.code, ()), start=1):
        yield MonthName(name, number, solar=True)
    for locale in _ARABIC if language.code == "ar" else (language.locale,):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    if not name.isdigit():
                        yield MonthName(name, number, solar=False)
