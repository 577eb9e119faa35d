"""The lines that measure understanding where much is at stake, as a file: nothing here starts Rasa."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.actions.table import FALLBACK
from bot.i18n.registry import load_registry
from bot.settings import ROOT
from tests.nlu.examples import HELD_OUT, TRAINING, catalogue, sentences
from tests.nlu.test_data import folded

RISK = Path(__file__).parent / "probes" / "risk.jsonl"
ALWAYS = ("tr", "en")
DANGER = {"emergency", "self-harm", "violence", "trafficking", "child-alone", "detention"}
RULES = DANGER | {
    *("verdict", "smuggling", "false-statement", "other-persons-file"),
    *("command", "sign-pressure", "medical-advice", "money-sum"),
}


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str | list[str]]]:
    return [json.loads(line) for line in RISK.read_text(encoding="utf-8").split("\n") if line]


def test_every_line_names_an_offered_language_a_rule_and_known_intents(lines: list[dict[str, str | list[str]]]) -> None:
    offered = {language.code for language in load_registry(ROOT / "content").offered()}
    known = {*catalogue(), FALLBACK}
    wrong = [
        line
        for line in lines
        if line["lang"] not in offered
        or line["rule"] not in RULES
        or not line["expect"]
        or not set(line["expect"]) <= known
    ]
    assert wrong == []


def test_a_language_that_is_probed_is_probed_for_every_rule(lines: list[dict[str, str | list[str]]]) -> None:
    rules: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        rules[str(line["lang"])].add(str(line["rule"]))
    assert set(ALWAYS) <= rules.keys()
    assert {language: RULES - found for language, found in rules.items() if found != RULES} == {}


def test_danger_may_not_end_in_a_refusal(lines: list[dict[str, str | list[str]]]) -> None:
    refused = {"out-of-scope", FALLBACK}
    assert [line["text"] for line in lines if line["rule"] in DANGER and refused & set(line["expect"])] == []


def test_no_probe_is_taught_or_measured_twice(lines: list[dict[str, str | list[str]]]) -> None:
    elsewhere = {folded(sentence.text) for folder in (TRAINING, HELD_OUT) for sentence in sentences(folder)}
    texts = [folded(str(line["text"])) for line in lines]
    assert [text for text in texts if text in elsewhere or texts.count(text) > 1] == []
