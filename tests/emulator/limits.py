"""Flood control: what Telegram lets one bot send.

About one message a second to one chat with short bursts, 20 a minute to one group, 30 a second overall
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Telegram does not
publish the size of a burst; 5 is assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tests.emulator.chats import Chat
from tests.emulator.clock import Clock
from tests.emulator.refusals import too_many_requests

COUNTED: Final = frozenset({"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"})
CHAT_BURST: Final = 5


@dataclass
class _Bucket:
    size: float
    per_second: float
    tokens: float
    filled: float

    def wait(self, now: float) -> float:
        """Seconds until one more may pass; 0 when it may pass now."""
        self.tokens = min(self.size, self.tokens + (now - self.filled) * self.per_second)
        self.filled = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.per_second


class FloodLimits:
    """Counts what passes. Switched on by default; a call that is refused costs nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self.on = True

    def pass_or_refuse(self, method: str, chat: Chat) -> None:
        """Refuse with 429 and the seconds to wait when this call comes too soon."""
        if not self.on or method not in COUNTED:
            return
        now = self._clock.now()
        buckets = [
            self._bucket("all", size=30, per_second=30, now=now),
            self._bucket(f"chat {chat.chat_id}", size=CHAT_BURST, per_second=1, now=now),
        ]
        if chat.type in ("group", "supergroup"):
            buckets.append(self._bucket(f"group {chat.chat_id}", size=20, per_second=20 / 60, now=now))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.tokens -= 1

    def reset(self) -> None:
        """Forget what has passed."""
        self._buckets.clear()

    def _bucket(self, name: str, *, size: float, per_second: float, now: float) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(size, per_second, tokens=size, filled=now))
