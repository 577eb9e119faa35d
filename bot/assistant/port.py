"""What the hub expects of an assistant, and the ways in which it can fail."""

from dataclasses import dataclass
from typing import Protocol

from bot.errors import AssistantError
from bot.keys import Key


class AssistantAway(AssistantError):  # noqa: N818 - the state of the other side, not a mistake
    """Nobody answers at the assistant's address: it is starting, restarting or gone. Trying again is safe."""


class AssistantFailed(AssistantError):  # noqa: N818
    """It took the question and gave no usable answer: an empty list, an error, too late, or words without keys."""


class AssistantSlow(AssistantFailed):
    """It gave no answer within the deadline, and may still be at it."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood: the intent, how sure (0 to 1), and the most likely intents in order."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do or say, as keys, and why."""

    keys: tuple[Key, ...]
    understanding: Understanding | None


class Assistant(Protocol):
    """Answers one question of one conversation. The caller sees to it that a conversation asks one at a time."""

    async def ask(self, conversation: str, question: str) -> Reply:
        """Raises AssistantAway or AssistantFailed within the deadline that it was built with."""
        ...
