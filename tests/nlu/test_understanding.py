"""How well the trained model understands sentences that it has never seen, and what no sentence may do to it."""

from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from bot.actions.table import EMERGENCIES, FALLBACK, Guess, keys_for, keys_for_doubt
from bot.keys import Key
from bot.rasa.evaluate import hear
from bot.rasa.listening import Listener, listening
from bot.rasa.scores import Heard, summary
from bot.settings import ROOT
from tests.nlu.examples import LANGUAGES, catalogue
from tests.nlu.known_misses import RISK, measured

# A little under what was measured (docs/decisions/0003-understanding.md), so that a real loss shows.
# Aimed at: 0.93 mean over intents in each language, at most 0.05 between the best and the worst, 0.9 precision of
# refusals, and a median of 40 ms a question. Times are for `make evaluate`: here they would fail on a busy machine.
MACRO_FLOOR = 0.78
TOP_3_FLOOR = 0.93
SPREAD_CEILING = 0.15
OUT_OF_SCOPE_PRECISION_FLOOR = 0.88
OUT_OF_SCOPE_RECALL_FLOOR = 0.78
INTENT_FLOOR = 0.6
EMERGENCY_FLOOR = 0.92
SENT_AWAY_CEILING = 1
DOUBT_CEILING = 0.12
OFFER_FLOOR = 0.68
WITHOUT_ENCODER_FLOOR = 0.4
WITHOUT_ENCODER_EVERY = 5
"""Without the encoder one sentence of so many is asked: it shows that the model carries on, not how well."""

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def held_out(heard: list[Heard]) -> list[Heard]:
    """What was made of the sentences held out, without the risk probes."""
    probes = sum(bool(line) for line in RISK.read_text(encoding="utf-8").split("\n"))
    return heard[: len(heard) - probes]


@pytest.fixture(scope="module")
def scores(held_out: list[Heard]) -> dict[str, Any]:
    return summary(held_out)


def answer(heard: Heard) -> list[Key]:
    """The keys that the actions would answer with."""
    ranking = [Guess(name, confidence) for name, confidence in heard.ranking]
    if heard.doubted or heard.intent is None:
        return keys_for_doubt(ranking, [Guess(name, confidence) for name, confidence in heard.retrieved or ()])
    return keys_for(Guess(heard.intent, heard.confidence), ranking)


def leads_to_help(key: Key) -> bool:
    """A page with emergency numbers, an offer of one, or a person."""
    return key.name == "handoff.open" or bool(EMERGENCIES & set(key.argument.split(",")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_sentences_are_understood(held_out: list[Heard], scores: dict[str, Any], language: str) -> None:
    those = [h for h in held_out if h.question.lang == language]
    wrong = Counter((h.question.expect, h.intent) for h in those if not h.right)
    assert scores["by_language"][language]["macro"] >= MACRO_FLOOR, wrong.most_common(10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_meaning_is_among_the_first_three(
    held_out: list[Heard], scores: dict[str, Any], language: str
) -> None:
    missed = [h.question.text for h in held_out if h.question.lang == language and not h.among_three]
    assert scores["by_language"][language]["top3"] >= TOP_3_FLOOR, missed


def test_no_language_is_far_behind_the_best(scores: dict[str, Any]) -> None:
    means = {language: scores["by_language"][language]["macro"] for language in LANGUAGES}
    assert max(means.values()) - min(means.values()) <= SPREAD_CEILING, means


def test_what_is_refused_is_out_of_scope(scores: dict[str, Any]) -> None:
    assert scores["out_of_scope"]["precision"] >= OUT_OF_SCOPE_PRECISION_FLOOR
    assert scores["out_of_scope"]["recall"] >= OUT_OF_SCOPE_RECALL_FLOOR


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_intent_is_a_blind_spot(held_out: list[Heard], name: str) -> None:
    those = [h for h in held_out if name in h.question.expect]
    assert sum(h.right for h in those) / len(those) >= INTENT_FLOOR


def test_no_emergency_is_refused_or_taken_for_small_talk(held_out: list[Heard]) -> None:
    """Danger may be taken for another danger; where something else was more likely, an emergency is offered first."""
    sent_away = [
        (h.question.text, h.intent)
        for h in held_out
        if EMERGENCIES & set(h.question.expect)
        and {key.name for key in answer(h)} - {"topic", "topics", "handoff.open"}
    ]
    assert len(sent_away) <= SENT_AWAY_CEILING, sent_away


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_emergency_leads_to_help_and_not_to_another_page(held_out: list[Heard], language: str) -> None:
    those = [h for h in held_out if h.question.lang == language and EMERGENCIES & set(h.question.expect)]
    elsewhere = [(h.question.text, h.intent) for h in those if not any(leads_to_help(key) for key in answer(h))]
    assert 1 - len(elsewhere) / len(those) >= EMERGENCY_FLOOR, elsewhere


def test_doubt_is_rare_and_its_offer_mostly_holds_the_answer(held_out: list[Heard], scores: dict[str, Any]) -> None:
    assert sum(h.doubted for h in held_out) / len(held_out) <= DOUBT_CEILING
    assert scores["ablation"]["both"] >= OFFER_FLOOR


def test_passages_add_to_the_offer(scores: dict[str, Any]) -> None:
    assert scores["ablation"]["searched"] == scores["ablation"]["doubted"] > 0
    assert scores["ablation"]["both"] >= scores["ablation"]["classifier"]


def test_who_is_sure_is_more_often_right(held_out: list[Heard]) -> None:
    """Otherwise a threshold would mean nothing."""
    right = [h.ranking[0][1] for h in held_out if h.ranking[0][0] in h.question.expect]
    wrong = [h.ranking[0][1] for h in held_out if h.ranking[0][0] not in h.question.expect]
    assert median(right) > 2 * median(wrong)


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "?!.",
        "\x00",
        "a\x00b",
        "😀😀😀",
        "٣٣٣",
        "zxqj wvkp",
        "word " * 5000,
        "x" * 20_000,
        "\u202e\u200f\u200d",
        '{"a": [1]}',
        "' OR 1=1 --",
        "{{ 7*7 }} ${HOME} %s",
    ],
    ids=ascii,
)
def test_any_text_gets_an_intent(listener: Listener, text: str) -> None:
    assert listener.parse(text)["intent"]["name"]


def test_nonsense_is_doubted(listener: Listener) -> None:
    nonsense = ["zxqj wvkp rrtn", "bla bla bla", "12 34 kk 9", "ضصثق فغعه", "qqq www eee"]
    guessed = {text: listener.parse(text)["intent"]["name"] for text in nonsense}
    surely = {t: i for t, i in guessed.items() if catalogue().get(i, {}).get("kind") == "topic"}
    assert len(surely) <= 1, surely


def test_it_still_understands_without_the_encoder(trained_model: Path, tmp_path: Path) -> None:
    log = tmp_path / "rasa.log"
    with listening(ROOT, trained_model, log, {"REHBER_ENCODER": "off"}) as bare:
        heard = [hear(bare, question) for question in measured()[::WITHOUT_ENCODER_EVERY]]
    assert sum(h.right for h in heard) / len(heard) >= WITHOUT_ENCODER_FLOOR
    assert "switched off" in log.read_text(encoding="utf-8")
    assert {h.intent for h in heard} - {*catalogue(), FALLBACK, None} == set()
