"""A thermal printer on a socket, as far as it can be told from its wire: it answers for its paper and keeps the dots.

Its decoder is made from Epson's description of the commands and shares nothing with the library that writes them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from PIL import Image

STATUS_OF_THE_ROLL = b"\x10\x04\x04"
PAPER_THERE, PAPER_OUT = b"\x12", b"\x72"


class Mood(Enum):
    WELL = auto()
    WITHOUT_A_WORD = auto()  # prints, and never tells how it is
    OUT_OF_PAPER = auto()
    HANGING = auto()  # takes the connection and then nothing


@dataclass
class Printer:
    """`jobs` has the bytes of each connection that has ended, without questions for the status."""

    mood: Mood = Mood.WELL
    port: int = 0
    jobs: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        job = b""
        if self.mood is Mood.HANGING:
            await self.hangs.wait()
        else:
            while data := await reader.read(65536):
                job += data
                if job.startswith(STATUS_OF_THE_ROLL) and self.mood is not Mood.WITHOUT_A_WORD:
                    writer.write(PAPER_OUT if self.mood is Mood.OUT_OF_PAPER else PAPER_THERE)
                job = job.removeprefix(STATUS_OF_THE_ROLL)
            self.jobs.put_nowait(job)
        writer.close()

    async def job(self) -> bytes:
        """The next one."""
        return await asyncio.wait_for(self.jobs.get(), 10)


@asynccontextmanager
async def paper_roll(mood: Mood = Mood.WELL) -> AsyncIterator[Printer]:
    """A printer for as long as the block lasts, at `tcp://127.0.0.1:<port>`."""
    printer = Printer(mood)
    # A small buffer, as printers have: what is not read is soon felt by the sender.
    server = await asyncio.start_server(printer.serve, "127.0.0.1", 0, limit=4096)
    printer.port = server.sockets[0].getsockname()[1]
    try:
        yield printer
    finally:
        printer.hangs.set()
        server.close()
        await server.wait_closed()


def printed(job: bytes) -> Image.Image:
    """The dots of a job that begins anew (ESC @), prints raster images (GS v 0) and cuts (GS V)."""
    assert job.startswith(b"\x1b@")
    rest, strips = job[2:], []
    while rest.startswith(b"\x1dv0\x00"):
        row_bytes, rows = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
        size = row_bytes * rows
        # In the raster a set bit is a black dot; in Pillow's "1" it is a white one.
        ink = bytes(byte ^ 0xFF for byte in rest[8 : 8 + size])
        strips.append(Image.frombytes("1", (row_bytes * 8, rows), ink))
        rest = rest[8 + size :]
    assert rest.startswith(b"\x1bd"), "the paper is pushed out"
    assert b"\x1dV" in rest, "the paper is cut"
    whole = Image.new("1", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole
