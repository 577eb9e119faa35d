"""Words typed by people, made safe to stand beside other words. Markup is no matter here: templates escape it.

Invisible characters can reverse what is read ("Trojan Source", https://trojansource.codes) or hide a second text.
The joiners U+200C and U+200D stay: Persian, Urdu and many emoji need them. Telling applicants about such a character
helps nobody, so their own screen leaves it out; staff see it as a visible mark.
"""

import re
from typing import Final

from bot.i18n.bidi import LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE

MOST_MARKS: Final = 4
"""Combining marks on one letter: Arabic and Vietnamese need three at most, the rest is there to break the page."""

# Marks, embeddings, overrides and isolates of direction; zero-width space and no-break space; tag characters.
_HIDDEN: Final = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
# Control characters but tab and newline, lone surrogates, and noncharacters.
_BROKEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PILE: Final = re.compile(
    f"([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff"
    f"\u20d0-\u20ff\ufe20-\ufe2f]{{{MOST_MARKS}}})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_GROUPS: Final = re.compile(r"\+?\d+(?:[ ./:\-]\d+)+")


def readable(text: str) -> str:
    """`text` without characters that hide, reverse or pile up; what a person meant to write is all still there."""
    return _PILE.sub(r"\1", _HIDDEN.sub("", _BROKEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))


def revealed(text: str) -> str:
    """`text` with every hidden character written out as `[U+202E]`, for staff who must know that it is there.

    Numbers in groups are isolated: in Arabic or Persian text the phone number 0532 000 00 00 would otherwise be read
    from its end, and staff dial what they read.
    """
    shown = _PILE.sub(r"\1", _HIDDEN.sub(_name, _BROKEN.sub(_name, text.replace("\r\n", "\n").replace("\r", "\n"))))
    return _GROUPS.sub(lambda found: f"{LEFT_TO_RIGHT_ISOLATE}{found[0]}{POP_ISOLATE}", shown)


def _name(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
