"""Turns a text as it is shown into the text that the voice is given. Pure functions; what is shown never changes.

A voice reads 112 as a number, a date as digits, and a Turkish name among Arabic words as English: nobody could dial
or understand it. The result is markup for espeak-ng (a small part of SSML,
https://www.w3.org/TR/speech-synthesis11/): the only markup in it is made here.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Final

from bot.i18n.formats import format_date
from bot.i18n.registry import Language
from bot.voice.voices import NAMES_IN_LATIN, Voice

LONGEST: Final = 1000
"""Characters read in one go: more than the longest paragraph, and about a minute of speech."""

_INVISIBLE: Final = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
# Brackets begin phonemes or markup for espeak-ng, and nobody hears them.
_NOT_SPOKEN: Final = re.compile(r"[<>&\[\]{}|\\^~`*_#•\x00-\x1f\x7f-\x9f\ufffe\uffff]|[\U000e0000-\U000e007f]")
_DATE: Final = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4})(?![\d.]*\d)")
_DIALLED: Final = re.compile(r"(?<![\w.,+])(?:\+|0)\d[\d ]{5,}\d(?!\w)")
_LATIN: Final = r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"
_LATIN_WORDS: Final = re.compile(rf"{_LATIN}[\w'’.\-]*(?:[ /]{_LATIN}[\w'’.\-]*)*")
_OTHER_SCRIPT: Final = re.compile(r"[\u0370-\u1dff\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")


def plain(text: str) -> str:
    """`text` as it is compared and named: composed letters, one space between words, nothing invisible."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def markup(text: str, language: Language, voice: Voice, phones: Collection[str]) -> str:
    """What espeak-ng is given with `-m` to speak `text` by `voice`.

    `phones` are numbers as they are written, for example "112": they are read digit by digit, as they are dialled.
    """
    words = plain(_NOT_SPOKEN.sub(" ", plain(text)[:LONGEST])).replace(" · ", ", ")
    words = _DATE.sub(lambda found: _day(found, language), words)
    words = _DIALLED.sub(lambda found: _digit_by_digit(found[0]), words)
    for number in sorted(phones, key=len, reverse=True):
        words = re.sub(
            rf"(?<![\w.,+]){re.escape(number)}(?![\d%]|[.,/]\d)", lambda found: _digit_by_digit(found[0]), words
        )
    if voice != NAMES_IN_LATIN and _OTHER_SCRIPT.search(words):
        words = _LATIN_WORDS.sub(rf'<voice xml:lang="{NAMES_IN_LATIN.name}">\g<0></voice>', words)
    return words


def _day(found: re.Match[str], language: Language) -> str:
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return found[0]
    return format_date(day, language).replace("/", " ")


def _digit_by_digit(number: str) -> str:
    """One digit at a time, with a short silence where the number is written with a space."""
    return ", ".join(" ".join(group) for group in number.replace("+", "00").split())
