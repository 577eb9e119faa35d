"""The scores that are made of what was heard."""

import json

import pytest

from bot.rasa.confusion import calibration, matrix
from bot.rasa.questions import Question
from bot.rasa.scores import Heard, ablation, summary

FALLBACK = "nlu_fallback"


def heard(
    expect: tuple[str, ...],
    intent: str | None,
    *ranking: str,
    lang: str = "tr",
    sure: float = 0.5,
    retrieved: tuple[str, ...] | None = None,
) -> Heard:
    guesses = tuple((name, sure / (place + 1)) for place, name in enumerate(ranking))
    found = None if retrieved is None else tuple((name, 0.8) for name in retrieved)
    return Heard(Question("x", lang, expect), lang, intent, sure, guesses, 0.010, found)


def test_scores() -> None:
    scores = summary(
        [
            heard(("education",), "education", "education", "help"),
            heard(("education", "help"), FALLBACK, "thanks", "deny", "help", lang="ar"),
            heard(("work-permit",), "education", "education", "help", "deny", "work-permit", lang="ar"),
            heard((), "education", "education"),
        ]
    )
    assert (scores["n"], scores["accuracy"], scores["top3"]) == (4, 0.3333, 0.6667)
    assert scores["by_language"]["ar"] == {"n": 2, "accuracy": 0.0, "top3": 0.5, "macro": 0.0}
    assert scores["by_topic"]["education"] == {"n": 2, "accuracy": 0.5, "top3": 1.0}
    assert scores["p50_ms"] == scores["p95_ms"] == 10.0


def test_the_mean_over_intents_gives_a_rare_one_the_weight_of_a_frequent_one() -> None:
    often = [heard(("education",), "education", "education")] * 9
    scores = summary([*often, heard(("resettlement",), "education", "education")])
    assert scores["accuracy"] == 0.9
    assert scores["macro"] == scores["by_language"]["tr"]["macro"] == 0.5


def test_precision_and_recall_of_refusals() -> None:
    scores = summary(
        [
            heard(("out-of-scope",), "out-of-scope", "out-of-scope"),
            heard(("out-of-scope",), "education", "education"),
            heard(("out-of-scope", FALLBACK), FALLBACK, "education"),
            heard(("education",), "out-of-scope", "out-of-scope"),
            heard(("education",), "education", "education"),
        ]
    )
    assert scores["out_of_scope"] == {"precision": 0.5, "recall": 0.6667}


def test_nothing_refused_has_no_precision() -> None:
    assert summary([heard(("help",), "help")])["out_of_scope"] == {"precision": None, "recall": None}


def test_the_scores_of_one_question_are_json() -> None:
    scores = json.loads(json.dumps(summary([heard((), None)])))
    assert scores["accuracy"] is scores["macro"] is None


def test_ablation_without_retrieval_tells_the_classifier_alone() -> None:
    known = [
        heard(("education",), FALLBACK, "thanks", "work-permit", "education"),
        heard(("resettlement",), FALLBACK, "education"),
        heard(("education",), "education", "education"),
    ]
    assert ablation(known) == {"doubted": 2, "classifier": 0.5}


def test_ablation_counts_what_passages_add() -> None:
    known = [
        heard(("education",), FALLBACK, "education", "work-permit", retrieved=("voluntary-return",)),
        heard(("resettlement",), FALLBACK, "education", retrieved=("resettlement",)),
        heard(("resettlement",), FALLBACK, "education", retrieved=("visa-questions",)),
    ]
    shares = ablation(known)
    assert shares["doubted"] == shares["searched"] == 3
    assert shares["classifier"] == shares["retrieval"] == 0.3333
    assert shares["both"] == 0.6667


@pytest.mark.parametrize("name", ["thanks", "out-of-scope", FALLBACK])
def test_what_no_offer_can_answer_is_no_miss_of_the_offer(name: str) -> None:
    assert ablation([heard((name,), FALLBACK, "education")])["doubted"] == 0


def test_a_service_can_be_offered() -> None:
    known = [heard(("check-appointment",), FALLBACK, "check-appointment")]
    assert ablation(known) == {"doubted": 1, "classifier": 1.0}


def test_the_matrix_begins_with_what_is_mistaken_most() -> None:
    known = [
        *[heard(("help",), "help")] * 5,
        *[heard(("education",), "work-permit")] * 2,
        heard(("education",), "education"),
        heard(("visa-questions",), FALLBACK),
        heard(("deny", "thanks"), "thanks"),
        heard(("goodbye",), None),
    ]
    found = matrix(known)
    assert found.rows[0] == "education"
    assert set(found.rows) == {"education", "goodbye", "help", "thanks", "visa-questions"}
    assert found.columns[0] == "work-permit" or found.columns[1] == "work-permit"
    assert found.columns[-2:] == ("(no words)", FALLBACK) or found.columns[-2:] == (FALLBACK, "(no words)")
    [worst, nothing] = found.worst(20)
    assert (worst.expected, worst.guess, len(worst.questions), worst.of) == ("education", "work-permit", 2, 3)
    assert nothing.expected == "goodbye"
    assert sum(len(pair.questions) for pair in found.pairs) == len(known)


def test_confidence_is_compared_with_what_came_of_it() -> None:
    known = [
        heard(("help",), "help", "help", sure=0.95),
        heard(("help",), "deny", "deny", sure=1.0),
        heard(("help",), FALLBACK, "help", sure=0.15),
        heard(("help",), None),
    ]
    low, high = calibration(known)
    assert (low.low, low.questions, low.right) == (0.1, 1, 1.0)
    assert (high.low, high.high, high.questions, high.right) == (0.9, 1.0, 2, 0.5)
    assert high.confidence == pytest.approx(0.975)
