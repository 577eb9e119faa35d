"""Wakes the open event streams when something was said in their conversation: one database line for all of them.

Owns who is listening. What was said is read by the stream itself, from the outbox, so a lost ring costs a moment and
never a message.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.bootstrap import Service
from bot.cases.model import BELL as CASES
from bot.post import outbox
from bot.post.transcript import newest
from bot.storage.database import Bell
from kiosk.public.visit import CHANNEL

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `seen` is the id of the last thing that was written to it.

    `waits`: its person waits for a person of the office, so every change of the queue may concern it.
    """

    conversation_id: UUID
    seen: int
    waits: bool = False
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring. False when none came within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return False
        self.rung.clear()
        return True


class Streams:
    """The listeners of this process and the task that wakes them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._listeners: defaultdict[UUID, set[Listener]] = defaultdict(set)

    @contextmanager
    def listen(self, conversation_id: UUID, seen: int) -> Iterator[Listener]:
        """A listener that misses nothing that is committed after this line."""
        listener = Listener(conversation_id, seen)
        self._listeners[conversation_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    async def run(self) -> None:
        """Wake listeners until cancelled. Whatever fails is tried again; meanwhile streams look by themselves."""
        while True:
            try:
                await self._hear()
            except Exception:
                log.exception("streams.failed")
                await asyncio.sleep(1)

    async def _hear(self) -> None:
        async for bell, about in Bell(self._service.settings.database_url, outbox.bell(CHANNEL), CASES).rings():
            if bell == CASES:
                self._wake_waiting()
            elif about:
                self._wake(UUID(about))
            else:
                await self._look_again()

    def _wake(self, conversation_id: UUID) -> None:
        for listener in self._listeners.get(conversation_id, ()):
            listener.rung.set()

    def _wake_waiting(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                if listener.waits:
                    listener.rung.set()

    async def _look_again(self) -> None:
        """After silence: wake those whose ring was lost, and those whose conversation was erased."""
        if not self._listeners:
            return
        try:
            async with self._service.engine.connect() as db:
                last = await newest(db, self._listeners)
        except (DBAPIError, PoolTimeoutError) as error:
            log.warning("streams.database_failed", kind=type(error).__name__)
            return
        for conversation_id, listeners in self._listeners.items():
            for listener in listeners:
                if last.get(conversation_id) != listener.seen:
                    listener.rung.set()
