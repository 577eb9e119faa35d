"""Deep links: `/start lang_ar__topic_work-permit` says in which language to begin and with which topic.

What a person types behind /start is theirs: only names that Rehber knows leave this module.
"""

from dataclasses import dataclass
from typing import Final, Self

from bot.content import Library

CODE: Final = "c_"
"""What a one-time code begins with (`bot.hub.going_on`): such a payload is no deep link."""


def chat_address(bot_name: str, payload: str) -> str:
    """Where a phone opens the bot's chat with a payload (https://core.telegram.org/bots/features#deep-linking)."""
    return f"https://t.me/{bot_name}?start={payload}"


@dataclass(frozen=True, slots=True)
class DeepLink:
    """An offered language's code and a topic's slug; empty where the link names none. `str` is its payload."""

    language: str = ""
    topic: str = ""

    @classmethod
    def read(cls, payload: str, library: Library) -> Self:
        """What the payload names, whatever else stands in it."""
        parts = dict(part.split("_", 1) for part in payload.split("__") if "_" in part)
        language, topic = parts.get("lang", ""), parts.get("topic", "")
        return cls(language if library.languages.is_offered(language) else "", topic if topic in library.topics else "")

    def address(self, bot_name: str) -> str:
        """Where a phone opens it."""
        return chat_address(bot_name, str(self))

    def __str__(self) -> str:
        parts = [f"lang_{self.language}" if self.language else "", f"topic_{self.topic}" if self.topic else ""]
        return "__".join(part for part in parts if part)
