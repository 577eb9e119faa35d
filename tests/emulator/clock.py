"""The emulator's own time, so that a test can make hours pass without waiting for them.

Dates of messages, ages of callback queries, expiry of updates and flood limits read this clock. Long
polls, slow answers and webhook retries wait in real time.
"""

from __future__ import annotations

import time


class Clock:
    """Wall time plus what a test has added to it. Never runs backwards."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once. Raises ValueError for a negative number."""
        if seconds < 0:
            raise ValueError("the emulator's clock never runs backwards")
        self._ahead += seconds

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def date(self) -> int:
        """The present as Telegram writes it: whole seconds since the epoch."""
        return int(self.now())
