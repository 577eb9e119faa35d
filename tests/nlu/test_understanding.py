"""How well the trained model understands sentences that it has never seen, and what no sentence may do to it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.rasa.listening import Listener, listening
from bot.rasa.questions import FALLBACK
from bot.settings import ROOT
from tests.nlu.examples import HELD_OUT, LANGUAGES, Sentence, catalogue, sentences

# A few points under what was measured (docs/decisions/0003-understanding.md), so that a real loss shows.
ACCURACY_FLOOR = {"tr": 0.84, "en": 0.84, "ar": 0.75, "fa": 0.75}
TOP_3_FLOOR = {"tr": 0.92, "en": 0.92, "ar": 0.90, "fa": 0.90}
WITHOUT_ENCODER_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Answered:
    sentence: Sentence
    intent: str
    likely: tuple[str, ...]


def ask(listener: Listener, sentence: Sentence) -> Answered:
    body = listener.parse(sentence.text)
    ranking = [entry["name"] for entry in body["intent_ranking"] if entry["name"] != FALLBACK]
    return Answered(sentence, body["intent"]["name"], tuple(ranking[:3]))


@pytest.fixture(scope="module")
def answers(listener: Listener) -> list[Answered]:
    return [ask(listener, sentence) for sentence in sentences(HELD_OUT)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_sentences_are_understood(answers: list[Answered], language: str) -> None:
    those = [a for a in answers if a.sentence.language == language]
    wrong = Counter((a.sentence.intent, a.intent) for a in those if a.intent != a.sentence.intent)
    assert 1 - wrong.total() / len(those) >= ACCURACY_FLOOR[language], wrong.most_common(10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_topic_is_among_the_three_that_doubt_would_offer(answers: list[Answered], language: str) -> None:
    those = [a for a in answers if a.sentence.language == language]
    missed = [a.sentence.text for a in those if a.sentence.intent not in a.likely]
    assert 1 - len(missed) / len(those) >= TOP_3_FLOOR[language], missed


@pytest.mark.parametrize("name", [n for n, entry in catalogue().items() if entry["kind"] != "smalltalk"])
def test_no_topic_or_service_is_a_blind_spot(answers: list[Answered], name: str) -> None:
    those = [a for a in answers if a.sentence.intent == name]
    assert sum(a.intent == name for a in those) / len(those) >= 0.6


def test_no_emergency_is_sent_away(answers: list[Answered]) -> None:
    """Danger may be taken for another serious matter, never for small talk or none of our business."""
    harmless = {"out-of-scope", "greeting", "thanks", "goodbye", "deny"}
    emergencies = [a for a in answers if a.sentence.intent == "emergency-and-contacts"]
    assert [a.sentence.text for a in emergencies if a.intent in harmless] == []
    assert [a.sentence.text for a in emergencies if a.sentence.intent not in a.likely] == []


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


@pytest.mark.timeout(400)
def test_it_still_understands_without_the_encoder(trained_model: Path, tmp_path: Path) -> None:
    log = tmp_path / "rasa.log"
    with listening(ROOT, trained_model, log, {"REHBER_ENCODER": "off"}) as bare:
        heard = [ask(bare, sentence) for sentence in sentences(HELD_OUT) if sentence.language in LANGUAGES]
    assert sum(a.intent == a.sentence.intent for a in heard) / len(heard) >= WITHOUT_ENCODER_FLOOR
    assert "switched off" in log.read_text(encoding="utf-8")
