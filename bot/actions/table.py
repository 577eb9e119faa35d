"""Which keys answer which intent: plain functions over names and numbers, without Rasa's SDK."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.keys import Key

FALLBACK: Final = "nlu_fallback"
TOPICS_OFFERED: Final = 3
EMERGENCY: Final = "emergency-and-contacts"
EMERGENCY_FLOOR: Final = 0.1
"""With at least this confidence the emergency numbers are offered first: they help when seen in vain, too."""

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
    "deny": "menu",
    "repeat": "repeat",
}
_OFFERED_SERVICES: Final = frozenset({"check-appointment", "check-case-status", "change-language"})


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent and how sure the classifier is of it, 0 to 1."""

    name: str
    confidence: float


def is_topic(intent: str) -> bool:
    """Whether the intent is answered by a topic of the same name: every intent without an entry of its own is."""
    return bool(intent) and intent not in _ANSWERS and intent not in {"affirm", FALLBACK}


def keys_for(intent: str, topic_in_focus: str | None) -> list[Key]:
    """The answer to an intent. "Yes" follows the topic that the conversation is about."""
    if intent == "affirm":
        return [Key("topic", topic_in_focus) if topic_in_focus else Key.parse("say:help")]
    if is_topic(intent):
        return [Key("topic", intent)]
    return [Key.parse(_ANSWERS[intent])]


def keys_for_doubt(ranking: Iterable[Guess]) -> list[Key]:
    """The likely topics and services to choose from, a possible emergency first. A person is offered beside them."""
    likely = [g for g in ranking if is_topic(g.name) or g.name in _OFFERED_SERVICES]
    likely.sort(key=lambda g: (not (g.name == EMERGENCY and g.confidence >= EMERGENCY_FLOOR), -g.confidence))
    if not likely:
        return [Key("say", "not-understood-again")]
    return [Key("topics", ",".join(g.name for g in likely[:TOPICS_OFFERED]))]


def read_ranking(raw: object) -> Sequence[Guess]:
    """The intents of Rasa's `intent_ranking`, most likely first, without the fallback that Rasa puts on top."""
    entries = raw if isinstance(raw, list) else []
    return [
        Guess(entry["name"], float(entry["confidence"]))
        for entry in entries
        if isinstance(entry, dict) and entry.get("name") and entry["name"] != FALLBACK
    ]
