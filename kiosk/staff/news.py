"""Tells open consoles that a case has changed: one connection a process hears the bell, every stream gets the ids.

A notification can be lost when the line to the database is cut; therefore every silence is checked against the newest
entry in the table, and what was missed is announced as "something has changed".
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cases.model import BELL
from bot.storage.database import Bell
from bot.storage.tables import case_entries

ANY_CASE: Final = ""
"""Stands for a case's id when it is not known which one has changed."""


class Reader:
    """One stream's share of the news. Ids that come again before they were read are read once."""

    def __init__(self) -> None:
        self._changed: dict[str, None] = {}
        self._some = asyncio.Event()

    def tell(self, case_id: str) -> None:
        self._changed[case_id] = None
        self._some.set()

    async def next(self, seconds: float) -> list[str]:
        """The ids that changed since the last call; waits for one at most `seconds`, then the list is empty."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._some.wait()
        changed = list(self._changed)
        self._changed.clear()
        self._some.clear()
        return changed


class CaseNews:
    """Hears the bell of the cases and tells every reader."""

    def __init__(self, engine: AsyncEngine, database_url: str) -> None:
        self._engine = engine
        self._url = database_url
        self._readers: set[Reader] = set()

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        listening = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """A reader that hears everything from now on."""
        reader = Reader()
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    def tell(self, case_id: str) -> None:
        """Tell every reader; `ANY_CASE` has each page look anew."""
        for reader in self._readers:
            reader.tell(case_id)

    async def _listen(self) -> None:
        newest = 0
        async for _, case_id in Bell(self._url, BELL).rings():
            try:
                latest = await self._newest_entry()
            except (DBAPIError, PoolTimeoutError):
                continue
            if case_id or latest != newest:
                self.tell(case_id or ANY_CASE)
            newest = latest

    async def _newest_entry(self) -> int:
        async with self._engine.connect() as db:
            return int(await db.scalar(select(func.max(case_entries.c.id))) or 0)
