"""What people type about themselves, made comparable: numbers, names, dates, phones, codes; and how they are masked.

Formats of the office's numbers are not public, so only what is certain is required. The check digits of a foreigner
number are a reason to ask again, never a reason to refuse: that they follow the rule of Turkish identity numbers is
not documented anywhere official.
"""

import re
import unicodedata
from datetime import date
from typing import Final

LONGEST_INPUT: Final = 200
"""Characters. Nothing that is asked for is longer."""

_NUMBER: Final = re.compile(r"[A-Z0-9/\-]{4,32}")
_FOREIGNER: Final = re.compile(r"[0-9]{11}")
_DIGITS: Final = re.compile(r"[0-9]+")
_CODE: Final = re.compile(r"[0-9]{6}")
_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[ ./\-]([0-9]{1,2})[ ./\-]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[ ./\-]([0-9]{1,2})[ ./\-]([0-9]{1,2})")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’\-])*")


def plain(text: str) -> str:
    """The text with every script's digits as 0-9, without bidi marks and controls, and with single spaces."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", text[:LONGEST_INPUT]):
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            kept.append(str(digit))
        elif char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            kept.append(char)
    return " ".join("".join(kept).split())


def document_number(text: str) -> str | None:
    """A number as the contract wants it (capitals, no spaces), or None when it can not be one."""
    return _full(_NUMBER, plain(text).replace(" ", "").upper())


def foreigner_number(text: str) -> str | None:
    """The eleven digits of a foreigner identification number, however they are grouped, or None."""
    return _full(_FOREIGNER, re.sub(r"[ .\-]", "", plain(text)))


def looks_like_foreigner_number(number: str) -> bool:
    """Whether the number begins with 99 and its last two digits fit the rule of Turkish identity numbers.

    d10 = (7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10 and d11 = (d1+…+d10) mod 10.
    """
    digits = [int(char) for char in number]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return number.startswith("99") and digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def person_name(text: str) -> str | None:
    """A name in capitals, or None. Turkish dotted and dotless i are left to the office, which ignores the dots."""
    return _full(_NAME, plain(text).upper())


def birth_date(text: str) -> str | None:
    """A date of birth as YYYY-MM-DD, from day-month-year or year-month-day, or None.

    A year before 1900 is not accepted: it is of another calendar, while documents show the Gregorian one.
    """
    typed = plain(text)
    if found := _DAY_FIRST.fullmatch(typed):
        day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(typed):
        year, month, day = found.groups()
    else:
        return None
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return value.isoformat() if value.year >= 1900 else None


def phone_number(text: str) -> str | None:
    """A phone number in E.164, or None. Without a country code it is Turkish (05…, 5…)."""
    digits = re.sub(r"[ ().\-]", "", plain(text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+90" + digits[1:]
    elif digits.startswith("5") and len(digits) == 10:
        digits = "+90" + digits
    elif digits.startswith("90") and len(digits) == 12:
        digits = "+" + digits
    return _full(_PHONE, digits)


def one_time_code(text: str) -> str | None:
    """The six digits of a code, or None."""
    return _full(_CODE, re.sub(r"[ \-]", "", plain(text)))


def neighbourhood(number: str) -> str:
    """What a number shares with those that somebody tries who counts up: without the last four of its longest digits.

    `99123456789` has the neighbourhood `9912345`, `TEST-0021/26` has `TEST-/26`.
    """
    longest = max(_DIGITS.finditer(number), key=lambda run: len(run[0]), default=None)
    if longest is None:
        return number[:-4]
    return number[: max(longest.start(), longest.end() - 4)] + number[longest.end() :]


def masked(number: str) -> str:
    """A number as it may be shown: first and last two characters, `99*******40`. Short ones show the end only."""
    shown = number[:2] if len(number) >= 8 else ""
    return shown + "*" * (len(number) - len(shown) - 2) + number[-2:]


def masked_phone(phone: str) -> str:
    """A phone number in E.164 as it may be shown: `+90*****42`. The number of stars says nothing."""
    return f"{phone[:3]}*****{phone[-2:]}"


def _full(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None
