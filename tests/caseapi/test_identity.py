"""What people type is understood in every script, and what is shown back is masked."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.caseapi import identity


def with_check_digits(first_nine: str) -> str:
    """The number that passes; made when the test runs, because it may be somebody's."""
    digits = [int(char) for char in first_nine]
    digits.append((7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10)
    return "".join(map(str, [*digits, sum(digits) % 10]))


@given(st.text(alphabet="0123456789", min_size=7, max_size=7))
def test_check_digits(middle: str) -> None:
    number = with_check_digits("99" + middle)
    assert identity.looks_like_foreigner_number(number)
    for place in (9, 10):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not identity.looks_like_foreigner_number(wrong)
    assert not identity.looks_like_foreigner_number("1" + number[1:])


@pytest.mark.parametrize(
    "typed",
    [
        "99000000000",
        " 99 000 000 000 ",
        "990.000.000-00",
        "٩٩٠٠٠٠٠٠٠٠٠",
        "۹۹۰۰۰۰۰۰۰۰۰",
        "\u202a99000000000\u202c",
        "\u200f99\u200e000000000",
        "\u206699000000000\u2069",
        "９９０００００００００",
        "99\u00a0000\u2009000 000",
    ],
)
def test_a_foreigner_number_however_it_is_typed(typed: str) -> None:
    assert identity.foreigner_number(typed) == "99000000000"


@pytest.mark.parametrize(
    "typed", ["", "9900000000", "990000000000", "9900000000a", "99000000000;DROP TABLE", "½", "99000000000 or 1=1"]
)
def test_what_is_not_a_foreigner_number(typed: str) -> None:
    assert identity.foreigner_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("test-0021/26", "TEST-0021/26"),
        (" TEST ۰۰۲۱ ", "TEST0021"),
        ("abc", None),
        ("a" * 33, None),
        ("TEST_0021", None),
        ("../../etc", None),
        ("٣٤٥٦٧", "34567"),
    ],
)
def test_document_numbers(typed: str, read: str | None) -> None:
    assert identity.document_number(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0500 000 00 61", "+905000000061"),
        ("500 000 00 61", "+905000000061"),
        ("+90 (500) 000-00-61", "+905000000061"),
        ("0090 500 000 00 61", "+905000000061"),
        ("905000000061", "+905000000061"),
        ("۰۵۰۰۰۰۰۰۰۶۱", "+905000000061"),
        ("+963 900 000 000", "+963900000000"),
        ("12", None),
        ("my phone", None),
    ],
)
def test_phones(typed: str, read: str | None) -> None:
    assert identity.phone_number(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31.01.1990", "1990-01-31"),
        ("31/1/1990", "1990-01-31"),
        ("1990-01-31", "1990-01-31"),
        ("٣١ ٠١ ١٩٩٠", "1990-01-31"),
        ("31.02.1990", None),
        ("11/11/1368", None),
        ("yesterday", None),
    ],
)
def test_birth_dates(typed: str, read: str | None) -> None:
    assert identity.birth_date(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ali", "ALI"),
        ("  Abdul   Karim ", "ABDUL KARIM"),
        ("علی", "علی"),
        ("O'Neil", "O'NEIL"),
        ("<b>", None),
        ("7", None),
    ],
)
def test_names(typed: str, read: str | None) -> None:
    assert identity.person_name(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"), [("12 34 56", "123456"), ("۱۲۳۴۵۶", "123456"), ("12345", None), ("12345a", None)]
)
def test_codes(typed: str, read: str | None) -> None:
    assert identity.one_time_code(typed) == read


def test_masks() -> None:
    assert identity.masked("99000000040") == "99*******40"
    assert identity.masked("AB34") == "**34"
    assert identity.masked_phone("+905000000042") == "+90*****42"


@given(st.text(alphabet="ABC0123456789/-", min_size=4, max_size=32))
def test_a_mask_hides_most(number: str) -> None:
    mask = identity.masked(number)
    assert len(mask) == len(number)
    assert mask.count("*") * 2 >= len(number)


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    cleaned = identity.plain(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cf"} for char in cleaned)
    assert identity.plain(cleaned) == cleaned
    number = identity.document_number(text)
    assert number is None or re.fullmatch(r"[A-Z0-9/\-]{4,32}", number)
    for read in (identity.foreigner_number, identity.phone_number, identity.birth_date, identity.one_time_code):
        value = read(text)
        assert value is None or value.isascii()
