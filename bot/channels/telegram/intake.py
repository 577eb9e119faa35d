"""Updates into the database: what Telegram hands over, by whichever way, in the caller's transaction.

Owns that one update is taken once and that a broken one never holds up those behind it. The caller commits, and only
then confirms to Telegram.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.exc import DataError
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update

from bot.bootstrap import Service
from bot.channels.telegram.api import CHANNEL
from bot.channels.telegram.updates import Arrival, UnreadableUpdateError, read
from bot.hub.render import renderer
from bot.post import conversations, inbox, outbox

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """Stores the updates of one bot."""

    service: Service
    bot_id: int

    async def store(self, db: AsyncConnection, raw_updates: Iterable[Any]) -> list[Arrival]:
        """Store updates in their order. Returns the readable ones; `message` is None where it was known already."""
        arrivals = []
        broken = 0
        for raw in raw_updates:
            try:
                arrival = read(raw, self.bot_id)
                async with db.begin_nested():
                    arrivals.append(await self._store(db, arrival))
            except (UnreadableUpdateError, DataError, ValueError) as error:
                broken += 1
                log.error("telegram.update_unreadable", reason=type(error).__name__, kind=_kind(raw))
        new = sum(arrival.message is not None for arrival in arrivals)
        log.info("telegram.received", updates=len(arrivals), new=new, broken=broken)
        return arrivals

    async def _store(self, db: AsyncConnection, arrival: Arrival) -> Arrival:
        if arrival.standing:
            log.info("telegram.standing_changed", standing=arrival.standing)
        if arrival.refused_chat:
            await self._refuse_once(db, arrival)
        if arrival.message is None:
            return arrival
        (receipt,) = await inbox.receive(db, self.service.seal, [arrival.message])
        return arrival if receipt.inbox_id is not None else replace(arrival, message=None)

    async def _refuse_once(self, db: AsyncConnection, arrival: Arrival) -> None:
        """One sentence in a group. That its conversation exists is the memory of having said it."""
        seal = self.service.seal
        if await conversations.find(db, seal, CHANNEL, arrival.refused_chat) is not None:
            return
        conversation_id = await conversations.find_or_open(db, seal, CHANNEL, arrival.refused_chat)
        hint = arrival.language_hint or ""
        offered = self.service.registry.is_offered(hint)
        words = renderer(self.service, CHANNEL, hint if offered else self.service.settings.default_language)
        await outbox.put(db, seal, conversation_id, CHANNEL, [words.say("groups-refused")])


def _kind(raw: Any) -> str:
    """Which kind of update this claims to be; nothing of what is in it."""
    return next((kind for kind in Update.ALL_TYPES if isinstance(raw, dict) and kind in raw), "unknown")
