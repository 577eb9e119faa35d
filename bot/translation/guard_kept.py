"""What a translation must keep letter by letter: addresses, handles, codes, and Latin names in text of another script.

Pure. A name in text of its own script may rightly be written in another one, so it is not looked for: nobody can tell a
lost name from a transliterated one.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.content.mentions import Channel, mentions

_ADDRESS: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?:https?://|www\.)\S+|(?<![\w@])@[A-Za-z]\w{2,31}", re.ASCII
)
_ENDS: Final = ".,;:!?()[]{}<>\"'“”‘’«»،؛؟…"
_CODE: Final = re.compile(
    r"(?<![\w#/-])#?[A-Z]{1,4}-?\d{1,12}(?:[-/]\d{1,12}){0,4}(?![\w])|(?<![\w'’-])[A-ZÇĞİÖŞÜ]{3,}(?![\w-])"
)
_LATIN_NAME: Final = re.compile(r"(?<![\w@./-])[A-ZÀ-ÞĞİŞ][a-zà-ÿğışı]+(?:[ '’-][A-ZÀ-ÞĞİŞ][a-zà-ÿğışı]+)*(?![\w@/])")
_FOREIGN: Final = 0.2
_SHOUTED: Final = 0.5


def without_addresses(text: str) -> str:
    """The text without its addresses, handles and codes, whose digits are no numbers."""
    for found in addresses(text):
        text = text.replace(found, " ; ")
    return _CODE.sub(lambda match: " ; " if any(map(str.isdigit, match[0])) else match[0], text)


def addresses(text: str) -> list[str]:
    """E-mail and web addresses and handles, as they are written."""
    found = [match[0].rstrip(_ENDS) for match in _ADDRESS.finditer(text)]
    for mention in mentions(text).found:
        if mention.channel in (Channel.ADDRESS, Channel.HANDLE) and mention.text in text:
            found.append(mention.text)
    longest_first = sorted(dict.fromkeys(found), key=len, reverse=True)
    return [each for at, each in enumerate(longest_first) if not any(each in longer for longer in longest_first[:at])]


def lost(original: str, translation: str) -> Iterator[str]:
    """What the translation no longer has, as the original has it."""
    for each in addresses(original):
        if each not in translation:
            yield each
        original = original.replace(each, " ; ")
    foreign = _has_another_script(original)
    if not _is_shouted(original):
        # In a Latin text an abbreviation may rightly become another one: AB is EU. One with a number is a code.
        codes = [match[0] for match in _CODE.finditer(original)]
        yield from (each for each in dict.fromkeys(codes) if (foreign or _has_digit(each)) and each not in translation)
    if foreign:
        bare = _bare(translation)
        names = dict.fromkeys(match[0] for match in _LATIN_NAME.finditer(original))
        yield from (name for name in names if any(word not in bare for word in _bare(name).split()))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _has_another_script(text: str) -> bool:
    """Whether a fifth of the letters or more are not Latin: a short sentence may be a name for the rest."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return len(letters) - latin >= _FOREIGN * len(letters) > 0


def _is_shouted(text: str) -> bool:
    """Whether somebody writes all in capitals, where no abbreviation can be told."""
    letters = [character for character in text if character.lower() != character.upper()]
    return sum(map(str.isupper, letters)) > _SHOUTED * len(letters) and len(letters) > 12


def _bare(text: str) -> str:
    """Small Latin letters without marks: İbrahim and Ibrahim are one name."""
    apart = unicodedata.normalize("NFD", text.replace("ı", "i").replace("-", " "))
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()
