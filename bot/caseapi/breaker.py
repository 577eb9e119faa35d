"""Stops asking a case system that keeps failing, so that people get their honest notice at once.

Opens after several failures in a short time, lets one single question through after a rest, and closes when that one
is answered. A library was not kept for this: the maintained ones know nothing of a server's `Retry-After`.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.caseapi.errors import CannotCheck, Reason, Refused, SessionOver, TooManyTries

FAILURES: Final = 5
WINDOW: Final = timedelta(seconds=30)
REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=5)


class Breaker:
    """One breaker guards one case system in one process. `now` gives an aware datetime."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: deque[datetime] = deque(maxlen=FAILURES)
        self._open_until: datetime | None = None
        self._probing = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run one question inside. Raises CannotCheck(BREAKER_OPEN) without running it while the breaker is open.

        Only CannotCheck counts as a failure: a refusal and the end of a session are answers. A cancelled question says
        nothing.
        """
        probe = self._admit()
        try:
            yield
        except CannotCheck as failure:
            self._failed(failure, probe)
            raise
        except (Refused, TooManyTries, SessionOver):
            self._answered(probe)
            raise
        else:
            self._answered(probe)
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._open_until is None:
            return False
        if self._probing or self._now() < self._open_until:
            raise CannotCheck(Reason.BREAKER_OPEN, retry_at=self._open_until)
        self._probing = True
        return True

    def _answered(self, probe: bool) -> None:
        # Only the probe closes: a question that began before the breaker opened says nothing about now.
        if probe:
            self._failures.clear()
            self._open_until = None

    def _failed(self, failure: CannotCheck, probe: bool) -> None:
        now = self._now()
        self._failures.append(now)
        if failure.retry_at is not None:
            self._open_until = min(failure.retry_at, now + LONGEST_REST)
        elif probe or (len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW):
            self._open_until = now + REST
