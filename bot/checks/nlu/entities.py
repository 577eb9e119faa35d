"""Rule: papers, provinces and dates are annotated often enough, by known names, for values that every language shares.

`nlu_data/entities/<code>.yml` lists the words of a language (lookup tables) and what each stands for (synonyms). The
values of papers are those of the source language's file, in small letters (`tp_card`); a province's is its name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.checks.findings import Report
from bot.checks.nlu.examples import Entity, Example
from bot.i18n.registry import Registry
from bot.i18n.yaml_files import ContentFileError, read_model

DOCUMENT: Final = "document"
LOOKUPS: Final = ("province", DOCUMENT)
FEWEST: Final[Mapping[str, int]] = {"province": 10, DOCUMENT: 20, "date": 5}
_PAPER: Final = re.compile(r"[a-z_]+")


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lookup: str = ""
    synonym: str = ""
    regex: str = ""
    examples: str

    @property
    def words(self) -> tuple[str, ...]:
        lines = (line.removeprefix("- ").strip() for line in self.examples.splitlines())
        return tuple(line for line in lines if line)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str
    nlu: tuple[_Block, ...]


class _Domain(BaseModel):
    version: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one language: by entity, and by what they stand for (words in small letters)."""

    lookups: Mapping[str, tuple[str, ...]]
    synonyms: tuple[tuple[str, str], ...]

    @property
    def papers(self) -> frozenset[str]:
        return frozenset(value for _, value in self.synonyms if _PAPER.fullmatch(value))

    def value(self, words: str) -> str:
        """What these words stand for: themselves, where no synonym says otherwise."""
        return dict(self.synonyms).get(words.casefold(), words)


def word_list_path(root: Path, code: str) -> Path:
    return root / "nlu_data" / "entities" / f"{code}.yml"


def read_word_list(path: Path) -> WordList:
    """Raises ContentFileError."""
    blocks = read_model(path, _File).nlu
    return WordList(
        {block.lookup: block.words for block in blocks if block.lookup},
        tuple((words.casefold(), block.synonym) for block in blocks if block.synonym for words in block.words),
    )


def check(root: Path, examples: Iterable[Example], registry: Registry, report: Report) -> None:
    try:
        names = frozenset(read_model(root / "nlu_data" / "domain" / "entities.yml", _Domain).entities)
        papers = read_word_list(word_list_path(root, registry.source.code)).papers
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    lists: dict[str, WordList] = {}
    for language in registry.offered():
        path = word_list_path(root, language.code)
        try:
            lists[language.code] = read_word_list(path)
        except ContentFileError as error:
            report.add(error.path, error.reason, error.remedy)
            continue
        _check_list(path, lists[language.code], papers, report)
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        for entity in example.entities:
            report.saw("entities")
            counts[example.language, entity.name] += 1
            _check_entity(example, entity, names, papers, lists.get(example.language), report)
    for language in registry.offered():
        for name, fewest in FEWEST.items():
            number = counts[language.code, name]
            if number < fewest:
                folder = root / "nlu_data" / "nlu" / language.code
                report.add(folder, f"{number} annotations of {name!r}", f"annotate at least {fewest}")


def _check_list(path: Path, words: WordList, papers: frozenset[str], report: Report) -> None:
    report.saw("word lists")
    for name in LOOKUPS:
        if not words.lookups.get(name):
            report.add(path, f"no lookup table of {name!r}", "list the words of the language")
    for value in sorted(words.papers - papers):
        report.add(path, f"the unknown paper {value!r}", f"use one of {', '.join(sorted(papers))}")
    for value in sorted(papers - words.papers):
        report.add(path, f"no word for the paper {value!r}", "add a synonym with the words for it")
    values: dict[str, set[str]] = {}
    for word, value in words.synonyms:
        values.setdefault(word, set()).add(value)
    for word, meant in sorted(values.items()):
        if len(meant) > 1:
            report.add(path, f"{word!r} stands for {' and '.join(sorted(meant))}", "keep it in one synonym")
    for word in words.lookups.get(DOCUMENT, ()):
        if words.value(word).casefold() not in papers:
            report.add(path, f"the paper {word!r} stands for nothing", "add it to a synonym")


def _check_entity(
    example: Example,
    entity: Entity,
    names: frozenset[str],
    papers: frozenset[str],
    words: WordList | None,
    report: Report,
) -> None:
    if entity.name not in names:
        report.add(example.path, f"unknown entity {entity.name!r}", f"use one of {', '.join(sorted(names))}")
    elif entity.name == DOCUMENT:
        value = entity.value or (words.value(entity.words) if words else entity.words)
        if value.casefold() not in papers:
            report.add(example.path, f"unknown paper {value!r}", f"use one of {', '.join(sorted(papers))}")
