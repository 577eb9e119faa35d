"""Validators of `content/`: whether the texts, the facts and the languages agree with one another."""

from datetime import date
from pathlib import Path

from bot.checks.content import (
    articles,
    aspects,
    case_words,
    clocks,
    freshness,
    glossary,
    numbers,
    parity,
    plain_words,
    script,
    seed,
    untranslated,
)
from bot.checks.findings import Report
from bot.content import load_library
from bot.i18n.yaml_files import ContentFileError


def check_content(root: Path, on: date, report: Report) -> None:
    """Check the content folder `root` as it stands on the day `on`."""
    try:
        library = load_library(root)
        words = glossary.load_glossary(root)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    parity.check(library, root, report)
    aspects.check(library, root, report)
    clocks.check(library, root, report)
    untranslated.check(library, root, report)
    numbers.check(library, words, root, report)
    articles.check(library, words, root, report)
    script.check(library, root, report)
    plain_words.check(library, root, report)
    glossary.check(library, words, root, report)
    freshness.check(library, root, on, report)
    seed.check(library, root, report)
    case_words.check(library, words, root, report)
    report.saw("topics", len(library.topics))
    for what in ("texts", "facts", "aspects", "clocks", "seed sentences", "glossary terms", "words of codes"):
        report.require(what, root)
