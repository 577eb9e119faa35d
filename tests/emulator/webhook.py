"""Delivery of updates by POST, for a bot that has set a webhook.

Updates of one chat are delivered one after the other, different chats at the same time, up to
`max_connections`. Anything but a 2xx answer is tried again with growing pauses, as long as the update is
kept. Plain HTTP and any port are allowed, as a local Bot API server allows them.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from tests.emulator.clock import Clock
from tests.emulator.updates import Entry, UpdateQueue

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_ANSWER_SECONDS: Final = 30.0
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0


@dataclass
class Target:
    """Where updates go. `secret` is sent in a header with each."""

    url: str
    secret: str | None
    max_connections: int
    ip_address: str | None


class Webhook:
    """Empties the queue into the bot's address while one is set."""

    def __init__(self, queue: UpdateQueue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock
        self._lanes: dict[int | None, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None
        self.target: Target | None = None
        queue.on_arrival = self.wake

    async def set(self, target: Target | None) -> None:
        """Deliver to `target` from now on; None ends delivery."""
        await self._stop_lanes()
        self.target = target
        self._last_error = None
        if target is not None:
            self._slots = asyncio.Semaphore(target.max_connections)
            self.wake()

    def info(self) -> dict[str, Any]:
        """The `WebhookInfo` object."""
        answer: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue.pending()),
        }
        if self.target is not None:
            answer["max_connections"] = self.target.max_connections
            if self.target.ip_address:
                answer["ip_address"] = self.target.ip_address
            if self._last_error is not None:
                answer["last_error_date"], answer["last_error_message"] = self._last_error
        if self._queue.allowed is not None:
            answer["allowed_updates"] = sorted(self._queue.allowed)
        return answer

    def wake(self) -> None:
        """Give every chat with waiting updates a lane of its own."""
        if self.target is None:
            return
        for chat_id in {entry.chat_id for entry in self._queue.pending()}:
            if chat_id not in self._lanes:
                self._lanes[chat_id] = asyncio.create_task(self._empty(chat_id, self.target))

    async def close(self) -> None:
        """Stop delivery and let go of the connections."""
        await self._stop_lanes()
        if self._session is not None:
            await self._session.close()

    async def _empty(self, chat_id: int | None, target: Target) -> None:
        pause = _FIRST_PAUSE
        while entry := next((one for one in self._queue.pending() if one.chat_id == chat_id), None):
            async with self._slots:
                error = await self._deliver(entry, target)
            if error is None:
                entry.settle("confirmed")
                self._queue.changed()
                pause = _FIRST_PAUSE
            else:
                self._last_error = (self._clock.date(), error)
                self._queue.changed()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        self._lanes.pop(chat_id, None)

    async def _deliver(self, entry: Entry, target: Target) -> str | None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS))
        headers = {SECRET_HEADER: target.secret} if target.secret else {}
        entry.handed.append(time.monotonic())
        try:
            async with self._session.post(target.url, json=entry.body, headers=headers) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError as error:
            return "Connection refused" if isinstance(error, aiohttp.ClientConnectorError) else "Connection lost"

    async def _stop_lanes(self) -> None:
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
