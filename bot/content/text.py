"""The words of one topic in one language, and the small markup they are written in.

A text file is front matter, then a title, a one-sentence answer, short paragraphs, and sections with fixed ids:

    ---
    source: 9f3c52d07a41        # the Turkish text this was translated from (see `fingerprint`)
    status: draft
    reviewer: null
    ---
    # Title

    The answer in one sentence.

    ## What to do {#do}

    - An item.

That is all the markup there is: no emphasis, links or nested lists, because every channel must be able to
show and to read aloud the same text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, model_validator

from bot.content.personas import PERSONA_PREFIX, PERSONAS
from bot.i18n.yaml_files import ContentFileError, parse_model, read_text

SECTIONS: Final = ("do", "bring", "who", *(PERSONA_PREFIX + persona for persona in PERSONAS))
_TITLE: Final = re.compile(r"# (?P<title>\S.*)")
_HEADING: Final = re.compile(r"## (?P<heading>\S.*?) \{(?P<ids>#[a-z_-]+(?: #[a-z_-]+)*)\}")
_ITEM: Final = re.compile(r"- (?P<item>\S.*)")
_MARKUP: Final = re.compile(r"[*`<>\[\]_|#]|https?://")


class TextStatus(StrEnum):
    """How far a text can be trusted."""

    SOURCE = "source"  # the text the others are translated from
    REVIEWED = "reviewed"  # a named person compared it with the source
    DRAFT = "draft"  # translated by a person or colleague, not yet reviewed
    MACHINE = "machine"  # machine translation: always shown with a label


class FrontMatter(BaseModel):
    """What stands above the text: `source` is the fingerprint of the Turkish text, null in the Turkish file.

    `reviewed` is the day of the review and `reviewed_words` the fingerprint of the words that were reviewed. `same_as`,
    in the Turkish file, lists fingerprints of wordings that mean the same (`python -m bot.checks minor`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str | None
    status: TextStatus
    reviewer: str | None
    reviewed: date | None = None
    reviewed_words: str | None = None
    same_as: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _a_review_says_who_when_and_what(self) -> Self:
        review = (self.reviewer, self.reviewed, self.reviewed_words)
        if self.status is TextStatus.REVIEWED and not all(review):
            raise ValueError(
                "a reviewed text names its reviewer, the day and the words: use `python -m bot.checks review`"
            )
        if self.status in (TextStatus.DRAFT, TextStatus.MACHINE) and any(review):
            raise ValueError("only a reviewed text names a reviewer")
        return self


@dataclass(frozen=True, slots=True)
class Section:
    """A part that can be asked for by id. One section may serve several personas: then it has several ids."""

    ids: tuple[str, ...]
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def is_persona(self) -> bool:
        return self.ids[0].startswith(PERSONA_PREFIX)


@dataclass(frozen=True, slots=True)
class TopicText:
    """One topic in one language. `outdated`: the Turkish text changed after this was translated.

    `altered`: the words changed after their review, so `status` is a draft's again, whatever the file says.
    """

    language: str
    title: str
    answer: str
    paragraphs: tuple[str, ...]
    sections: Mapping[str, Section]
    status: TextStatus
    reviewer: str | None
    reviewed: date | None
    outdated: bool
    altered: bool

    @property
    def ordered_sections(self) -> tuple[Section, ...]:
        """Each section once, in the order of the file."""
        return tuple(dict.fromkeys(self.sections.values()))

    def strings(self) -> tuple[str, ...]:
        """Every string a person can see, in reading order."""
        lines = [self.title, self.answer, *self.paragraphs]
        for section in self.ordered_sections:
            lines += [section.heading, *section.paragraphs, *section.items]
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file taken apart, before it is known whether it is outdated."""

    front: FrontMatter
    body: str


def read_text_file(path: Path) -> TextFile:
    """Split a text file into front matter and body. Raises ContentFileError."""
    return split_text(path, read_text(path))


def split_text(path: Path, text: str) -> TextFile:
    """Split the `text` of a file into front matter and body; `path` is only for the error. Raises ContentFileError."""
    parts = text.split("---\n", maxsplit=2)
    if len(parts) != 3 or parts[0]:
        raise ContentFileError(path, "no front matter", "begin with `---`, source, status, reviewer, `---`")
    return TextFile(front=parse_model(path, FrontMatter, parts[1]), body=parts[2])


def fingerprint(body: str) -> str:
    """Twelve hexadecimal digits that change when the words change, and not when only spaces or blank lines do."""
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", body).splitlines()]
    words = "\n".join(line for line in lines if line)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def wordings(source: TextFile) -> frozenset[str]:
    """Fingerprints of the Turkish text from which a translation is up to date: its own, and those that mean the same.

    A list that does not have the present words was made for an older text and counts no more.
    """
    current = fingerprint(source.body)
    same = source.front.same_as
    return frozenset(same if current in same else {current})


def is_outdated(front: FrontMatter, sources: Collection[str]) -> bool:
    """Whether a text was translated from other Turkish words than those with the fingerprints `sources`."""
    return front.status is not TextStatus.SOURCE and front.source not in sources


def parse_text(path: Path, file: TextFile, language: str, sources: Collection[str]) -> TopicText:
    """The text of `file`; `sources` are the fingerprints of the Turkish text that it may have been made from.

    Raises ContentFileError where the markup is not the small one described above.
    """
    title, lead, sections = _take_apart(path, file.body)
    if lead.items or not lead.paragraphs:
        raise ContentFileError(path, "no answer below the title", "write one sentence that answers the question")
    by_id = {name: section for section in sections for name in section.ids}
    if len(by_id) != sum(len(section.ids) for section in sections):
        raise ContentFileError(path, "two sections have the same id", "give every section its own id")
    front = file.front
    altered = front.status is TextStatus.REVIEWED and front.reviewed_words != fingerprint(file.body)
    return TopicText(
        language=language,
        title=title,
        answer=lead.paragraphs[0],
        paragraphs=lead.paragraphs[1:],
        sections=MappingProxyType(by_id),
        status=TextStatus.DRAFT if altered else front.status,
        reviewer=front.reviewer,
        reviewed=front.reviewed,
        outdated=is_outdated(front, sources),
        altered=altered,
    )


def _take_apart(path: Path, body: str) -> tuple[str, Section, list[Section]]:
    """Title, what stands before the first section, and the sections."""
    title = ""
    parts: list[tuple[tuple[str, ...], str, list[str], list[str]]] = [((), "", [], [])]
    for number, line in enumerate((line.rstrip() for line in body.splitlines()), start=1):
        _, _, paragraphs, items = parts[-1]
        if not line:
            continue
        if match := _HEADING.fullmatch(line):
            parts.append((_ids(path, match["ids"]), match["heading"], [], []))
            words = match["heading"]
        elif match := _TITLE.fullmatch(line):
            if title:
                raise ContentFileError(path, f"a second title: {line!r}", "use `## Heading {#id}`")
            title = words = match["title"]
        elif match := _ITEM.fullmatch(line):
            words = match["item"]
            items.append(words)
        else:
            words = line
            if items:
                raise ContentFileError(path, f"a paragraph after a list: {line!r}", "put the list last")
            paragraphs.append(words)
        if found := _MARKUP.search(words):
            raise ContentFileError(
                path, f"{found[0]!r} in line {number} of the text is markup or an address", "write plain words"
            )
    if not title:
        raise ContentFileError(path, "no title", "begin the text with `# Title`")
    lead, *sections = [Section(ids, heading, tuple(p), tuple(i)) for ids, heading, p, i in parts]
    for section in sections:
        if not section.paragraphs and not section.items:
            raise ContentFileError(path, f"the section {section.heading!r} is empty", "fill or remove it")
    return title, lead, sections


def _ids(path: Path, marks: str) -> tuple[str, ...]:
    ids = tuple(mark.removeprefix("#") for mark in marks.split())
    for name in ids:
        if name not in SECTIONS:
            raise ContentFileError(path, f"unknown section id {name!r}", f"use one of {', '.join(SECTIONS)}")
    return ids
