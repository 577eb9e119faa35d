"""Signs of life between a message and its answer: the button's spinner ends, "typing …" appears.

Nothing depends on them: they run beside the intake, once what they speak of is committed, and their failures are
nobody's business.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.updates import Arrival
from bot.model import Kind

log = structlog.get_logger()

AT_ONCE: Final = 16
"""Calls at the same time; the answers themselves need connections too."""


class Courtesy:
    """Starts signs and forgets them. `close` ends those that still run."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    def show(self, arrivals: Iterable[Arrival]) -> None:
        """Answer for what has just been committed."""
        for arrival in arrivals:
            if arrival.callback_query_id:
                self._start(self._bot.answer_callback_query(arrival.callback_query_id))
            if arrival.message is not None and arrival.message.kind is Kind.TEXT:
                self._start(self._bot.send_chat_action(arrival.message.address, ChatAction.TYPING))

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, call: Coroutine[Any, Any, bool]) -> None:
        task = asyncio.create_task(self._quietly(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _quietly(self, call: Coroutine[Any, Any, bool]) -> None:
        try:
            async with self._slots:
                await call
        except TelegramError as error:
            log.info("telegram.courtesy_failed", reason=type(error).__name__)
        finally:
            # A task that ends while it waits for its slot leaves the call unasked.
            call.close()
