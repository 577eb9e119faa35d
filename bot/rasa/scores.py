"""What the model made of questions, and the scores of it: shares, means over intents, refusals, what retrieval adds.

Owns no texts and no files: `bot.rasa.questions` reads, `bot.rasa.evaluate` asks, `bot.rasa.report` draws.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import Any, Final

from bot.actions.table import FALLBACK, Guess, keys_for_doubt
from bot.rasa.questions import Question

OUT_OF_SCOPE: Final = "out-of-scope"
OFFERED: Final = 3
"""So many topics are shown in doubt, and so many guesses count as "among the first"."""

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model made of a question. `ranking` is without the fallback, most likely first.

    `retrieved` are the topics whose passages lie nearest, nearest first; None where the pipeline did not search.
    """

    question: Question
    language: str | None
    intent: str | None
    confidence: float
    ranking: Ranking
    seconds: float
    retrieved: Ranking | None = None

    @property
    def right(self) -> bool:
        """A fallback is right only where it is expected: the person was offered a choice, not answered."""
        return self.intent in self.question.expect

    @property
    def among_three(self) -> bool:
        return any(name in self.question.expect for name, _ in self.ranking[:OFFERED])

    @property
    def doubted(self) -> bool:
        return self.intent == FALLBACK

    def row(self) -> dict[str, Any]:
        """The question's line of the report."""
        row = {
            "text": self.question.text,
            "lang": self.question.lang or None,
            "expect": list(self.question.expect),
            "language": self.language,
            "intent": self.intent,
            "confidence": round(self.confidence, 4),
            "ranking": _rounded(self.ranking),
        }
        return row if self.retrieved is None else {**row, "retrieved": _rounded(self.retrieved)}


def summary(heard: Sequence[Heard]) -> dict[str, Any]:
    """The scores as one JSON object. Shares are of the questions with an `expect`; times of all, in milliseconds.

    `macro` is the mean over the expected names of the share understood: a rare topic weighs as much as a frequent one.
    """
    known = scored(heard)
    times = sorted(h.seconds * 1000 for h in heard)
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return {
        "n": len(heard),
        "accuracy": share(h.right for h in known),
        "macro": _macro(known),
        "top3": share(h.among_three for h in known),
        "by_language": {
            language: {**_scores(those), "macro": _macro(those)}
            for language, those in grouped(known, lambda h: [h.question.lang or "unknown"]).items()
        },
        "by_topic": {name: _scores(those) for name, those in grouped(known, lambda h: h.question.expect).items()},
        "out_of_scope": _out_of_scope(known),
        "ablation": ablation(known),
        "p50_ms": round(cuts[9], 2),
        "p95_ms": round(cuts[18], 2),
    }


def scored(heard: Iterable[Heard]) -> list[Heard]:
    """Those whose meaning is known."""
    return [h for h in heard if h.question.expect]


def share(values: Iterable[bool]) -> float | None:
    """The part that is true, 0 to 1; None of nothing."""
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None


def grouped(heard: Iterable[Heard], groups: Callable[[Heard], Iterable[str]]) -> dict[str, list[Heard]]:
    """The members of each group, by name. One may be in several."""
    members: dict[str, list[Heard]] = {}
    for one in heard:
        for group in groups(one):
            members.setdefault(group, []).append(one)
    return dict(sorted(members.items()))


def ablation(known: Sequence[Heard]) -> dict[str, Any]:
    """What retrieval adds: of the doubted questions, the share whose topic is among the three that are offered.

    `classifier` offers from the classifier's ranking alone, `retrieval` from the passages alone, `both` as people see
    it. Only questions that an offer can answer count. Without retrieval in the pipeline the last two are absent.
    """
    doubted = [h for h in known if h.doubted and any(_can_be_offered(name) for name in h.question.expect)]
    shares: dict[str, Any] = {
        "doubted": len(doubted),
        "classifier": share(_expected(h, _offer(h.ranking)) for h in doubted),
    }
    searched = [h for h in doubted if h.retrieved is not None]
    if searched:
        shares["searched"] = len(searched)
        shares["retrieval"] = share(_expected(h, [name for name, _ in (h.retrieved or ())[:OFFERED]]) for h in doubted)
        shares["both"] = share(_expected(h, _offer(h.ranking, h.retrieved or ())) for h in doubted)
    return shares


def _can_be_offered(name: str) -> bool:
    return name in _offer(((name, 1.0),))


def _offer(ranking: Ranking, retrieved: Ranking = ()) -> list[str]:
    keys = keys_for_doubt(_guesses(ranking), _guesses(retrieved))
    return [name for key in keys if key.name == "topics" for name in key.argument.split(",")]


def _guesses(ranking: Ranking) -> list[Guess]:
    return [Guess(name, confidence) for name, confidence in ranking]


def _expected(heard: Heard, names: Iterable[str]) -> bool:
    return any(name in heard.question.expect for name in names)


def _out_of_scope(known: Sequence[Heard]) -> dict[str, float | None]:
    """Precision: of the refused, those that may be refused. Recall: of those that may be, those that were right."""
    refused = [h for h in known if h.intent == OUT_OF_SCOPE]
    refusable = [h for h in known if OUT_OF_SCOPE in h.question.expect]
    return {"precision": share(h.right for h in refused), "recall": share(h.right for h in refusable)}


def _macro(known: Sequence[Heard]) -> float | None:
    by_name = grouped(known, lambda h: h.question.expect).values()
    return round(fmean(sum(h.right for h in those) / len(those) for those in by_name), 4) if by_name else None


def _scores(those: Sequence[Heard]) -> dict[str, Any]:
    return {
        "n": len(those),
        "accuracy": share(h.right for h in those),
        "top3": share(h.among_three for h in those),
    }


def _rounded(ranking: Ranking) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": round(confidence, 4)} for name, confidence in ranking]
