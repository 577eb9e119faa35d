"""Makes a person's text harmless for Rasa without changing what it means.

Rasa takes text that begins with a slash for a command (`/restart`, `/inform{"slot": "value"}`), with full confidence
and from anybody. Identity numbers have no business in Rasa's tracker. Both end here.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 2000
_SLASHES: Final = frozenset("/⁄∕／⧸╱⟋⫽⫻")
# Whatever stands between the digits (dots, dashes, spaces, joiners), it is still one number to a reader.
_LONG_NUMBER: Final = re.compile(r"\d(?:[\W_]{0,3}\d){5,}")
_JOINERS: Final = frozenset("\u200c\u200d")  # needed to write Persian and Urdu
# Rasa treats this prefix as an event from a system, not as words of a person.
_EXTERNAL_EVENT: Final = "EXTERNAL:"


def neutral(text: str) -> str:
    """The text without control and direction characters, leading slashes and long numbers; at most 2,000 characters.

    A number of six or more digits, in any script, becomes `#`, so that identity and phone numbers never reach Rasa.
    """
    kept = "".join(c if _is_plain(c) else " " for c in text[:LONGEST])
    plain = _LONG_NUMBER.sub("#", " ".join(kept.split()))
    return plain[_start_of_words(plain) :]


def _start_of_words(text: str) -> int:
    at = 0
    while at < len(text):
        if text[at : at + len(_EXTERNAL_EVENT)].upper() == _EXTERNAL_EVENT:
            at += len(_EXTERNAL_EVENT)
        elif _says_nothing(text[at]):
            at += 1
        else:
            break
    return at


def _says_nothing(character: str) -> bool:
    return (
        character in _SLASHES
        or character in _JOINERS
        or character.isspace()
        or unicodedata.category(character).startswith("M")
    )


def _is_plain(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
