"""Reads the documentation: which documents there are, their commands with the output they promise, and their links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.settings import ROOT

_CONSOLE: Final = re.compile(r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_FENCED: Final = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"")
_CODE: Final = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Command:
    """A line that begins with `$ `, and the lines of output shown below it."""

    line: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The commands of one `console` block, in the order in which a reader types them."""

    document: Path
    number: int
    commands: tuple[Command, ...]

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.number}"


def documents() -> list[Path]:
    """Every Markdown file that explains the project. Texts of `content/` are data, not documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document: Path) -> Iterator[Block]:
    text = document.read_text(encoding="utf-8")
    for found in _CONSOLE.finditer(text):
        lines = [line.removeprefix(found["indent"]) for line in found["body"].splitlines()]
        yield Block(document, text.count("\n", 0, found.start()) + 1, tuple(_commands(lines)))


def _commands(lines: list[str]) -> Iterator[Command]:
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"a console block begins with a command: {lines[:1]}"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Command(lines[start].removeprefix("$ "), tuple(lines[start + 1 : end]))


def links(document: Path) -> list[str]:
    """Where the document points to, in links and pictures, code left out."""
    prose = _CODE.sub("", _FENCED.sub("", document.read_text(encoding="utf-8")))
    return [link or source for link, source in _LINK.findall(prose)]


def code(document: Path) -> list[str]:
    """What stands between backticks in the document's prose."""
    return _CODE.findall(_FENCED.sub("", document.read_text(encoding="utf-8")))


def anchors(document: Path) -> set[str]:
    """The names by which a document's headings are linked, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(document: Path, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    _, _, below = document.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    table = re.search(r"^\|.*?(?=^[^|]|\Z)", below, re.MULTILINE | re.DOTALL)
    assert table, f"{document.name}: no table below {heading!r}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].strip().splitlines()[2:]]
