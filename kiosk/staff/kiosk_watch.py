"""Notices a kiosk that falls silent, or is heard again, and has every open console look anew.

Nothing is written when a kiosk dies, so no bell rings: a look at the clock every few seconds is the only way. One look
a process, however many consoles are open; the table has a row for each kiosk of the office.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.kiosks import all_kiosks
from kiosk.staff.news import ANY_CASE, CaseNews

LOOK_EVERY_SECONDS: Final = 4.0


@asynccontextmanager
async def kiosks_watched(engine: AsyncEngine, news: CaseNews) -> AsyncIterator[None]:
    """Watch while the block runs."""
    watching = asyncio.create_task(_watch(engine, news))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(engine: AsyncEngine, news: CaseNews) -> None:
    known: dict[UUID, str] | None = None
    while True:
        # Without the database nothing is known of any kiosk, and the consoles say so themselves.
        with suppress(DBAPIError, PoolTimeoutError):
            async with engine.connect() as db:
                signs = {one.id: one.sign.value for one in await all_kiosks(db)}
            if known is not None and signs != known:
                news.tell(ANY_CASE)
            known = signs
        await asyncio.sleep(LOOK_EVERY_SECONDS)
