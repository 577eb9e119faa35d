"""Rule: an article that a text names is one of the topic's legal basis, where its law stands beside it.

The sentence "Legal basis: …" is composed from facts.yaml; a text seldom needs an article, and a wrong one sends people
to the wrong rule.
"""

import re
from pathlib import Path
from typing import Final

from bot.checks.content.glossary import Glossary
from bot.checks.content.texts import folded, latin_digits, texts
from bot.checks.findings import Report
from bot.content import Library

UNIT: Final = "article"
_NUMBER: Final = r"(?P<{name}>\d+(?:/\d+)*)"


def check(library: Library, words: Glossary, root: Path, report: Report) -> None:
    for path, topic, text in texts(library, root):
        articles = {reference.article or "" for reference in topic.facts.legal_basis}
        known = articles | {article.partition("/")[0] for article in articles}
        for number in sorted(named(latin_digits("\n".join(text.strings())), text.language, words) - known):
            report.add(path, f"article {number} is not in the legal basis", "add it to facts.yaml, or take it out")


def named(shown: str, language: str, words: Glossary) -> set[str]:
    """The articles that a text in Latin digits names, such as `89/4`."""
    pattern = _pattern(language, words)
    return (
        {found["behind"] or found["before"] for found in pattern.finditer(folded(shown, language))}
        if pattern
        else set()
    )


def without(shown: str, language: str, words: Glossary) -> str:
    """The text in small letters without the articles that it names."""
    pattern = _pattern(language, words)
    low = folded(shown, language)
    return pattern.sub(" ", low) if pattern else low


def _pattern(language: str, words: Glossary) -> re.Pattern[str] | None:
    """`article 89`, `madde: 89`, `89. madde`, `89'uncu madde`. None where the glossary has no word for it."""
    forms = "|".join(re.escape(folded(form, language)) for form in words.unit_forms(UNIT, language))
    if not forms:
        return None
    behind, before = _NUMBER.format(name="behind"), _NUMBER.format(name="before")
    return re.compile(rf"\b(?:{forms})\w*\W{{1,3}}{behind}|{before}(?:\.|['’]\w+)?\s(?:{forms})")
