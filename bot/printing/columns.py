"""What stands on a paper, as plain data: cells in one language each, and rows of cells that say the same.

Markup is the templates' business. A cell's words are escaped there.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.i18n.registry import Direction
from bot.printing.codes import Code


class Part(StrEnum):
    """How a cell is meant."""

    LANGUAGE = "language"  # the name of the column's language
    CARD = "card"  # emergency numbers: before everything else
    TITLE = "title"
    ANSWER = "answer"
    SECTION = "section"
    POINT = "point"  # of the section above, in a row of its own
    NOTE = "note"  # legal basis, review date, translation status


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in one language: a heading (perhaps empty), paragraphs, and the points of a list."""

    part: Part
    language: str
    direction: Direction
    heading: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """Rows from top to bottom. All have as many cells as there are languages on it: one or two.

    `below` stands beside the `code`, where there is one, and on its own otherwise.
    """

    title: str
    language: str
    office: str
    rows: tuple[Row, ...]
    below: Row
    code: Code | None


@dataclass(frozen=True, slots=True)
class Slip:
    """Cells below each other: all of the reader's language first, then all in Turkish. `code` stands between them."""

    title: str
    language: str
    office: str
    own: tuple[Cell, ...]
    turkish: tuple[Cell, ...]
    code: Code | None
    code_words: Cell
