"""What the actions answer, as plain functions: every intent has keys, and doubt offers topics."""

import pytest

from bot.actions.table import Guess, is_topic, keys_for, keys_for_doubt, read_ranking
from bot.keys import Key
from tests.nlu.examples import catalogue


@pytest.mark.parametrize("intent", sorted(catalogue()))
def test_every_intent_of_the_catalogue_is_answered(intent: str) -> None:
    keys = keys_for(intent, None)
    assert keys
    assert is_topic(intent) is (catalogue()[intent]["kind"] == "topic")
    assert [Key.parse(str(key)) for key in keys] == keys


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        ("work-permit", "topic:work-permit"),
        ("check-appointment", "check:appointment"),
        ("check-case-status", "check:status"),
        ("talk-to-a-person", "handoff.open"),
        ("change-language", "languages"),
        ("out-of-scope", "say:out-of-scope"),
    ],
)
def test_the_answer_is_the_agreed_key(intent: str, key: str) -> None:
    assert [str(k) for k in keys_for(intent, None)] == [key]


def test_yes_follows_the_topic_in_focus() -> None:
    assert keys_for("affirm", "education") == [Key("topic", "education")]
    assert keys_for("affirm", None) == [Key("say", "help")]


def test_doubt_offers_the_three_most_likely_topics_and_services() -> None:
    ranking = [
        Guess("out-of-scope", 0.19),
        Guess("health-care", 0.18),
        Guess("greeting", 0.15),
        Guess("check-appointment", 0.14),
        Guess("talk-to-a-person", 0.13),
        Guess("education", 0.09),
        Guess("work-permit", 0.05),
    ]
    assert [str(key) for key in keys_for_doubt(ranking)] == ["topics:health-care,check-appointment,education"]


def test_a_possible_emergency_is_offered_first() -> None:
    ranking = [Guess("health-care", 0.19), Guess("education", 0.15), Guess("emergency-and-contacts", 0.12)]
    assert [str(key) for key in keys_for_doubt(ranking)] == ["topics:emergency-and-contacts,health-care,education"]


def test_an_unlikely_emergency_keeps_its_place() -> None:
    ranking = [Guess("health-care", 0.19), Guess("education", 0.15), Guess("emergency-and-contacts", 0.02)]
    assert [str(key) for key in keys_for_doubt(ranking)] == ["topics:health-care,education,emergency-and-contacts"]


def test_nothing_to_offer_is_said() -> None:
    assert keys_for_doubt([Guess("greeting", 0.1)]) == [Key("say", "not-understood-again")]


@pytest.mark.parametrize("raw", [None, "x", {}, [], [None, 1, {}, {"name": ""}]])
def test_a_ranking_that_is_none_is_empty(raw: object) -> None:
    assert list(read_ranking(raw)) == []


def test_the_fallback_is_no_guess() -> None:
    raw = [{"name": "nlu_fallback", "confidence": 0.2}, {"name": "education", "confidence": 0.1}]
    assert list(read_ranking(raw)) == [Guess("education", 0.1)]
