"""The form in which the guard compares texts: one script of digits, one spelling of a letter, words and sentences.

Pure. What a word means is `guard_words`' business.
"""

import re
import unicodedata
from typing import Final

_DROPPED: Final = frozenset("\u200c\u200d\u0640\u0670") | frozenset(chr(code) for code in range(0x064B, 0x0653))
"""Joiners, the lengthening stroke and the vowel marks of Arabic (Unicode 8.2.2): people write words with or without."""
_LETTERS: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ё": "е", "Ё": "Е"})
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d{1,4}[^\W\d_]+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟])\s+(?=[^\s\d])|\n+")


def plain(text: str) -> str:
    """`text` with ASCII digits and one kind of space, without marks of direction; letters as they are written."""
    return "".join(_character(character) for character in unicodedata.normalize("NFC", text))


def folded(text: str, language: str) -> str:
    """`text` in the form in which two spellings of a word are equal."""
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    kept = "".join(character for character in text if character not in _DROPPED)
    return unicodedata.normalize("NFC", kept).casefold().translate(_LETTERS)


def words(text: str, language: str) -> list[str]:
    """The words of a text, folded. A contraction is one word: "don't"."""
    return _WORD.findall(folded(text, language))


def sentences(text: str) -> list[str]:
    """The sentences of a text. A number after a full stop does not begin one: "No. 6458", "15. 3. 2026"."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def _character(character: str) -> str:
    if character.isascii():
        return character
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Zs":
            return " "
        case "Cf" if character not in "\u200c\u200d":
            return ""
        case _:
            return character
