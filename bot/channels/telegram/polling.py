"""Long polls: getUpdates in a loop whose memory is the database.

A batch and the offset that confirms it are one transaction; the offset reaches Telegram with the next poll, so nothing
is confirmed that is not stored. Telegram numbers updates anew after a week of silence
(https://core.telegram.org/bots/api#update), so an id below an older one is not old: what was taken is known by its key.

One process polls: the one whose connection holds a lock. The batch is stored on that same connection, so a process that
has lost the lock cannot store either.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.outcome import seconds_of
from bot.channels.telegram.updates import WANTED
from bot.storage.tables import cursors

log = structlog.get_logger()

POLL_SECONDS: Final = 30
LEADER_LOCK: Final = 3
"""The space of the advisory lock, beside those of `bot.post.inbox`."""
LEADER_RETRY_SECONDS: Final = 2.0
OFFSET_GOOD_FOR: Final = timedelta(days=6)
LONGEST_PAUSE_SECONDS: Final = 30.0
_BATCH: Final = 100
# Method names are case-insensitive. Spelled like this, the client leaves the updates as they came, and one that it
# cannot parse does not cost the others.
_METHOD: Final = "GetUpdates"


class Poller:
    """Takes updates in for one bot. Run one in every process: one of them leads, the others wait."""

    def __init__(
        self, engine: AsyncEngine, bot: Bot, intake: Intake, courtesy: Courtesy, *, poll_seconds: int = POLL_SECONDS
    ) -> None:
        self._engine = engine
        self._bot = bot
        self._intake = intake
        self._courtesy = courtesy
        self._poll_seconds = poll_seconds
        self._name = f"telegram:{intake.bot_id}"

    async def run(self) -> None:
        """Poll until cancelled. Raises what the database raises; Telegram's troubles are waited for."""
        async with leadership(self._engine, self._name) as line:
            log.info("telegram.polling", bot=self._intake.bot_id)
            troubles = 0
            webhook_gone = False
            while True:
                try:
                    webhook_gone = webhook_gone or await self._bot.delete_webhook()
                    await self.poll_once(line)
                    troubles = 0
                except RetryAfter as error:
                    await asyncio.sleep(seconds_of(error))
                except TelegramError as error:
                    event = "telegram.somebody_else_polls" if isinstance(error, Conflict) else "telegram.poll_failed"
                    log.warning(event, reason=type(error).__name__, troubles=troubles)
                    await asyncio.sleep(_pause(troubles))
                    troubles += 1

    async def poll_once(self, line: AsyncConnection) -> int:
        """One getUpdates and what came of it. Returns the number of updates. Raises TelegramError."""
        async with line.begin():
            offset = await self._offset(line)
        batch: Any = await self._bot.do_api_request(
            _METHOD,
            api_kwargs={"offset": offset, "limit": _BATCH, "timeout": self._poll_seconds, "allowed_updates": WANTED},
            read_timeout=self._poll_seconds + 10,
        )
        if not batch:
            return 0
        async with line.begin():
            arrivals = await self._intake.store(line, batch)
            await self._advance(line, _last_number(batch) + 1)
        self._courtesy.show(arrivals)
        return len(batch)

    async def _offset(self, db: AsyncConnection) -> int | None:
        """Where to go on, or None (from the head of the queue) when that is so old that numbers may have changed."""
        return await db.scalar(
            select(cursors.c.value).where(cursors.c.name == self._name, cursors.c.at > func.now() - OFFSET_GOOD_FOR)
        )

    async def _advance(self, db: AsyncConnection, offset: int) -> None:
        fresh = {"value": offset, "at": func.now()}
        await db.execute(
            insert(cursors).values(name=self._name, **fresh).on_conflict_do_update(index_elements=["name"], set_=fresh)
        )


@asynccontextmanager
async def leadership(engine: AsyncEngine, name: str) -> AsyncIterator[AsyncConnection]:
    """Wait to be the only leader of that name; gives the connection that makes it so, free of a transaction."""
    async with engine.connect() as line:
        try:
            # To wait inside the database would hold a snapshot open, and nothing could be vacuumed.
            while not await _try_to_lead(line, name):  # noqa: ASYNC110 - other processes have no event to set
                await asyncio.sleep(LEADER_RETRY_SECONDS)
            yield line
        finally:
            # The lock belongs to the session: the connection must end, not go back to the pool.
            await line.invalidate()


async def _try_to_lead(line: AsyncConnection, name: str) -> bool:
    async with line.begin():
        return bool(await line.scalar(select(func.pg_try_advisory_lock(LEADER_LOCK, func.hashtext(name)))))


def _last_number(batch: list[Any]) -> int:
    numbers: list[int] = [
        raw["update_id"] for raw in batch if isinstance(raw, dict) and type(raw.get("update_id")) is int
    ]
    if not numbers:
        raise TelegramError("a batch of updates without a number")
    return max(numbers)


def _pause(troubles: int) -> float:
    # Two services with one token end each other's polls: chance keeps them from doing it in step.
    return min(2.0**troubles, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311
