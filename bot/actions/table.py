"""Which keys answer which intent: plain functions over names and numbers, without Rasa's SDK."""

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
EMERGENCY_FLOOR: Final = 0.05
"""With at least this confidence an emergency is offered first: its numbers help when they are seen in vain, too."""
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
    """The answer to an intent. What has no page of its own gives way to an emergency that may have been meant."""
    if is_topic(intent.name):
        return [Key("topic", intent.name)]
    if intent.name not in _SURE_WITHOUT_A_PAGE and any(_may_be_an_emergency(guess) for guess in ranking):
        return keys_for_doubt(ranking)
    return [Key.parse(_ANSWERS[intent.name])]


def keys_for_doubt(ranking: Iterable[Guess], retrieved: Iterable[Guess] = ()) -> list[Key]:
    """The likely topics and services to choose from, a possible emergency first. A person is offered beside them.

    `retrieved` are topics whose texts are like the question: the best that was not guessed anyway takes the last place.
    """
    likely = [g for g in ranking if is_topic(g.name) or g.name in _OFFERED_SERVICES]
    likely.sort(key=lambda guess: (not _may_be_an_emergency(guess), -guess.confidence))
    names = [guess.name for guess in likely[:TOPICS_OFFERED]]
    found = next((guess.name for guess in retrieved if guess.name not in names), None)
    if found:
        names = [*names[: TOPICS_OFFERED - 1], found]
    if not names:
        return [Key("say", "not-understood-again")]
    return [Key("topics", ",".join(names))]


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
