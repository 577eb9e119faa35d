"""Plays Rasa's REST channel on loopback, so that it can fail in every way a server can.

Only for fault injection: what Rasa understands is tested with the real one. It is strict about the caller: another
path, other fields, a slash at the beginning, or two questions of one conversation at once are complaints, and a
complaint fails the test.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

PATH: Final = "/webhooks/rest/webhook"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as Rasa gets it."""

    sender: str
    message: str


Act = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class RestChannel:
    """The server's address, what it was asked, and how it answers: `act`, or `acts` in turn while there are any."""

    url: str
    act: Act
    acts: list[Act] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    asking: set[str] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while question := await self._question(reader):
                await self._answer(question, writer)
                if writer.is_closing():
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, question: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(question)
        if question.sender in self.asking:
            self.complaints.append("two questions of one conversation at once")
        self.asking.add(question.sender)
        try:
            await (self.acts.pop(0) if self.acts else self.act)(question, writer)
        finally:
            self.asking.discard(question.sender)

    async def _question(self, reader: asyncio.StreamReader) -> Asked | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        except asyncio.IncompleteReadError:
            return None
        length = int(re.search(r"(?im)^content-length: (\d+)\r$", head)[1])  # type: ignore[index]
        body: Mapping[str, Any] = json.loads(await reader.readexactly(length))
        if not head.startswith(f"POST {PATH} HTTP/1.1\r\n"):
            self.complaints.append(f"asked at {head.splitlines()[0]}")
        if body.keys() != {"sender", "message"}:
            self.complaints.append(f"fields {sorted(body)}")
        if not body["message"] or body["message"].startswith("/") or re.search(r"\d{6}", body["message"]):
            self.complaints.append("a message that must not reach Rasa")
        return Asked(body["sender"], body["message"])


@asynccontextmanager
async def rest_channel(act: Act) -> AsyncIterator[RestChannel]:
    """A server that answers with `act`. Leaving the block ends it and raises AssertionError for complaints."""
    channel = RestChannel("", act)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.get_running_loop().create_task(channel.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    channel.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield channel
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert channel.complaints == []


def keys(*answer: str, **understood: float) -> Act:
    """Answers with these keys. `understood` is a ranking, by name with `_` for `-`; the first one is the intent."""
    ranking = [{"name": name.replace("_", "-"), "confidence": sure} for name, sure in understood.items()]
    custom: dict[str, Any] = {"keys": list(answer)}
    if ranking:
        first = ranking[0]
        custom["understanding"] = {"intent": first["name"], "confidence": first["confidence"], "ranking": ranking}
    return said(lambda question: [{"recipient_id": question.sender, "custom": custom}])


def said(answer: Callable[[Asked], object]) -> Act:
    """Answers 200 with this JSON."""

    async def act(question: Asked, writer: asyncio.StreamWriter) -> None:
        await _write(writer, 200, json.dumps(answer(question)).encode())

    return act


def body(content: bytes, *, status: int = 200, headers: str = "") -> Act:
    """Answers with exactly these bytes."""

    async def act(_: Asked, writer: asyncio.StreamWriter) -> None:
        await _write(writer, status, content, headers)

    return act


def slow(seconds: float, then: Act) -> Act:
    """Answers late."""

    async def act(question: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await then(question, writer)

    return act


def trickling(pause: float) -> Act:
    """Sends one byte now and then, so that no read ever waits long."""

    async def act(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(pause)

    return act


def cut(after: bytes) -> Act:
    """Breaks the connection when this much of an answer is sent."""

    async def act(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await writer.drain()
        writer.transport.abort()

    return act


async def _write(writer: asyncio.StreamWriter, status: int, content: bytes, headers: str = "") -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n{headers}\r\n"
    writer.write(head.encode() + content)
    await writer.drain()
