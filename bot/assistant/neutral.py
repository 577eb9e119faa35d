"""Makes a person's text harmless for Rasa without changing what it means.

Rasa takes text that begins with a slash for a command (`/restart`, `/inform{"slot": "value"}`), with full confidence
and from anybody. Identity numbers have no business in Rasa's tracker. Both end here.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 2000
_SLASHES: Final = frozenset("/⁄∕／⧸╱")
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s.\-/\u2066-\u2069\u200e\u200f]?\d){5,}")
_JOINERS: Final = frozenset("\u200c\u200d")  # needed to write Persian and Urdu
_EXTERNAL_EVENT: Final = "EXTERNAL:"


def neutral(text: str) -> str:
    """The text without control and direction characters, leading slashes and long numbers; at most 2,000 characters.

    A number of six or more digits, in any script, becomes `#`, so that identity and phone numbers never reach Rasa.
    """
    kept = "".join(c if _is_plain(c) else " " for c in text[:LONGEST])
    kept = _LONG_NUMBER.sub("#", kept)
    start = 0
    while start < len(kept) and (kept[start] in _SLASHES or kept[start].isspace() or kept[start] in _JOINERS):
        start += 1
    plain = " ".join(kept[start:].split())
    # Rasa treats this prefix as an event from a system, not as words of a person.
    return plain[len(_EXTERNAL_EVENT) :].lstrip() if plain.upper().startswith(_EXTERNAL_EVENT) else plain


def _is_plain(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
