"""Whether words on a screen were left in a language that they were translated from: Turkish, or English."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import yaml
from babel.messages.pofile import read_po

from bot.i18n.registry import load_registry
from bot.settings import ROOT

SOURCES: Final = ("tr", "en")
NAMES: Final = frozenset({"Rehber", "İl Göç İdaresi Müdürlüğü"})
"""What is called the same in every language: the service, and the office by its own name."""

_WORD: Final = re.compile(r"[^\W\d_]{3}")
_PLACE: Final = re.compile(r"\\{\w+\\}")
_MARKUP: Final = re.compile(r"^(?:#+|-)\s+|\s*\{[^}]*\}$")


def foreign(language: str, text: str) -> bool:
    """Whether `text`, which says that it is in `language`, is known in a source language and not in its own."""
    text = text.removesuffix(" · Rehber")
    if text in NAMES or not _WORD.search(text):
        return False
    return any(_knows(source, text) for source in SOURCES if source != language) and not _knows(language, text)


def _knows(code: str, text: str) -> bool:
    sentences, patterns = _said_in(code)
    return text in sentences or any(pattern.fullmatch(text) for pattern in patterns)


@cache
def _said_in(code: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """All sentences that we have in a language; those with places for values as patterns."""
    all_of_them = set(_of_catalogue(code)) | set(_of_topics(code)) | set(_of_tables(code))
    whole = frozenset(sentence for sentence in all_of_them if "{" not in sentence)
    patterns = (_PLACE.sub(".+", re.escape(sentence)) for sentence in all_of_them - whole)
    # A pattern that is only a place for a value would know everything.
    return whole, tuple(re.compile(pattern) for pattern in patterns if _WORD.search(pattern))


def _of_catalogue(code: str) -> Iterator[str]:
    locale = load_registry(ROOT / "content").get(code).locale
    with (ROOT / "locales" / locale / "LC_MESSAGES" / "rehber.po").open(encoding="utf-8") as file:
        for message in read_po(file):
            spoken = message.id if code == "en" else message.string
            yield from (words for words in (spoken if isinstance(spoken, list | tuple) else [spoken]) if words)


def _of_topics(code: str) -> Iterator[str]:
    for path in (ROOT / "content" / "topics").glob(f"*/{code}.md"):
        body = path.read_text(encoding="utf-8").split("---", 2)[-1]
        yield from (_MARKUP.sub("", line) for line in map(str.strip, body.splitlines()) if line)


def _of_tables(code: str) -> Iterator[str]:
    for path in (ROOT / "content").rglob("*.yaml"):
        yield from _under(code, list(yaml.safe_load_all(path.read_text(encoding="utf-8"))))


def _under(code: str, value: Any) -> Iterator[str]:
    """Every string below the key `code`, however deep."""
    match value:
        case dict():
            for key, part in value.items():
                yield from [part] if key == code and isinstance(part, str) else _under(code, part)
        case list():
            for part in value:
                yield from _under(code, part)
