"""Rule: a translation has no sentence that was left as it stood in the Turkish or the English text.

Dari and Persian, or Ukrainian and Russian, may share a sentence; nobody shares one with these two. Short lines are left
alone: names of offices and services are the same everywhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.checks.content.texts import folded, texts
from bot.checks.findings import Report
from bot.content import Library, Topic, TopicText

# Translators read it beside the Turkish text.
ENGLISH: Final = "en"
FEWEST_WORDS: Final = 4


def check(library: Library, root: Path, report: Report) -> None:
    for path, topic, text in texts(library, root):
        if text is topic.original():
            continue
        for string, other in _left(library, topic, text):
            name = library.languages.get(other).english_name
            report.add(path, f"left in {name}: {string[:40]!r}", "translate it")


def _left(library: Library, topic: Topic, text: TopicText) -> Iterator[tuple[str, str]]:
    """Strings of the text that are also strings of another language, with that language."""
    for code in (library.languages.source.code, ENGLISH):
        if code == text.language or code not in topic.texts:
            continue
        there = {folded(string, text.language) for string in topic.texts[code].strings()}
        for string in text.strings():
            if len(string.split()) >= FEWEST_WORDS and folded(string, text.language) in there:
                yield string, code
