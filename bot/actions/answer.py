"""The two actions that Rasa's rules call: answer what was understood, or offer what may have been meant."""

import logging
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.table import FALLBACK, Guess, keys_for, keys_for_doubt, paper_of, read_ranking
from bot.keys import Key

logger = logging.getLogger(__name__)

RANKING_SHOWN: Final = 10


class ActionAnswer(Action):  # type: ignore[misc]  # the SDK carries no types in the lint environment
    """Answers the intent of the latest message with keys, after the paper that the message speaks of."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Sends one message with keys. Never raises."""
        try:
            intent, ranking = _understood(tracker)
            paper = paper_of((tracker.latest_message or {}).get("entities"))
            held = [Key("holds", paper)] if paper else []
            _send(dispatcher, [*held, *keys_for(intent, ranking)], intent, ranking)
        except Exception as error:
            return _trouble(dispatcher, error)
        return []


class ActionOfferTopics(Action):  # type: ignore[misc]
    """Offers the most likely topics when nothing was understood well enough."""

    def name(self) -> str:
        return "action_offer_topics"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Sends one message with keys. Never raises."""
        try:
            intent, ranking = _understood(tracker)
            retrieved = read_ranking((tracker.latest_message or {}).get("retrieved"))
            _send(dispatcher, keys_for_doubt(ranking, retrieved), intent, ranking)
        except Exception as error:
            return _trouble(dispatcher, error)
        return []


def _understood(tracker: Tracker) -> tuple[Guess, list[Guess]]:
    latest: dict[str, Any] = tracker.latest_message or {}
    intent = latest.get("intent") or {}
    name = intent.get("name") or FALLBACK
    return Guess(name, float(intent.get("confidence") or 0.0)), list(read_ranking(latest.get("intent_ranking")))


def _send(dispatcher: CollectingDispatcher, keys: list[Key], intent: Guess, ranking: list[Guess]) -> None:
    dispatcher.utter_message(
        json_message={
            "keys": [str(key) for key in keys],
            "understanding": {
                "intent": intent.name,
                "confidence": round(intent.confidence, 4),
                "ranking": [{"name": g.name, "confidence": round(g.confidence, 4)} for g in ranking[:RANKING_SHOWN]],
            },
        }
    )


def _trouble(dispatcher: CollectingDispatcher, error: Exception) -> list[dict[str, Any]]:
    # The message of an exception may quote what the person wrote, so only its kind is logged.
    logger.error("An action failed: %s", type(error).__name__)
    dispatcher.utter_message(json_message={"keys": ["say:trouble"]})
    return []
