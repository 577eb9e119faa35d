"""Translations with a deadline, in threads of their own: nobody waits long for one, and nothing else waits at all."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from bot.translation.model import Engine, TooSlow

AT_ONCE: Final = 1
"""Texts in work. A model uses two threads itself."""
MOST_WAITING: Final = 20


@dataclass(slots=True)
class Translator:
    """Asks `engine`. `deadline` in seconds covers waiting for others and the model's own time."""

    engine: Engine
    deadline: float
    _waiting: int = 0
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="translation")
    )

    def leads(self, source: str, target: str) -> bool:
        """Whether there is a way between the two languages."""
        return self.engine.leads(source, target)

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text in the other language. Raises TranslationError: NoWay, NotTranslatable, or TooSlow.

        A thread cannot be stopped: it finishes a text that was too slow, and the result is thrown away.
        """
        if self._waiting >= MOST_WAITING:
            raise TooSlow(f"{MOST_WAITING} texts wait already.")
        work = self._threads.submit(self.engine.translate, text, source, target)
        self._waiting += 1
        work.add_done_callback(lambda _: self._done())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(work), self.deadline)
        except TimeoutError:
            work.cancel()
            raise TooSlow(f"No translation within {self.deadline:g} seconds.") from None

    def _done(self) -> None:
        self._waiting -= 1

    def close(self) -> None:
        """Take nothing more. What is in work ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
