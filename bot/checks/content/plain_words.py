"""Rule: sentences stay short enough for a frightened person, a screen reader and a second language.

The limits are the project's: on average at most 15 words a sentence, never more than 25, at most three sentences
a paragraph, and an answer of one sentence.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.checks.content.texts import texts
from bot.checks.findings import Report
from bot.content import Library

AVERAGE: Final = 15
LONGEST: Final = 25
SENTENCES_A_PARAGRAPH: Final = 3
_END: Final = re.compile(r"(?<=[.!?؟۔…])\s+")


def sentences(paragraph: str) -> list[str]:
    return [sentence for sentence in _END.split(paragraph.strip()) if sentence]


def check(library: Library, root: Path, report: Report) -> None:
    for path, _, text in texts(library, root):
        if len(sentences(text.answer)) != 1:
            report.add(path, "the answer is not one sentence", "move the rest into a paragraph below")
        check_strings(path, text.strings(), report)


def check_strings(path: Path, strings: Iterable[str], report: Report) -> None:
    """Each string is a paragraph or an item of the file `path`."""
    lengths = []
    for string in strings:
        parts = sentences(string)
        if len(parts) > SENTENCES_A_PARAGRAPH:
            report.add(path, f"{len(parts)} sentences in one paragraph: {string[:40]!r}", "split the paragraph")
        for part in parts:
            length = len(part.split())
            lengths.append(length)
            if length > LONGEST:
                report.add(path, f"{length} words in one sentence: {part[:40]!r}", f"at most {LONGEST}: split it")
    average = sum(lengths) / len(lengths)
    if average > AVERAGE:
        report.add(path, f"{average:.1f} words a sentence on average", f"at most {AVERAGE}: shorten sentences")
    report.saw("sentences", len(lengths))
