"""Walks the texts of a library and folds words so that they can be compared."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from bot.content import Library, Topic, TopicText

_ARABIC_MARKS = dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200C], None)


def texts(library: Library, root: Path) -> Iterator[tuple[Path, Topic, TopicText]]:
    """Every text that exists, with its file and topic."""
    for topic in library.topics.values():
        for code, text in topic.texts.items():
            yield text_path(root, topic.slug, code), topic, text


def text_path(root: Path, slug: str, code: str) -> Path:
    return root / "topics" / slug / f"{code}.md"


def facts_path(root: Path, slug: str) -> Path:
    return root / "topics" / slug / "facts.yaml"


def folded(text: str, language: str) -> str:
    """`text` in the form in which two spellings of a word are equal: lower case, without vowel marks."""
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    return unicodedata.normalize("NFC", text).casefold().translate(_ARABIC_MARKS)


def latin_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9."""
    return "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in text)
