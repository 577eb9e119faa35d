"""Argos Translate behind our port: the models on the disk, their loading, and the way by English.

Of Argos we use the package format, the tokenizers and the call of the model. It brings torch, spaCy and downloads to
find the ends of sentences; `bot.translation.sentences` does that instead (decision 24).
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.translation.argos_import import load
from bot.translation.model import LONGEST, NotTranslatable, NoWay
from bot.translation.sentences import sentences

PIVOT: Final = "en"
"""Argos trains every model from English or to it."""

# The turns of the others keep the rest of the machine.
_THREADS: Final = 2

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Sentences:
    """What Argos asks for the sentences of a text."""

    language: str

    def split_sentences(self, text: str) -> list[str]:
        return sentences(text, self.language)


@dataclass(slots=True)
class Argos:
    """The models below `folder`, one folder each, put there by `bot.translation.installing`.

    A model is loaded when it is first needed (100 to 300 MB of memory) and stays. Safe to call from several threads.
    """

    folder: Path
    _loaded: dict[Pair, Any] = field(default_factory=dict)
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def leads(self, source: str, target: str) -> bool:
        return bool(self._way(source, target))

    def translate(self, text: str, source: str, target: str) -> str:
        if len(text) > LONGEST:
            raise NotTranslatable(f"The text is longer than {LONGEST} characters.")
        way = self._way(source, target)
        if not way:
            raise NoWay(f"No model is installed that leads from {source} to {target}.")
        for pair in way:
            text = "\n".join(self._line(line, pair) for line in text.split("\n"))
        # A model that repeats itself knows no end.
        if not text.strip() or len(text) > LONGEST:
            raise NotTranslatable("The model gave an empty text, or an endless one.")
        return text

    @property
    def _home(self) -> Path:
        return self.folder.parent / "argos"

    def _line(self, line: str, pair: Pair) -> str:
        if not line.strip():
            return line
        package, translator = self._model(pair)
        (best,) = load(self._home).apply(package, line, translator, _Sentences(pair[0]), 1)
        return str(best.value)

    def _way(self, source: str, target: str) -> tuple[Pair, ...]:
        there = installed(self.folder)
        if (source, target) in there:
            return ((source, target),)
        by_pivot = ((source, PIVOT), (PIVOT, target))
        return by_pivot if all(pair in there for pair in by_pivot) else ()

    def _model(self, pair: Pair) -> Any:
        with self._loading:
            if pair not in self._loaded:
                argos = load(self._home)
                package = argos.Package(installed(self.folder)[pair])
                translator = argos.Translator(
                    str(package.package_path / "model"), device="cpu", inter_threads=1, intra_threads=_THREADS
                )
                self._loaded[pair] = package, translator
            return self._loaded[pair]


def installed(folder: Path) -> Mapping[Pair, Path]:
    """The models below `folder`, by where they lead. A folder without readable metadata is no model."""
    found: dict[Pair, Path] = {}
    for described in sorted(folder.glob("*/metadata.json")):
        try:
            said = json.loads(described.read_text(encoding="utf-8"))
            found[str(said["from_code"]), str(said["to_code"])] = described.parent
        except (ValueError, KeyError, TypeError):
            continue
    return found
