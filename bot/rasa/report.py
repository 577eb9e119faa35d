"""The evaluation as one HTML file: figures, bars, confusion matrix, calibration, and every sentence that was missed.

Self-contained and without script; the pictures are SVG in the template. What people wrote is data: everything that
comes from a file of questions is escaped, cut to a length and kept in its own direction of writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.actions.table import FALLBACK
from bot.rasa.confusion import NOTHING, Matrix, Pair, calibration, matrix
from bot.rasa.scores import Heard, scored, summary

WORST_PAIRS: Final = 20
LONGEST_TEXT: Final = 240
CELL: Final = 12
"""Side of a cell of the matrix, in the units of its picture."""
LABELS: Final = 190
"""Room for the names beside and above the matrix."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured: the questions' file or folder, the model's name, and when."""

    source: str
    model: str
    at: datetime


def page(heard: Sequence[Heard], measurement: Measurement) -> str:
    """The whole file as text."""
    known = scored(heard)
    confusions = matrix(known)
    scores = summary(heard)
    missed = _missed(known)
    languages = {language: number for number, language in enumerate(scores["by_language"])}
    return _templates.get_template("report.html").render(
        scores=scores,
        known=len(known),
        doubted=sum(h.doubted for h in known),
        spread=_spread(scores),
        measurement=measurement,
        matrix=confusions,
        cells=_cells(confusions),
        cell=CELL,
        labels=LABELS,
        worst=confusions.worst(WORST_PAIRS),
        bands=calibration(known),
        missed=missed,
        missed_count=sum(len(those) for those in missed.values()),
        languages=languages,
    )


def _spread(scores: dict[str, Any]) -> float | None:
    """Between the best and the worst language, as a share; None of one language."""
    means = [those["macro"] for those in scores["by_language"].values()]
    return max(means) - min(means) if len(means) > 1 else None


def _missed(known: Sequence[Heard]) -> dict[str, list[Heard]]:
    """By what was meant, the most mistaken first."""
    missed: dict[str, list[Heard]] = {}
    for heard in known:
        if not heard.right:
            missed.setdefault(heard.question.expect[0], []).append(heard)
    return dict(sorted(missed.items(), key=lambda item: (-len(item[1]), item[0])))


def _cells(confusions: Matrix) -> list[tuple[int, int, Pair, float]]:
    """Column, row, pair, and how strongly to colour it; a fifth of a row taken for one other name is the strongest."""
    rows = {name: number for number, name in enumerate(confusions.rows)}
    columns = {name: number for number, name in enumerate(confusions.columns)}
    return [
        (
            columns[pair.guess],
            rows[pair.expected],
            pair,
            pair.share if pair.right else 0.3 + 0.7 * min(1.0, pair.share / 0.2),
        )
        for pair in sorted(confusions.pairs, key=lambda pair: (rows[pair.expected], columns[pair.guess]))
    ]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"


def _text(value: str) -> str:
    """Readable and short: control characters as their pictures, lone surrogates as they are written in JSON."""
    cut = value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    shown = "".join(chr(0x2400 + ord(char)) if ord(char) < 0x20 else char for char in cut)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def _name(intent: str | None) -> str:
    return {FALLBACK: "in doubt", None: NOTHING}.get(intent, intent) or NOTHING


_templates.filters.update(percent=_percent, text=_text, intent=_name)
