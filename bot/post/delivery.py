"""Delivery: takes parcels from the outbox and gives them to a channel, and says honestly how that ended.

Owns the rules for doubt (see docs/architecture.md): what was surely not delivered is sent again, what may have been
delivered is not, except an interpreter's words, which carry a reference. The channel itself is handed in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import ChannelError
from bot.model import Purpose, Utterance
from bot.post import outbox, reminders
from bot.post.outbox import Parcel
from bot.storage.database import Bell
from bot.storage.sealing import Seal

log = structlog.get_logger()

RESEND_AFTER_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 60.0
MOST_ATTEMPTS = 360
"""About six hours of a channel that is down: an answer that old is asked for again anyway."""


class NotSent(ChannelError):  # noqa: N818 - the name says what is known, and that is the point
    """Surely not delivered (refused connection, 429, 5xx): send again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class InDoubt(ChannelError):  # noqa: N818
    """The channel was asked and did not answer: delivered or not, nobody knows."""


class Blocked(ChannelError):  # noqa: N818
    """The person does not want messages any more, or the address is gone. Nothing more is tried."""


class Rejected(ChannelError):  # noqa: N818
    """The channel will never take this message. Staff see it; it is a defect of ours."""


class Channel(Protocol):
    """A way to reach a person that sends (Telegram). Channels that are read (the kiosk) need none of this."""

    name: str

    def pause(self, address: str) -> float:
        """Seconds to wait before the next message to this address is polite; 0 when it may go now."""
        ...

    async def send(self, address: str, utterance: Utterance) -> str:
        """Deliver one utterance and return the channel's own id of it.

        Raises NotSent, InDoubt, Blocked or Rejected.
        """
        ...


OnDoubt = Callable[[AsyncConnection, UUID], Awaitable[None]]
"""Called in the settling transaction: tells the person that something may be missing, with a way to see it again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers one channel's outbox with `senders` tasks. Any number of processes may do this at once."""

    engine: AsyncEngine
    seal: Seal
    database_url: str
    channel: Channel
    on_doubt: OnDoubt
    senders: int = 8

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until `stopping` is set. What is being sent then is settled first: a restart leaves no doubt."""
        wake = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen(wake))
            senders = [tasks.create_task(self._keep_sending(wake, stopping)) for _ in range(self.senders)]
            await stopping.wait()
            # The listener wakes those who wait for work; it ends last.
            wake.set()
            await asyncio.wait(senders)
            listening.cancel()

    async def _listen(self, wake: asyncio.Event) -> None:
        async for _ in Bell(self.database_url, outbox.bell(self.channel.name)).rings():
            await self._settle_abandoned()
            wake.set()

    async def _keep_sending(self, wake: asyncio.Event, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            if not await self.send_one():
                await wake.wait()
                wake.clear()

    async def send_one(self) -> bool:
        """Send the oldest message that may go. False when there is none."""
        async with self.engine.begin() as db:
            parcel = await outbox.claim(db, self.seal, self.channel.name)
            if parcel is None:
                return False
            pause = self.channel.pause(parcel.address)
            if pause > 0:
                await outbox.requeue(db, parcel.outbox_id, pause)
                return True
            await outbox.start(db, parcel.outbox_id)
        async with self.engine.begin() as db:
            if await outbox.hold(db, parcel.outbox_id):
                await self._send(db, parcel)
        return True

    async def _send(self, db: AsyncConnection, parcel: Parcel) -> None:
        try:
            reference = await self.channel.send(parcel.address, parcel.utterance)
        except NotSent as error:
            if parcel.attempts + 1 >= MOST_ATTEMPTS:
                log.error("outbox.gave_up", outbox_id=parcel.outbox_id, attempts=parcel.attempts)
                await outbox.settle(db, parcel.outbox_id, "failed")
                return
            wait = (
                error.retry_after
                if error.retry_after is not None
                else min(2.0 ** min(parcel.attempts, 6), LONGEST_PAUSE_SECONDS)
            )
            log.warning("outbox.later", outbox_id=parcel.outbox_id, seconds=wait)
            await outbox.requeue(db, parcel.outbox_id, wait)
        except InDoubt:
            await self._doubt(db, parcel, sends=parcel.attempts + 1)
        except Blocked:
            log.info("outbox.blocked", outbox_id=parcel.outbox_id)
            await outbox.settle(db, parcel.outbox_id, "blocked")
            # Who wants no messages wants no reminders either, and may never come back to say so.
            await reminders.stop(db, parcel.conversation_id)
        except Rejected as error:
            log.error("outbox.rejected", outbox_id=parcel.outbox_id, reason=type(error).__name__)
            await outbox.settle(db, parcel.outbox_id, "failed")
        else:
            await outbox.settle(db, parcel.outbox_id, "sent", reference)

    async def _doubt(self, db: AsyncConnection, parcel: Parcel, sends: int) -> None:
        log.warning("outbox.in_doubt", outbox_id=parcel.outbox_id, purpose=parcel.utterance.purpose.value)
        if outbox.may_be_sent_twice(parcel.utterance.purpose) and sends < 2:
            await outbox.requeue(db, parcel.outbox_id, RESEND_AFTER_SECONDS)
            return
        await outbox.settle(db, parcel.outbox_id, "uncertain")
        # A lost notice is told by nobody: its own notice could be lost as well, and so on.
        if parcel.utterance.purpose is not Purpose.NOTICE:
            await self.on_doubt(db, parcel.conversation_id)

    async def _settle_abandoned(self) -> None:
        while True:
            async with self.engine.begin() as db:
                parcel = await outbox.abandoned(db, self.seal, self.channel.name)
                if parcel is None:
                    return
                await self._doubt(db, parcel, sends=parcel.attempts)
