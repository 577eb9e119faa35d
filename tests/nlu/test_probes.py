"""The lines that measure understanding where much is at stake, as a file: nothing here starts Rasa."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.actions.table import FALLBACK
from bot.i18n.registry import load_registry
from bot.settings import ROOT
from tests.nlu.examples import HELD_OUT, LANGUAGES, TRAINING, catalogue, sentences
from tests.nlu.test_data import folded

RISK = Path(__file__).parent / "probes" / "risk.jsonl"
FEWEST = 24
"""In every offered language; the six rules of danger have at least as many of them as the eight others."""
CLOSE = 0.55
"""Share of three-letter pieces in common from which a line is another sentence lightly edited."""
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


def test_every_offered_language_is_probed_for_every_rule(lines: list[dict[str, str | list[str]]]) -> None:
    rules: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        rules[str(line["lang"])].append(str(line["rule"]))
    assert {language: RULES - set(rules[language]) for language in LANGUAGES if not set(rules[language]) >= RULES} == {}
    assert {language: len(rules[language]) for language in LANGUAGES if len(rules[language]) < FEWEST} == {}
    danger = {language: sum(rule in DANGER for rule in rules[language]) for language in LANGUAGES}
    assert {language: n for language, n in danger.items() if n * 2 < len(rules[language])} == {}


def test_danger_may_not_end_in_a_refusal(lines: list[dict[str, str | list[str]]]) -> None:
    refused = {"out-of-scope", FALLBACK}
    assert [line["text"] for line in lines if line["rule"] in DANGER and refused & set(line["expect"])] == []


def test_no_probe_is_taught_or_measured_twice(lines: list[dict[str, str | list[str]]]) -> None:
    elsewhere = {folded(sentence.text) for folder in (TRAINING, HELD_OUT) for sentence in sentences(folder)}
    texts = [folded(str(line["text"])) for line in lines]
    assert [text for text in texts if text in elsewhere or texts.count(text) > 1] == []


def test_no_probe_is_a_light_edit_of_what_is_taught(lines: list[dict[str, str | list[str]]]) -> None:
    taught: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for sentence in sentences(TRAINING):
        taught[sentence.language].append((sentence.text, pieces(sentence.text)))
    close = [
        (line["text"], text)
        for line in lines
        for text, theirs in taught[str(line["lang"])]
        if len(theirs & (own := pieces(str(line["text"])))) / len(theirs | own) >= CLOSE
    ]
    assert close == []


def pieces(text: str) -> set[str]:
    padded = f"  {folded(text)} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
