"""One emulated Telegram with one bot: everything that its parts share, and the signal that it changed."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

from tests.emulator.callbacks import CallbackDesk
from tests.emulator.chats import Directory
from tests.emulator.clock import Clock
from tests.emulator.faults import FaultDesk
from tests.emulator.limits import FloodLimits
from tests.emulator.records import Call
from tests.emulator.updates import UpdateQueue
from tests.emulator.webhook import Webhook


@dataclass
class Profile:
    """What the bot says about itself, by language code; `commands` by scope and language code."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)


class World:
    """Lives inside one event loop. `token` is the only one that is let in."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.bot: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Rehber",
            "username": "rehber_test_bot",
        }
        self.clock = Clock()
        self.chats = Directory()
        self.callbacks = CallbackDesk(self.clock)
        self.queue = UpdateQueue(self.clock, self.changed)
        self.webhook = Webhook(self.queue, self.clock)
        self.limits = FloodLimits(self.clock)
        self.faults = FaultDesk()
        self.profile = Profile()
        self.journal: list[Call] = []
        self.defects: list[str] = []
        self.revision = 0
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Say that something a test may wait for has happened."""
        self.revision += 1
        self._changed.set()

    async def change_after(self, revision: int, seconds: float) -> int:
        """Wait until `revision` is passed, or for `seconds`. Returns the revision of now."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.revision <= revision:
                    self._changed.clear()
                    await self._changed.wait()
        return self.revision
