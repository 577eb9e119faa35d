"""Makes the time of an answer say nothing: whether the office was asked, and what it found.

A number that is locked is not looked up, so its answer would come sooner. Therefore it waits as long as one of the last
real questions took, and every answer is given on the next beat after the input: what is left of a difference would have
to push an answer over a beat.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import Final

from bot.caseapi.client import DEADLINE

TICK: Final = 0.5
"""Seconds between two beats: more than an office's system usually needs, less than a person minds."""

REMEMBERED: Final = 64
_FIRST: Final = 0.1
"""Seconds that a question is said to have taken before there was one, and not any more afterwards."""


class Question(Enum):
    """Questions to the case system whose absence must not be noticed."""

    SEND_CODE = auto()
    CONFIRM_CODE = auto()


class Pace:
    """One for a process, because latencies are those of its own line. Times are seconds of the monotonic clock.

    `tick` 0 gives every answer at once.
    """

    def __init__(
        self,
        tick: float = TICK,
        *,
        longest: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._tick = tick
        self._longest = longest
        self._clock = clock
        self._sleep = sleep
        self._taken = {question: deque[float](maxlen=REMEMBERED) for question in Question}

    @asynccontextmanager
    async def on_the_beat(self) -> AsyncIterator[None]:
        """What is done inside ends at a whole number of ticks after its start; at the deadline when that is sooner."""
        began = self._clock()
        yield
        if self._tick:
            took = self._clock() - began
            beat = (took // self._tick + 1) * self._tick
            await self._sleep(max(0.0, min(beat, self._longest) - took))

    def started(self) -> float:
        """A real question begins: for `remember`, when its answer is one that a locked number must look like."""
        return self._clock()

    def remember(self, question: Question, started: float) -> None:
        self._taken[question].append(self._clock() - started)

    async def pretended(self, question: Question) -> None:
        """Wait as long as one of the last real questions took."""
        await self._sleep(secrets.choice(self._taken[question] or (_FIRST,)))
