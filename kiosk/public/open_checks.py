"""Identity checks that are open at this kiosk, in the memory of this process and nowhere else.

What a person typed, and what the case system answered, is dropped after 90 seconds without a touch, when the visit
ends, and when the process ends. A door that runs as several processes must send one visit always to the same one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from bot.caseapi.verification import Reply

IDLE_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class _Kept:
    reply: Reply
    timer: asyncio.TimerHandle


class OpenChecks:
    """The last reply of each visit's check, by the visit's token."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._kept: dict[str, _Kept] = {}
        self._answering: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def keep(self, token: str, reply: Reply) -> None:
        """Keep this reply and begin to count the idle time anew."""
        self.drop(token)
        timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._kept.pop, token, None)
        self._kept[token] = _Kept(reply, timer)

    async def go_on(self, token: str, seen: Reply, answer: Callable[[], Awaitable[Reply]]) -> None:
        """Keep what `answer` gives in the place of `seen`, the reply that the person answered.

        A second touch waits for the first and then does nothing: it would ask for another SMS, or hand in the same code
        again and be refused. What comes after the check was closed is for nobody: somebody else may stand there.
        """
        async with self._answering.setdefault(token, asyncio.Lock()):
            if not self._is_kept(token, seen):
                return
            reply = await answer()
            if self._is_kept(token, seen):
                self.keep(token, reply)

    def _is_kept(self, token: str, reply: Reply) -> bool:
        kept = self._kept.get(token)
        return kept is not None and kept.reply is reply

    def find(self, token: str) -> Reply | None:
        """The reply of an open check; looking at it counts as a touch."""
        kept = self._kept.get(token)
        if kept is None:
            return None
        self.keep(token, kept.reply)
        return kept.reply

    def drop_answer(self, token: str) -> None:
        """Forget an answer and its session; a question that is still open stays."""
        kept = self._kept.get(token)
        if kept is not None and kept.reply.form is None:
            self.drop(token)

    def drop(self, token: str) -> None:
        kept = self._kept.pop(token, None)
        if kept is not None:
            kept.timer.cancel()

    def __len__(self) -> int:
        return len(self._kept)
