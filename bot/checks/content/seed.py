"""Rule: no sentence of the office's own list of services is lost, and what is quoted from it is there letter by letter.

A sentence belongs to a topic, or to the office duties that no applicant asks about. Headings are no sentences: in the
list they are the lines without a small letter.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.checks.content.texts import facts_path
from bot.checks.findings import Report
from bot.content import Library
from bot.content.duties import FILE
from bot.i18n.yaml_files import ContentFileError, read_text

_LIST_MARK: Final = re.compile(r"^\s*(?:\d+\.|\w\))\s*")
_WORD: Final = re.compile(r"\w+")


def check(library: Library, root: Path, report: Report) -> None:
    path = root / "seed" / f"services.{library.languages.source.code}.txt"
    try:
        original = read_text(path)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    for where, sentence in _quoted(library, root):
        report.saw("seed sentences")
        if sentence not in original:
            report.add(where, f"not a sentence of the office's list: {sentence[:40]!r}", f"quote {path} exactly")
    report.saw("office duties", len(library.duties))
    remedy = f"quote it in the facts.yaml of a topic, or in {FILE}"
    for left in _left_over(original, [sentence for _, sentence in _quoted(library, root)]):
        report.add(path, f"no topic and no office duty has {left[:40]!r}", remedy)


def _quoted(library: Library, root: Path) -> Iterator[tuple[Path, str]]:
    """Every sentence that a file quotes from the list, with the file."""
    for topic in library.topics.values():
        for sentence in topic.facts.seed:
            yield facts_path(root, topic.slug), sentence.text
    for duty in library.duties:
        yield root / FILE, duty.seed.text


def _left_over(original: str, quoted: list[str]) -> Iterator[str]:
    """What of the list nobody quotes. A sentence that stands in it twice is two duties and is quoted twice."""
    times = Counter(quoted)
    for line in original.splitlines():
        left = _LIST_MARK.sub("", line)
        for sentence in sorted(times, key=len, reverse=True):
            if sentence in left and times[sentence]:
                times[sentence] -= 1
                left = left.replace(sentence, " ", 1)
        if any(char.islower() for char in left) and _WORD.search(left):
            yield left.strip()
