"""The line between a kiosk's screen and its door, which a test can cut in the ways in which lines are cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n"
    b"<h1>bad gateway</h1>"
)
_LOG_IN_PAGE: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<h1>log in</h1>"
)


class Way(StrEnum):
    """What the line does. `HANGS` takes everything and answers nothing; `ONE_WAY` lets requests through only."""

    WORKS = "works"
    HANGS = "hangs"
    ONE_WAY = "one-way"
    PROXY_503 = "proxy-503"
    LOG_IN_PAGE = "log-in-page"


_ANSWERS: Final = {Way.PROXY_503: _REFUSAL, Way.LOG_IN_PAGE: _LOG_IN_PAGE}


@dataclass(slots=True)
class Line:
    """Leads to the door at `target` from `address`."""

    target: str
    address: str = ""
    way: Way = Way.WORKS
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def turn(self, way: Way) -> None:
        """From now on the line does this. What hung is dead when it works again, as after a power cut."""
        self.way = way
        self._changed.set()
        self._changed = asyncio.Event()

    def lead_to(self, target: str) -> None:
        """To another door, as after an update: connections to the old one end."""
        self.target = target
        self.turn(self.way)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if self.way in _ANSWERS:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_ANSWERS[self.way])
                await writer.drain()
            else:
                await self._lead(reader, writer)
        writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = urlsplit(self.target)
        door_reader, door_writer = await asyncio.open_connection(place.hostname, place.port)
        tasks = [
            asyncio.create_task(self._pump(reader, door_writer, (Way.WORKS, Way.ONE_WAY))),
            asyncio.create_task(self._pump(door_reader, writer, (Way.WORKS,))),
            asyncio.create_task(self._until_dead(self.target)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            door_writer.close()

    async def _until_dead(self, target: str) -> None:
        """Until the line leads elsewhere, answers by itself, or works again after it did not."""
        while self.way is Way.WORKS and self.target == target:
            await self._changed.wait()
        while self.way in (Way.HANGS, Way.ONE_WAY):
            await self._changed.wait()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, open_when: tuple[Way, ...]) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                while self.way not in open_when:
                    await self._changed.wait()
                sink.write(data)
                await sink.drain()


@asynccontextmanager
async def line_to(door: str) -> AsyncIterator[Line]:
    """A working line to the door."""
    line = Line(door)
    server = await asyncio.start_server(line.connected, "127.0.0.1", 0)
    line.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        line.turn(Way.WORKS)
        server.close()
