"""Sentences that stand in several languages: lines of the topics, and phrases of the catalogues."""

from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po

from bot.content import load_library
from bot.i18n.registry import load_registry
from tests.data.conftest import PROJECT

COMPARED = ("en", "ar", "fa", "prs", "ru", "fr")
"""The languages of which the guard knows the negations, besides Turkish."""

Pair = tuple[str, str]


@cache
def pairs(language: str) -> tuple[Pair, ...]:
    """Every Turkish line with its translation, each pair once."""
    return tuple(dict.fromkeys([*_topics(language), *_phrases(language)]))


def _topics(language: str) -> Iterator[Pair]:
    for topic in load_library(PROJECT / "content").topics.values():
        ours, theirs = topic.texts["tr"].strings(), topic.texts[language].strings()
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)


def _phrases(language: str) -> Iterator[Pair]:
    ours, theirs = _catalogue("tr"), _catalogue(language)
    yield from ((ours[key], theirs[key]) for key in ours.keys() & theirs.keys())


def _catalogue(language: str) -> dict[str, str]:
    locale = load_registry(PROJECT / "content").get(language).locale
    path = PROJECT / "locales" / locale / "LC_MESSAGES" / "rehber.po"
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, locale=locale) if isinstance(entry.id, str) and entry.id]
    if language == "en":
        return {str(entry.id): str(entry.id) for entry in entries}
    return {str(entry.id): str(entry.string) for entry in entries if entry.string}
