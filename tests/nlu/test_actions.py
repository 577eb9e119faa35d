"""What the actions answer, as plain functions: every intent has keys, and doubt offers topics."""

import pytest

from bot.actions.table import (
    EMERGENCIES,
    EMERGENCY_BESIDE_A_PAGE,
    EMERGENCY_FLOOR,
    PAPERS,
    Guess,
    is_topic,
    keys_for,
    keys_for_doubt,
    paper_of,
    read_ranking,
)
from bot.content import load_library, papers
from bot.content.aspects import Aspect
from bot.content.facts import Level
from bot.keys import Key
from bot.settings import ROOT
from tests.nlu.examples import catalogue


def answer(intent: str, *others: Guess) -> list[str]:
    return [str(key) for key in keys_for(Guess(intent, 0.6), [Guess(intent, 0.6), *others])]


@pytest.mark.parametrize("intent", sorted(catalogue()))
def test_every_intent_of_the_catalogue_is_answered(intent: str) -> None:
    keys = answer(intent)
    assert keys
    assert is_topic(intent) is (catalogue()[intent]["kind"] == "topic")
    assert [str(Key.parse(key)) for key in keys] == keys


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        ("work-permit", "topic:work-permit"),
        ("check-appointment", "check:appointment"),
        ("check-case-status", "check:status"),
        ("talk-to-a-person", "handoff.open"),
        ("change-language", "languages"),
        ("out-of-scope", "say:out-of-scope"),
        ("affirm", "go-on"),
        ("simpler", "simpler"),
        ("in-turkish", "in-turkish"),
        ("another-question", "menu"),
        ("aspect-documents", "aspect:bring"),
    ],
)
def test_the_answer_is_the_agreed_key(intent: str, key: str) -> None:
    assert answer(intent) == [key]


def test_the_emergencies_are_the_topics_of_the_highest_level() -> None:
    topics = load_library(ROOT / "content").topics.values()
    assert {topic.slug for topic in topics if topic.facts.level is Level.H3} == EMERGENCIES


def test_the_papers_are_those_that_the_content_knows() -> None:
    assert set(papers.PAPERS) - {"none"} == PAPERS


def test_every_aspect_can_be_asked_for() -> None:
    asked = {answer(name)[0].partition(":")[2] for name in catalogue() if name.startswith("aspect-")}
    assert asked == set(Aspect)


@pytest.mark.parametrize("intent", ["out-of-scope", "greeting", "aspect-place", "change-language", "check-appointment"])
@pytest.mark.parametrize("emergency", sorted(EMERGENCIES))
def test_what_has_no_page_gives_way_to_an_emergency(intent: str, emergency: str) -> None:
    assert answer(intent, Guess(emergency, EMERGENCY_FLOOR))[0].startswith(f"topics:{emergency}")
    assert not answer(intent, Guess(emergency, EMERGENCY_FLOOR / 2))[0].startswith("topics:")


@pytest.mark.parametrize("emergency", sorted(EMERGENCIES))
def test_a_page_gives_way_to_an_emergency_that_is_likely_enough(emergency: str) -> None:
    assert answer("education", Guess(emergency, EMERGENCY_BESIDE_A_PAGE)) == [f"topics:{emergency},education"]
    assert answer("education", Guess(emergency, EMERGENCY_BESIDE_A_PAGE / 2)) == ["topic:education"]


def test_one_emergency_does_not_give_way_to_another() -> None:
    assert answer("trafficking-victims", Guess("violence-abuse-and-self-harm", 0.3)) == ["topic:trafficking-victims"]


def test_likeness_to_the_texts_moves_the_guesses_in_doubt() -> None:
    ranking = [
        Guess("health-care", 0.15),
        Guess("education", 0.14),
        Guess("work-permit", 0.13),
        Guess("visa-questions", 0.1),
    ]
    assert offered(ranking) == ["health-care", "education", "work-permit"]
    assert offered(ranking, Guess("visa-questions", 3.0)) == ["visa-questions", "health-care", "education"]
    assert offered(ranking, Guess("resettlement", 9.0))[0] == "resettlement", "guessed by nobody, said by the text"
    assert offered([], Guess("resettlement", 1.0)) == ["resettlement"]


def offered(ranking: list[Guess], *retrieved: Guess) -> list[str]:
    (key,) = keys_for_doubt(ranking, retrieved)
    return key.argument.split(",")


def test_a_call_for_a_person_stays_one() -> None:
    assert answer("talk-to-a-person", Guess("violence-abuse-and-self-harm", 0.3)) == ["handoff.open"]


def document(value: str, start: int = 0, end: int = 0) -> dict[str, object]:
    return {"entity": "document", "value": value, "start": start, "end": end}


@pytest.mark.parametrize(
    ("entities", "paper"),
    [
        ([document("tp_card")], "tp_card"),
        ([document("tp_card"), document("tp_card"), {"entity": "province", "value": "Van"}], "tp_card"),
        ([document("tp_card"), document("residence_permit")], None),
        ([document("residence_permit", 8, 24), document("student_permit", 0, 24)], "student_permit"),
        ([document("residence_permit", 0, 16), document("student_permit", 20, 34)], None),
        ([document("passport")], None),
        ([document("passport"), document("residence_permit")], "residence_permit"),
        ([{"entity": "province", "value": "tp_card"}], None),
        ([], None),
        (None, None),
        ("tp_card", None),
        ([None, 1, {}], None),
    ],
)
def test_one_paper_is_a_paper_and_two_are_a_riddle(entities: object, paper: str | None) -> None:
    assert paper_of(entities) == paper


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
