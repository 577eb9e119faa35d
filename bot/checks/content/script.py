"""Rule: a text is written in visible characters, its own letters and Latin digits.

Invisible direction marks are added when words are shown (`bot.i18n.bidi`), never typed; so the rule also shows
each right-to-left text and looks whether its phone numbers stay in one piece.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.checks.content.texts import texts
from bot.checks.findings import Report
from bot.content import Library, TopicText
from bot.i18n.bidi import FORBIDDEN, ISOLATES, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE, is_balanced, isolate

# Letters that look right and are not: an Arabic keyboard types ي and ك where Persian has ی and ک, and vice
# versa. Search and screen readers treat them as different words.
FOREIGN_LETTERS: Final = {"fa": "يكة", "ar": "یکپچژگ"}


def check(library: Library, root: Path, report: Report) -> None:
    for path, topic, text in texts(library, root):
        check_strings(path, text.language, text.strings(), report)
        if library.languages.get(text.language).direction == "rtl":
            _check_isolation(path, topic.facts.phones, text, report)


def check_strings(path: Path, language: str, strings: Iterable[str], report: Report) -> None:
    """The characters of everything that the file `path` says in a language."""
    shown = "\n".join(strings)
    for char in sorted(set(shown) & (FORBIDDEN | ISOLATES)):
        name = unicodedata.name(char)
        report.add(path, f"has an invisible direction mark ({name})", "delete it; it is added when shown")
    for char in sorted({char for char in shown if char.isdigit() and not char.isascii()}):
        report.add(path, f"has the digit {char}", f"write {unicodedata.digit(char)}")
    for char in sorted(set(shown) & set(FOREIGN_LETTERS.get(language, ""))):
        report.add(path, f"has the letter {char} ({unicodedata.name(char)})", "use the letter of this language")


def _check_isolation(path: Path, phones: tuple[str, ...], text: TopicText, report: Report) -> None:
    for string in text.strings():
        shown = isolate(string, "rtl")
        if not is_balanced(shown):
            report.add(path, f"isolates are not balanced in {string!r}", "remove the marks from the text")
        for number in phones:
            runs = [run.split(POP_ISOLATE)[0] for run in shown.split(LEFT_TO_RIGHT_ISOLATE)[1:]]
            if number in string and not any(number in run for run in runs):
                report.add(path, f"the phone number {number} would be torn apart", "put words or commas around it")
