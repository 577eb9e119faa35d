"""The training data and the sentences that measure it, as files: nothing here starts Rasa."""

import json
import re
from collections import Counter

import pytest
import yaml

from bot.settings import ROOT
from tests.nlu.examples import HELD_OUT, LANGUAGES, TRAINING, Sentence, catalogue, sentences

FEWEST = {"topic": 14, "service": 12, "smalltalk": 12, "aspect": 12}
FEWEST_HELD_OUT = 5
# Questions that people really asked, where the machine has them. They measure and may never be learnt.
REAL_QUESTIONS = ROOT.parent / "shared" / "nlu" / "real_questions.jsonl"


def folded(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def real_questions() -> list[str]:
    if not REAL_QUESTIONS.exists():
        return []
    lines = REAL_QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="module")
def training() -> list[Sentence]:
    return sentences(TRAINING)


@pytest.fixture(scope="module")
def held_out() -> list[Sentence]:
    return sentences(HELD_OUT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_enough_examples_in_every_offered_language(training: list[Sentence], language: str) -> None:
    counts = Counter(s.intent for s in training if s.language == language)
    short = {name: counts[name] for name, entry in catalogue().items() if counts[name] < FEWEST[entry["kind"]]}
    assert short == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_measured_in_every_offered_language(held_out: list[Sentence], language: str) -> None:
    counts = Counter(s.intent for s in held_out if s.language == language)
    assert {name: counts[name] for name in catalogue() if counts[name] < FEWEST_HELD_OUT} == {}


def test_no_sentence_means_two_things(training: list[Sentence]) -> None:
    meanings: dict[str, set[str]] = {}
    for sentence in training:
        meanings.setdefault(folded(sentence.text) or sentence.text, set()).add(sentence.intent)
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_no_sentence_is_learnt_twice(training: list[Sentence]) -> None:
    counts = Counter((s.language, s.intent, s.text.casefold()) for s in training)
    assert [key for key, count in counts.items() if count > 1] == []


def test_what_measures_is_not_learnt(training: list[Sentence], held_out: list[Sentence]) -> None:
    learnt = {folded(s.text) for s in training}
    assert [s.text for s in held_out if folded(s.text) in learnt] == []
    assert [text for text in real_questions() if folded(text) in learnt] == []


def test_no_example_holds_a_number_that_could_be_somebodys(training: list[Sentence], held_out: list[Sentence]) -> None:
    assert [s.text for s in (*training, *held_out) if re.search(r"\d(?:[\s-]?\d){5}", s.text)] == []


def test_catalogue_domain_rules_and_examples_name_the_same_intents(training: list[Sentence]) -> None:
    names = set(catalogue())
    domain = yaml.safe_load((ROOT / "nlu_data/domain/intents.yml").read_text(encoding="utf-8"))["intents"]
    rules = [
        step["intent"]
        for path in (ROOT / "nlu_data/rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"]
        if "intent" in step
    ]
    assert set(domain) == names | {"nlu_fallback"}
    assert sorted(rules) == sorted(domain)
    assert {s.intent for s in training} == names


def test_every_topic_intent_has_a_page(training: list[Sentence]) -> None:
    pages = {path.parent.name for path in (ROOT / "content" / "topics").glob("*/facts.yaml")}
    topics = {name for name, entry in catalogue().items() if entry["kind"] == "topic"}
    assert topics <= pages
