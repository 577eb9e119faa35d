"""Validators of `nlu_data/`: every intent is taught in every offered language, about equally well, and never against
another intent; papers, provinces and dates are named in the same words everywhere.

A questions file is for measuring: a question in it that is also a training example measures memory, not understanding.
"""

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from bot.checks.findings import Report
from bot.checks.nlu import entities, parity, sameness
from bot.checks.nlu.examples import fold, read_examples
from bot.i18n.registry import load_registry
from bot.i18n.yaml_files import ContentFileError, read_model

__all__ = ["UNTAUGHT", "check_nlu", "fold", "taught_intents"]

# Given by the classifier when it is unsure; nobody teaches it.
UNTAUGHT: Final = frozenset({"nlu_fallback"})


class _Domain(BaseModel):
    version: str
    intents: tuple[str, ...]


def taught_intents(root: Path) -> frozenset[str]:
    """The intents of the project folder `root` that need examples. Raises ContentFileError."""
    return frozenset(read_model(root / "nlu_data" / "domain" / "intents.yml", _Domain).intents) - UNTAUGHT


def check_nlu(root: Path, report: Report, questions: Path | None = None) -> None:
    """Check `nlu_data/` of the project folder `root`; `questions` is a JSON Lines file with `text`."""
    folder = root / "nlu_data" / "nlu"
    try:
        registry = load_registry(root / "content")
        intents = taught_intents(root)
        examples = list(read_examples(folder, report))
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    report.saw("examples", len(examples))
    parity.check(folder, examples, intents, registry, report)
    sameness.check(examples, report)
    entities.check(root, examples, registry, report)
    if questions:
        sameness.check_questions(questions, examples, report)
    report.require("examples", root / "nlu_data")
