"""Reads training sentences and takes their annotations apart.

An annotation is Rasa's: `[Van](province)`, or `[geçici koruma kimliği]{"entity": "document", "value": "tp_card"}`
(https://legacy-docs-oss.rasa.com/docs/rasa/training-data-format#entities). What people would type is the words alone.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.checks.findings import Report
from bot.i18n.yaml_files import read_model

_ANNOTATION: Final = re.compile(r"\[(?P<words>[^\[\]]+)\](?:\((?P<name>[^)]*)\)|(?P<details>\{[^}]*\}))")
# What is left of an annotation that lost a bracket. Braces alone are what somebody may well type to confuse a machine.
_REST: Final = re.compile(r"\]\s*[({]|\[[^\]]*$|\]\w*\)$")


class _Intent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    intent: str
    examples: str


class _File(BaseModel):
    """A training file in Rasa's format 3.1."""

    model_config = ConfigDict(extra="forbid")

    version: str
    nlu: tuple[_Intent, ...]


class _Details(BaseModel):
    """The long form of an annotation."""

    model_config = ConfigDict(extra="forbid")

    entity: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Words of a sentence that name something. `value` is what they stand for, empty where nothing else is said."""

    words: str
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence without its annotations, and where it stands."""

    path: Path
    language: str
    intent: str
    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def folded(self) -> str:
        return fold(self.text)


def fold(text: str) -> str:
    """`text` without case, punctuation and double spaces: two texts that are equal here teach the same."""
    kept = (char if char.isalnum() else " " for char in unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(kept).split())


def plain(line: str) -> str:
    """A training sentence as a person would type it, without annotations."""
    return _ANNOTATION.sub(lambda found: found["words"], line)


def read_examples(folder: Path, report: Report) -> Iterator[Example]:
    """Every sentence of `folder/<language>/<intent>.yml`. Raises ContentFileError for another file."""
    for path in sorted(folder.glob("*/*.yml")):
        for part in read_model(path, _File).nlu:
            if part.intent != path.stem:
                report.add(path, f"teaches {part.intent!r}", "one intent a file, the file named after it")
            for line in part.examples.splitlines():
                if not line.startswith("- ") or not fold(line):
                    report.add(path, f"not an example: {line[:40]!r}", "write `- ` and words")
                    continue
                yield _example(path, part.intent, line.removeprefix("- ").strip(), report)


def _example(path: Path, intent: str, line: str, report: Report) -> Example:
    entities = []
    for found in _ANNOTATION.finditer(line):
        try:
            entities.append(_entity(found))
        except ValueError:
            report.add(path, f"not an annotation: {found[0][:60]!r}", 'write `[words](name)` or `{"entity": …}`')
    text = plain(line)
    if _REST.search(text):
        report.add(path, f"half an annotation: {text[:40]!r}", "close its brackets, or take them out")
    return Example(path, path.parent.name, intent, text, tuple(entities))


def _entity(found: re.Match[str]) -> Entity:
    """Raises ValueError where the braces hold something else than an entity."""
    if found["details"] is None:
        return Entity(found["words"], found["name"])
    details = _Details.model_validate(json.loads(found["details"]))
    return Entity(found["words"], details.entity, details.value)
