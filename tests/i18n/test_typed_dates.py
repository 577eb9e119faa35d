"""Dates as people type them: which are read, as what, and which are asked for again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from bot.caseapi.identity import plain
from bot.i18n.typed_dates import SOLAR_YEARS, TypedDate, read_date

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "20.11.2026",
        "20/11/2026",
        "2026-11-20",
        "20 11 2026",
        " 20 . 11 . 2026 ",
        "٢٠/١١/٢٠٢٦",
        "۲۰۲۶/۱۱/۲۰",
        "20،11،2026",
    ],
)
def test_a_gregorian_date_in_any_digits_and_order(text: str) -> None:
    assert read_date(plain(text)) == TypedDate(DAY)


@pytest.mark.parametrize("text", ["۱۴۰۵/۸/۲۹", "29.8.1405", "1405-08-29", "۲۹ ۰۸ ۱۴۰۵"])
def test_a_solar_hijri_date_is_known_by_its_year(text: str) -> None:
    assert read_date(plain(text)) == TypedDate(DAY, "29.8.1405")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20.11.26",
        "20.11",
        "31.2.2026",
        "11/20/2026",
        "30.12.1404",
        "5.6.1448",
        "1.1.0001",
        "20.11.2026 maybe",
        "20112026",
        "٢٠٢٦",
        "1.1.9999999",
    ],
)
def test_what_is_no_date_or_could_be_two_is_not_read(text: str) -> None:
    assert read_date(plain(text)) is None


@given(st.dates(date(2011, 3, 22), date(2051, 1, 1)))
def test_both_calendars_lead_to_the_same_day(day: date) -> None:
    solar = JalaliDate(day)  # type: ignore[no-untyped-call]  # the library's types are incomplete
    assert solar.year in SOLAR_YEARS
    typed = read_date(f"{solar.day}.{solar.month}.{solar.year}")
    assert typed is not None
    assert typed.day == day
    assert read_date(day.isoformat()) == TypedDate(day)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    found = read_date(plain(text))
    assert found is None or isinstance(found.day, date)
