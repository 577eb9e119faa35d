"""Makes the paper of topics on a thread, one at a time, and keeps what was made: the texts are the same for everybody.

Setting a page takes most of a second of a processor. Whoever asks for one that is being made waits for that one; when
too many wait, the next is refused instead of kept in a queue that grows.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from typing import Final, TypeVar

from PIL import Image

from bot.bootstrap import Service
from bot.errors import PrintingError
from bot.hub.topic_leaflet import leaflet, slip
from bot.i18n.formats import OFFICE_ZONE
from bot.printing.papers import leaflet_pdf, slip_dots

MOST_KEPT: Final = 600
"""Leaflets, of about 60 kB each: every topic in every language, so that each is made once a day, whoever asks."""
MOST_WAITING: Final = 8

Made = TypeVar("Made")
_Key = tuple[str, str, date]


class TooManyPapersError(PrintingError):
    """More papers are being asked for than can be made soon. Ask again in some seconds."""


class Leaflets:
    """One for a process and its event loop."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._being_made: dict[_Key, asyncio.Task[bytes]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def pdf(self, slug: str, language: str) -> bytes:
        """The leaflet of a topic as PDF, as of today. Raises UnknownTopicError, TooManyPapersError."""
        key = (slug, language, datetime.now(OFFICE_ZONE).date())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        task = self._being_made.get(key)
        if task is None:
            task = self._being_made[key] = asyncio.create_task(self._make(key))
            task.add_done_callback(lambda _: self._being_made.pop(key))
        # Whoever leaves while it is made must not stop it for the others.
        return await asyncio.shield(task)

    async def slip(self, slug: str, language: str) -> Image.Image:
        """The slip of a topic for the printer. Raises UnknownTopicError, TooManyPapersError."""
        width = self._service.settings.slip_dots
        return await self._in_turn(lambda: slip_dots(slip(self._service, slug, language), width))

    async def _make(self, key: _Key) -> bytes:
        slug, language, _ = key
        made = await self._in_turn(lambda: leaflet_pdf(leaflet(self._service, slug, language)))
        self._kept[key] = made
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return made

    async def _in_turn(self, make: Callable[[], Made]) -> Made:
        if self._waiting >= MOST_WAITING:
            raise TooManyPapersError("Too many papers are being made at once. Ask again in some seconds.")
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                return await asyncio.to_thread(make)
        finally:
            self._waiting -= 1
