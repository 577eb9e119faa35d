"""Keeps numbers and Latin names readable inside right-to-left text.

In an Arabic or Persian sentence the phone number "444 48 68" is displayed as "68 48 444" unless it is
isolated (Unicode Standard Annex #9). Texts are written without invisible characters; this module adds them
when words are shown, so a translator never has to see or preserve them.
"""

import re
from typing import Final

from bot.i18n.registry import Direction

LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"
ISOLATES: Final = frozenset("\u2066\u2067\u2068\u2069")
# Marks, embeddings and overrides of the older mechanism: their effect leaks into the text around them.
FORBIDDEN: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e")

_WORD: Final = r"[A-Za-z0-9À-ÖØ-öø-ɏḀ-ỿ]"
# A run is a Latin or numeric word and whatever Latin or numeric words follow it, joined by one space or by
# the punctuation inside phone numbers, dates, addresses and names. A comma or full stop ends it. The sign before
# a phone number, or before that of a case, belongs to it.
_RUN: Final = re.compile(rf"[+#]?{_WORD}(?:[./:@_'’\-]?{_WORD}|[ \u00a0](?=\+?{_WORD}))*%?")


def isolate(text: str, direction: Direction) -> str:
    """`text` with every Latin or numeric run isolated left-to-right.

    Left-to-right text is returned unchanged. Text that already has an isolate is returned as it is, so that
    isolating twice does no harm.
    """
    if direction == "ltr" or any(char in ISOLATES for char in text):
        return text
    return _RUN.sub(lambda run: f"{LEFT_TO_RIGHT_ISOLATE}{run[0]}{POP_ISOLATE}", text)


def isolate_unknown(text: str) -> str:
    """A name or other words of unknown direction, isolated so that they cannot reorder their surroundings."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def is_balanced(text: str) -> bool:
    """Whether every isolate is closed and nothing is closed that was not opened."""
    depth = 0
    for char in text:
        if char == POP_ISOLATE:
            depth -= 1
        elif char in ISOLATES:
            depth += 1
        if depth < 0:
            return False
    return depth == 0
