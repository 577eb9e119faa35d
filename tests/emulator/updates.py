"""The bot's queue of updates: numbered, kept for a day, handed over until they are confirmed.

The rules for `offset` are those of the Bot API server's own queue (tdlib `TQueue::get` and its caller):
an offset that lies more than 10 beyond the newest id is not believed, nothing is confirmed and the queue
is read from its head. So a poller that holds on to an old, high offset after Telegram has restarted the
numbering gets the same updates again and again.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.emulator import judge
from tests.emulator.clock import Clock
from tests.emulator.records import UpdateRecord
from tests.emulator.refusals import conflict

Json = dict[str, Any]

KEPT_SECONDS: Final = 24 * 3600
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_BELIEVED_AHEAD: Final = 10
_PERSONAL: Final = ("message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member")


@dataclass
class Entry:
    """One place in the queue. `again` marks a repetition: it is handed over even below the offset."""

    update_id: int
    body: Json
    born: float
    created: float
    state: Literal["held", "pending", "confirmed", "dropped", "expired"] = "pending"
    handed: list[float] = field(default_factory=list)
    confirmed: float | None = None
    again: bool = False

    @property
    def kind(self) -> str:
        """Which optional field of the update is set."""
        return next((name for name in self.body if name != "update_id"), "nothing")

    @property
    def chat_id(self) -> int | None:
        """Whose order this update belongs to."""
        content = self.body.get(self.kind)
        if not isinstance(content, dict):
            return None
        holder = content if self.kind in _PERSONAL else content.get("message")
        chat = holder.get("chat") if isinstance(holder, dict) else None
        return chat.get("id") if isinstance(chat, dict) else None

    def settle(self, state: Literal["confirmed", "dropped", "expired"]) -> None:
        """Leave the queue for good."""
        self.state = state
        if state == "confirmed":
            self.confirmed = time.monotonic()

    def record(self) -> UpdateRecord:
        """What a test may know of it."""
        return UpdateRecord(
            update_id=self.update_id,
            kind=self.kind,
            chat_id=self.chat_id,
            body=self.body,
            created=self.created,
            handed=tuple(self.handed),
            confirmed=self.confirmed,
            state=self.state,
        )


class UpdateQueue:
    """Updates in the order in which Telegram offers them, which a test may disturb."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self.changed = changed
        self._entries: list[Entry] = []
        self._waiting: list[Entry] = []
        self._next_id = random.randint(10_000_000, 900_000_000)
        self._holding = False
        self._arrival = asyncio.Event()
        self._poller: asyncio.Future[bool] | None = None
        self.allowed: frozenset[str] | None = None
        self.on_arrival: Callable[[], None] = lambda: None

    def add(self, content: Json, *, checked: bool = True) -> int:
        """Number an update and offer it. Returns its id, also when the bot did not ask for this kind.

        `checked` is False for updates that a test breaks on purpose.
        """
        update_id = self._next_id
        self._next_id += 1
        body = {"update_id": update_id, **content}
        if checked:
            judge.check_update(body)
        if self._wanted(content):
            self._enqueue(Entry(update_id, body, born=self._clock.now(), created=time.monotonic()))
        return update_id

    def repeat(self, update_id: int, times: int, body: Json | None = None) -> None:
        """Offer an update again, even after it was confirmed; with `body`, changed under the same id."""
        original = next(entry for entry in self._entries if entry.update_id == update_id)
        content = original.body if body is None else {"update_id": update_id, **body}
        for _ in range(times):
            self._enqueue(Entry(update_id, content, born=self._clock.now(), created=time.monotonic(), again=True))

    def restart_ids(self, first: int) -> None:
        """Number from `first` on, as Telegram does after a week without updates. Needs an empty queue."""
        if self.pending():
            raise ValueError("numbering restarts only when nothing is pending")
        self._next_id = first

    def hold(self) -> None:
        """Keep new updates back until `release`."""
        self._holding = True

    def release(self, *, backwards: bool) -> list[int]:
        """Offer the updates held back, the last first if `backwards`. Returns their ids in that order."""
        held = [entry for entry in self._entries if entry.state == "held"]
        if backwards:
            held.reverse()
        self._holding = False
        for entry in held:
            entry.state = "pending"
            self._offer(entry)
        return [entry.update_id for entry in held]

    def pending(self) -> list[Entry]:
        """What waits for the bot now, in the order of delivery."""
        oldest = self._clock.now() - KEPT_SECONDS
        for entry in self._waiting:
            if entry.state == "pending" and entry.born < oldest:
                entry.settle("expired")
        self._waiting = [entry for entry in self._waiting if entry.state == "pending"]
        return list(self._waiting)

    def drop_pending(self) -> None:
        """Forget everything that waits."""
        for entry in self.pending():
            entry.settle("dropped")

    def records(self) -> list[UpdateRecord]:
        """Everything that was ever offered or held back."""
        self.pending()
        return [entry.record() for entry in self._entries]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """One `getUpdates`. A newer poll, or `interrupt`, ends this one with 409."""
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poller = mine
        try:
            self._confirm(offset)
            deadline = time.monotonic() + seconds
            while not (batch := self.pending()[:limit]):
                left = deadline - time.monotonic()
                if left <= 0:
                    return []
                self._arrival.clear()
                arrival = asyncio.ensure_future(self._arrival.wait())
                await asyncio.wait((arrival, mine), timeout=left, return_when=asyncio.FIRST_COMPLETED)
                arrival.cancel()
                if mine.done():
                    mine.result()
            for entry in batch:
                entry.handed.append(time.monotonic())
            return [entry.body for entry in batch]
        finally:
            if self._poller is mine:
                self._poller = None
            if not mine.done():
                mine.cancel()

    def interrupt(self, reason: str) -> None:
        """End the running long poll, if any, with 409 and this reason."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(reason))
            self._poller = None

    def _confirm(self, offset: int) -> None:
        waiting = self.pending()
        if offset < 0:
            for entry in waiting[:offset]:
                entry.settle("confirmed")
        elif offset <= self._next_id + _BELIEVED_AHEAD:
            for entry in waiting:
                if entry.update_id < offset and (entry.handed or not entry.again):
                    entry.settle("confirmed")

    def _wanted(self, content: Json) -> bool:
        kind = next(iter(content), "")
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def _enqueue(self, entry: Entry) -> None:
        self._entries.append(entry)
        if self._holding:
            entry.state = "held"
        else:
            self._offer(entry)

    def _offer(self, entry: Entry) -> None:
        self._waiting.append(entry)
        self._arrival.set()
        self.on_arrival()
