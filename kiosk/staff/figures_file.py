"""The figures as a file for a spreadsheet: CSV as RFC 4180 has it, with a byte order mark.

Without the mark, spreadsheets take UTF-8 for something else.

A row is one figure, by names that stay the same in every language. A cell that a spreadsheet would take for a formula
gets an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection): names of channels come from the database.
"""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.cases.figures import Count, Figures, Period, Share

HEAD: Final = ("table", "row", "figure", "unit", "first_day", "last_day", "shown", "least", "most")

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_Line = tuple[str, str, str, Count | Share | timedelta | None]


def file_of(figures: Figures) -> bytes:
    """The file: one line for each figure, and a line of heads."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(HEAD)
    for period, rows in ((figures.of_talks, _of_talks(figures)), (figures.of_cases, _of_cases(figures))):
        lines.writerows([inert(cell) for cell in _cells(period, *row)] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def inert(cell: str) -> str:
    """The cell, so that no spreadsheet calculates with it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _of_talks(figures: Figures) -> Iterator[_Line]:
    for channel in figures.channels:
        yield "channel", channel.name, "conversations", channel.conversations
    for one in figures.languages:
        yield "language", one.code, "conversations", one.conversations
        yield "language", one.code, "answered", one.answered
        yield "language", one.code, "without_a_person", one.alone
        yield "language", one.code, "share_without_a_person", one.share_alone
        yield "language", one.code, "unclear_answers", one.unclear
        yield "language", one.code, "share_unclear_answers", one.share_unclear
    for topic in figures.topics:
        yield "topic", topic.name, "conversations", topic.conversations
    for doubt in figures.doubts:
        yield "no_answer", doubt.name, "conversations", doubt.conversations


def _of_cases(figures: Figures) -> Iterator[_Line]:
    for wait in figures.waiting:
        yield "waiting", wait.code, "cases", wait.cases
        yield "waiting", wait.code, "a_person_came", wait.taken
        yield "waiting", wait.code, "median", wait.median
        yield "waiting", wait.code, "ninetieth_percentile", wait.ninetieth
        yield "waiting", wait.code, "with_an_estimate", wait.estimated
        yield "waiting", wait.code, "within_the_estimate", wait.in_time
        yield "waiting", wait.code, "share_within_the_estimate", wait.share_in_time
    for one in figures.languages:
        yield "words_of_people", one.code, "cases_with_a_message", one.written
        yield "words_of_people", one.code, "unclear", one.unclear_words
        yield "words_of_people", one.code, "share_unclear", one.share_unclear_words


def _cells(period: Period, table: str, row: str, figure: str, value: Count | Share | timedelta | None) -> list[str]:
    days = [period.first.isoformat(), period.last.isoformat()] if period.days else ["", ""]
    match value:
        case Count():
            shown = "<5" if value.few else f"{value.least} to {value.most}"
            return [table, row, figure, "people", *days, shown, str(value.least), str(value.most)]
        case Share():
            least, most = f"{value.least:.3f}", f"{value.most:.3f}"
            return [table, row, figure, "share", *days, f"{least} to {most}", least, most]
        case timedelta():
            minutes = str(value // timedelta(minutes=1))
            return [table, row, figure, "minutes", *days, minutes, minutes, minutes]
        case None:
            return [table, row, figure, "", *days, "too few", "", ""]
