"""How fast the bot may write: what Telegram tolerates, counted in memory.

About 30 messages a second overall and one a second to a chat, with short bursts
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Telegram's own word, a 429 with
`retry_after`, goes above the count. Every process counts for itself; where that is too fast, Telegram says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

OVERALL_PER_SECOND: Final = 28.0
CHAT_PER_SECOND: Final = 1.0
CHAT_BURST: Final = 4.0
_MOST_CHATS: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    size: float
    per_second: float
    tokens: float
    filled: float
    shut_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may pass; 0 when it may pass now."""
        self.tokens = min(self.size, self.tokens + (now - self.filled) * self.per_second)
        self.filled = now
        short = 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.per_second
        return max(short, self.shut_until - now)

    def is_idle(self, now: float) -> bool:
        return self.wait(now) <= 0 and self.tokens >= self.size


class Pace:
    """Token buckets for all chats together and for each chat. `now` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._overall = _Bucket(OVERALL_PER_SECOND, OVERALL_PER_SECOND, OVERALL_PER_SECOND, now())
        self._chats: dict[str, _Bucket] = {}

    def take(self, address: str) -> float:
        """0 when a message to this chat may go now, and it counts as gone; else the seconds to wait."""
        now = self._now()
        chat = self._chat(address, now)
        wait = max(self._overall.wait(now), chat.wait(now))
        if wait <= 0:
            self._overall.tokens -= 1
            chat.tokens -= 1
        return wait

    def refuse(self, address: str, seconds: float) -> None:
        """Telegram wants no message to this chat for so long. From a second chat at the same time: to nobody."""
        now = self._now()
        others = (chat for other, chat in self._chats.items() if other != address)
        if any(chat.shut_until > now for chat in others):
            self._overall.shut_until = max(self._overall.shut_until, now + seconds)
        self._chat(address, now).shut_until = now + seconds

    def _chat(self, address: str, now: float) -> _Bucket:
        if address not in self._chats and len(self._chats) >= _MOST_CHATS:
            self._chats = {name: chat for name, chat in self._chats.items() if not chat.is_idle(now)}
        return self._chats.setdefault(address, _Bucket(CHAT_BURST, CHAT_PER_SECOND, CHAT_BURST, now))
