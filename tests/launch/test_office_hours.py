"""The office's hours are read strictly: what is wrong says what to write, and nothing is guessed."""

from datetime import time

import pytest
from pydantic import ValidationError

from bot.office_hours import Opening, parse_hours
from bot.settings import Settings

MORNING = Opening(time(8, 30), time(12, 30))
AFTERNOON = Opening(time(13, 30), time(17, 30))


def test_days_and_hours() -> None:
    hours = parse_hours("Mo-We,Fr 08:30-12:30, 13:30-17:30; Sa 9:00-12:00")
    assert hours is not None
    whole = (MORNING, AFTERNOON)
    assert hours.days == (whole, whole, whole, (), whole, (Opening(time(9), time(12)),), ())


def test_nothing_written_is_nothing_told() -> None:
    assert parse_hours("  ") is None


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("08:30-12:30", "for example"),
        ("Mo-Fr", "for example"),
        ("Mo-Fr 8.30-12.30", "for example"),
        ("Pzt-Cum 08:30-12:30", "write Mo, Tu"),
        ("Fr-Mo 08:30-12:30", "goes backwards"),
        ("Mo- 08:30-12:30", "cannot read the days"),
        ("Mo 12:30-08:30", "go backwards"),
        ("Mo 08:30-12:30,12:00-17:00", "overlap"),
        ("Mo 08:30-24:30", "no time of a day"),
        ("Mo 08:30", "cannot read the hours"),
        ("Mo-Fr 08:30-12:30; Fr 08:30-11:30", "Fr is given twice"),
        ("Mo-Fr 08:30-12:30;", "cannot read ''"),
    ],
)
def test_what_is_wrong_says_what_to_write(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_hours(written)
    with pytest.raises(ValidationError, match=says):
        Settings(office_hours=written)


@pytest.mark.parametrize("number", ["0312-000", "phone", "+", "0312  000"])
def test_a_phone_number_is_digits_and_single_spaces(number: str) -> None:
    with pytest.raises(ValidationError):
        Settings(office_phone=number)
