"""Holds back second tries, so that a failing case system gets hardly more questions than a working one.

A breaker alone does not: while it is still closed, or while only some questions fail, everybody would ask twice.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=1)
SHARE: Final = 0.1
"""Second tries for each question of the window."""

FLOOR: Final = 3
"""Second tries that a window allows however few questions there were."""


class RetryBudget:
    """One for a case system and process. `now` gives an aware datetime."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._questions: deque[datetime] = deque()
        self._second_tries: deque[datetime] = deque()

    def asked(self) -> None:
        """Note a question."""
        self._forget_old()
        self._questions.append(self._now())

    def spend(self) -> bool:
        """Whether one more second try is allowed; if so, it is noted."""
        self._forget_old()
        if len(self._second_tries) + 1 > max(FLOOR, SHARE * len(self._questions)):
            return False
        self._second_tries.append(self._now())
        return True

    def _forget_old(self) -> None:
        since = self._now() - WINDOW
        for moments in (self._questions, self._second_tries):
            while moments and moments[0] <= since:
                moments.popleft()
