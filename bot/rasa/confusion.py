"""What is taken for what: the confusion matrix of measured questions, the worst pairs, and calibration.

Only figures and the questions they come from; how they look is `bot.rasa.report`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from bot.actions.table import FALLBACK
from bot.rasa.scores import Heard

NOTHING: Final = "(no words)"
"""The column of texts of which nothing was left when made harmless."""
BANDS: Final = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """`expected` was taken for `guess` in these questions. `of` is how many questions expected it."""

    expected: str
    guess: str
    of: int
    questions: tuple[Heard, ...]

    @property
    def right(self) -> bool:
        return self.expected == self.guess

    @property
    def share(self) -> float:
        return len(self.questions) / self.of


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns that occur, the most mistaken first, so that mistakes gather in one corner."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    pairs: tuple[Pair, ...]

    def worst(self, limit: int) -> list[Pair]:
        """The most frequent mistakes. Doubt is no mistake: the person chooses."""
        wrong = [pair for pair in self.pairs if not pair.right and pair.guess != FALLBACK]
        return sorted(wrong, key=lambda pair: (-len(pair.questions), -pair.share, pair.expected))[:limit]


@dataclass(frozen=True, slots=True)
class Band:
    """The questions whose first guess had a confidence from `low` to `high`."""

    low: float
    high: float
    confidence: float
    right: float
    questions: int


def matrix(known: Sequence[Heard]) -> Matrix:
    """The matrix of questions whose meaning is known. With several acceptable names the first one stands for a miss."""
    cells: dict[tuple[str, str], list[Heard]] = {}
    for heard in known:
        cells.setdefault((_meant(heard), heard.intent or NOTHING), []).append(heard)
    totals: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for (expected, guess), those in cells.items():
        totals[expected] += len(those)
        if expected != guess:
            missed[expected] += len(those)
            missed[guess] += len(those)

    def order(name: str) -> tuple[bool, int, str]:
        return name in (FALLBACK, NOTHING), -missed[name], name

    return Matrix(
        rows=tuple(sorted(totals, key=order)),
        columns=tuple(sorted({guess for _, guess in cells}, key=order)),
        pairs=tuple(
            Pair(expected, guess, totals[expected], tuple(those)) for (expected, guess), those in cells.items()
        ),
    )


def calibration(known: Sequence[Heard]) -> list[Band]:
    """How often the classifier's first guess is right, by how sure it was; bands without questions are left out."""
    bands: dict[int, list[tuple[float, bool]]] = {}
    for heard in known:
        if heard.ranking:
            name, confidence = heard.ranking[0]
            band = min(int(confidence * BANDS), BANDS - 1)
            bands.setdefault(band, []).append((confidence, name in heard.question.expect))
    return [
        Band(
            low=band / BANDS,
            high=(band + 1) / BANDS,
            confidence=fmean(confidence for confidence, _ in those),
            right=fmean(right for _, right in those),
            questions=len(those),
        )
        for band, those in sorted(bands.items())
    ]


def _meant(heard: Heard) -> str:
    return heard.intent if heard.right and heard.intent else heard.question.expect[0]
