"""Which keys answer which intent: plain functions over names and numbers, without Rasa's SDK."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.keys import Key

FALLBACK: Final = "nlu_fallback"
TOPICS_OFFERED: Final = 3
EMERGENCIES: Final = frozenset(
    {
        "emergency-and-contacts",
        "violence-abuse-and-self-harm",
        "trafficking-victims",
        "unaccompanied-children",
        "deportation-and-detention",
    }
)
"""The topics of level H3. This environment cannot read `content/`; a test compares the two."""
EMERGENCY_FLOOR: Final = 0.03
"""With at least this confidence an emergency is offered first: its numbers help when they are seen in vain, too."""
EMERGENCY_BESIDE_A_PAGE: Final = 0.08
"""With at least this confidence an emergency is offered although another topic is likelier."""
LEAST_CONFIDENCE: Final = 1e-6
LIKENESS_WEIGHT: Final = 0.2
"""What a standard deviation of likeness to the texts counts in doubt, against the logarithm of a confidence."""
PAPERS: Final = frozenset(
    {"tp_card", "applicant_card", "status_card", "residence_permit", "student_permit", "stateless_card"}
)
"""The values of the entity `document` that say which rules a person lives under (`bot.content.papers`)."""

_ANSWERS: Final = {
    "check-appointment": "check:appointment",
    "check-case-status": "check:status",
    "talk-to-a-person": "handoff.open",
    "change-language": "languages",
    "out-of-scope": "say:out-of-scope",
    "greeting": "say:greeting",
    "thanks": "say:thanks",
    "goodbye": "say:goodbye",
    "help": "say:help",
    "affirm": "go-on",
    "deny": "menu",
    "repeat": "repeat",
    "simpler": "simpler",
    "in-turkish": "in-turkish",
    "another-question": "menu",
    "aspect-cost": "aspect:cost",
    "aspect-duration": "aspect:duration",
    "aspect-documents": "aspect:bring",
    "aspect-place": "aspect:place",
    "aspect-who": "aspect:who",
    "aspect-steps": "aspect:do",
    "aspect-family": "aspect:family",
}
_SURE_WITHOUT_A_PAGE: Final = frozenset({"talk-to-a-person"})
"""A person is called anyway."""
_OFFERED_SERVICES: Final = frozenset({"check-appointment", "check-case-status", "change-language"})


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent and how sure the classifier is of it, 0 to 1."""

    name: str
    confidence: float


def is_topic(intent: str) -> bool:
    """Whether the intent is answered by a topic of the same name: every intent without an entry of its own is."""
    return bool(intent) and intent not in _ANSWERS and intent != FALLBACK


def keys_for(intent: Guess, ranking: Sequence[Guess]) -> list[Key]:
    """The answer to an intent. It gives way to the offer of an emergency that may have been meant."""
    danger = max((guess.confidence for guess in ranking if guess.name in EMERGENCIES), default=0.0)
    if is_topic(intent.name):
        if intent.name not in EMERGENCIES and danger >= EMERGENCY_BESIDE_A_PAGE:
            return keys_for_doubt(ranking)
        return [Key("topic", intent.name)]
    if intent.name not in _SURE_WITHOUT_A_PAGE and danger >= EMERGENCY_FLOOR:
        return keys_for_doubt(ranking)
    return [Key.parse(_ANSWERS[intent.name])]


def keys_for_doubt(ranking: Iterable[Guess], retrieved: Iterable[Guess] = ()) -> list[Key]:
    """The likely topics and services to choose from, a possible emergency first. A person is offered beside them.

    `retrieved` says how like the question the texts of the topics are, in standard deviations: it moves the guesses.
    """
    guesses = [g for g in ranking if is_topic(g.name) or g.name in _OFFERED_SERVICES]
    likeness = {guess.name: guess.confidence for guess in retrieved}
    least = min((guess.confidence for guess in guesses), default=1.0)
    guesses += [Guess(name, least) for name in likeness.keys() - {guess.name for guess in guesses}]

    def order(guess: Guess) -> tuple[bool, float]:
        likely = math.log(max(guess.confidence, LEAST_CONFIDENCE)) + LIKENESS_WEIGHT * likeness.get(guess.name, 0.0)
        return not _may_be_an_emergency(guess), -likely

    names = [guess.name for guess in sorted(guesses, key=order)[:TOPICS_OFFERED]]
    return [Key("topics", ",".join(names))] if names else [Key("say", "not-understood-again")]


def paper_of(entities: object) -> str | None:
    """The paper that a question names, when it names one and no other."""
    found = [e for e in entities if isinstance(e, dict)] if isinstance(entities, list) else []
    papers = [e for e in found if e.get("entity") == "document"]
    # "residence permit" also stands inside "student residence permit": the longer name is the paper's.
    named = {e.get("value") for e in papers if not any(_within(e, other) for other in papers)} & PAPERS
    return str(named.pop()) if len(named) == 1 else None


def _within(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    span, around = ((int(e.get("start", 0)), int(e.get("end", 0))) for e in (inner, outer))
    return around[0] <= span[0] and span[1] <= around[1] and around != span


def _may_be_an_emergency(guess: Guess) -> bool:
    return guess.name in EMERGENCIES and guess.confidence >= EMERGENCY_FLOOR


def read_ranking(raw: object) -> Sequence[Guess]:
    """The intents of Rasa's `intent_ranking`, most likely first, without the fallback that Rasa puts on top."""
    entries = raw if isinstance(raw, list) else []
    return [
        Guess(entry["name"], float(entry["confidence"]))
        for entry in entries
        if isinstance(entry, dict) and entry.get("name") and entry["name"] != FALLBACK
    ]
