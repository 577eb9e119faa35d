"""Rule: every intent is taught in every offered language, about equally well, and never against another intent.

A questions file is for measuring: a question in it that is also a training example measures memory, not
understanding.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.checks.findings import Report
from bot.i18n.registry import Registry, load_registry
from bot.i18n.yaml_files import ContentFileError, read_model

FEWEST: Final = 5
# A language with fewer than this share of the examples of the best-taught language is taught carelessly.
SHARE: Final = 0.5
# Given by the classifier when it is unsure; nobody teaches it.
UNTAUGHT: Final = frozenset({"nlu_fallback"})


class _Intent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    intent: str
    examples: str


class _File(BaseModel):
    """A training file in Rasa's format 3.1."""

    model_config = ConfigDict(extra="forbid")

    version: str
    nlu: tuple[_Intent, ...]


class _Domain(BaseModel):
    version: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence and where it stands."""

    path: Path
    language: str
    intent: str
    text: str

    @property
    def folded(self) -> str:
        return fold(self.text)


def fold(text: str) -> str:
    """`text` without case, punctuation and double spaces: two texts that are equal here teach the same."""
    kept = (char if char.isalnum() else " " for char in unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(kept).split())


def check_nlu(root: Path, report: Report, questions: Path | None = None) -> None:
    """Check `nlu_data/` of the project folder `root`; `questions` is a JSON Lines file with `text`."""
    try:
        registry = load_registry(root / "content")
        intents = set(read_model(root / "nlu_data" / "domain" / "intents.yml", _Domain).intents) - UNTAUGHT
        examples = list(_examples(root / "nlu_data" / "nlu", report))
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    report.saw("examples", len(examples))
    _check_parity(root / "nlu_data" / "nlu", examples, intents, registry, report)
    _check_duplicates(examples, report)
    if questions:
        _check_held_out(questions, examples, report)
    report.require("examples", root / "nlu_data")


def _examples(folder: Path, report: Report) -> Iterator[Example]:
    for path in sorted(folder.glob("*/*.yml")):
        for part in read_model(path, _File).nlu:
            if part.intent != path.stem:
                report.add(path, f"teaches {part.intent!r}", "one intent a file, the file named after it")
            for line in part.examples.splitlines():
                if not line.startswith("- ") or not fold(line):
                    report.add(path, f"not an example: {line[:40]!r}", "write `- ` and words")
                    continue
                yield Example(path, path.parent.name, part.intent, line.removeprefix("- ").strip())


def _check_parity(folder: Path, examples: list[Example], intents: set[str], registry: Registry, report: Report) -> None:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for example in examples:
        counts[example.intent][example.language] += 1
    for intent in sorted(counts.keys() - intents):
        report.add(folder, f"the intent {intent!r} is not in the domain", "add it to domain/intents.yml")
    for intent in sorted(intents):
        most = max(counts[intent].values(), default=0)
        for language in registry.offered():
            path = folder / language.code / f"{intent}.yml"
            number = counts[intent][language.code]
            if number < FEWEST:
                report.add(path, f"{number} examples", f"write at least {FEWEST}")
            elif number < most * SHARE:
                report.add(path, f"{number} examples where another language has {most}", "write more examples")


def _check_duplicates(examples: list[Example], report: Report) -> None:
    seen: dict[str, Example] = {}
    for example in examples:
        earlier = seen.setdefault(example.folded, example)
        if earlier.intent != example.intent:
            report.add(example.path, f"{example.text[:40]!r} also teaches {earlier.intent!r}", "keep it in one intent")
        elif earlier is not example and earlier.path == example.path:
            report.add(example.path, f"{example.text[:40]!r} is there twice", "remove one")


def _check_held_out(questions: Path, examples: list[Example], report: Report) -> None:
    taught = {example.folded: example for example in examples}
    for number, line in enumerate(questions.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        report.saw("questions")
        example = taught.get(fold(str(json.loads(line)["text"])))
        if example:
            report.add(example.path, f"an example is question {number} of {questions.name}", "remove the example")
    report.require("questions", questions)
