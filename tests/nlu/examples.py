"""Reads the sentences of `nlu_data/nlu` and of `tests/nlu/held_out`, which share one format and one layout."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.checks.nlu.examples import plain
from bot.i18n.registry import load_registry
from bot.settings import ROOT

TRAINING = ROOT / "nlu_data" / "nlu"
HELD_OUT = ROOT / "tests" / "nlu" / "held_out"
LANGUAGES = tuple(language.code for language in load_registry(ROOT / "content").offered())


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    intent: str
    language: str


def catalogue() -> dict[str, dict[str, Any]]:
    """The entries of `nlu_data/intents.yaml` by name."""
    entries = yaml.safe_load((ROOT / "nlu_data" / "intents.yaml").read_text(encoding="utf-8"))["intents"]
    return {entry["name"]: entry for entry in entries}


def sentences(folder: Path) -> list[Sentence]:
    """Every sentence of `folder/<language>/<intent>.yml` as a person would type it, without annotations."""
    found: list[Sentence] = []
    for path in sorted(folder.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            assert block["intent"] == path.stem, f"{path} holds examples of {block['intent']}"
            lines = block["examples"].splitlines()
            texts = [plain(line.removeprefix("- ").strip()) for line in lines]
            found += [Sentence(text, path.stem, path.parent.name) for text in texts]
    return found
