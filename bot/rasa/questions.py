"""Questions with known meanings: reads the files that measure understanding, and scores what came back.

A file holds one JSON object a line: `text`, optional `lang`, optional `expect` (the acceptable names).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.errors import RehberError

FALLBACK = "nlu_fallback"


class QuestionsError(RehberError):
    """A file of questions cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the file. Without `expect` it is asked and reported, and counts in no score."""

    text: str
    lang: str
    expect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model made of a question. `ranking` is without the fallback, most likely first."""

    question: Question
    language: str | None
    intent: str | None
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    seconds: float

    @property
    def right(self) -> bool:
        """A fallback is never right: the person was offered a choice, not answered."""
        return self.intent in self.question.expect

    @property
    def among_three(self) -> bool:
        return any(name in self.question.expect for name, _ in self.ranking[:3])

    def row(self) -> dict[str, Any]:
        """The question's line of the report."""
        return {
            "text": self.question.text,
            "lang": self.question.lang or None,
            "expect": list(self.question.expect),
            "language": self.language,
            "intent": self.intent,
            "confidence": round(self.confidence, 4),
            "ranking": [{"name": name, "confidence": round(confidence, 4)} for name, confidence in self.ranking],
        }


def read_questions(path: Path) -> list[Question]:
    """Read a file of questions. Raises QuestionsError that names the line, the reason and the remedy."""
    try:
        # Not splitlines(): a text may hold separators that are line ends for Python and not for JSON lines.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"Cannot read {path}: {error}. Give the path of a UTF-8 file of JSON lines.") from error
    questions = [_read_line(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not questions:
        raise QuestionsError(f'{path} holds no questions. Each line must be like {{"text": "…", "expect": ["…"]}}.')
    return questions


def _read_line(path: Path, number: int, line: str) -> Question:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionsError(f"{path}, line {number}: not JSON ({error}). Put one JSON object on each line.") from error
    if not isinstance(row, dict):
        raise QuestionsError(f"{path}, line {number}: {type(row).__name__} instead of an object with a `text`.")
    text, lang, expect = row.get("text"), row.get("lang"), row.get("expect") or []
    names = [expect] if isinstance(expect, str) else expect
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise QuestionsError(f"{path}, line {number}: `expect` must be a list of names.")
    return Question(text if isinstance(text, str) else "", lang if isinstance(lang, str) else "", tuple(names))


def summary(heard: Sequence[Heard]) -> dict[str, Any]:
    """The scores as one JSON object. Shares are of the questions with an `expect`; times of all, in milliseconds."""
    scored = [h for h in heard if h.question.expect]
    times = sorted(h.seconds * 1000 for h in heard)
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return {
        "n": len(heard),
        "accuracy": _share(h.right for h in scored),
        "top3": _share(h.among_three for h in scored),
        "by_language": _by(scored, lambda h: [h.question.lang or "unknown"]),
        "by_topic": _by(scored, lambda h: h.question.expect),
        "p50_ms": round(cuts[9], 2),
        "p95_ms": round(cuts[18], 2),
    }


def _by(scored: Sequence[Heard], groups: Callable[[Heard], Iterable[str]]) -> dict[str, dict[str, Any]]:
    members: dict[str, list[Heard]] = {}
    for heard in scored:
        for group in groups(heard):
            members.setdefault(group, []).append(heard)
    return {
        group: {
            "n": len(those),
            "accuracy": _share(h.right for h in those),
            "top3": _share(h.among_three for h in those),
        }
        for group, those in sorted(members.items())
    }


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None
