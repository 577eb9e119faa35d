"""A kiosk on a fresh database, and somebody who answers in the place of the worker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page
from sqlalchemy import select

from bot.bootstrap import Service
from bot.caseapi.sandbox.app import create_app
from bot.hub.render import renderer
from bot.hub.topic_page import topic_page
from bot.model import Block, BlockKind, Utterance
from bot.post import inbox, outbox
from bot.printing.codes import code as draw
from bot.settings import Settings
from bot.storage import tables
from kiosk.app import create_public_app
from tests.web.conftest import Serve


@pytest.fixture
async def door(service: Service, serve: Serve) -> str:
    """The address of a running kiosk."""
    return await serve(create_public_app(service))


@pytest.fixture
async def sandbox(serve: Serve) -> str:
    """The address of the sandbox in place of the office's case system."""
    return await serve(create_app("sandbox"))


@pytest.fixture
def codes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were drawn as codes for phones, in order, without our own host."""
    drawn: list[str] = []

    def remember(address: str) -> object:
        drawn.append(address.removeprefix(settings.public_url))
        return draw(address)

    for page in ("check", "waiting"):
        monkeypatch.setattr(f"kiosk.public.{page}.draw", remember)
    return drawn


@pytest.fixture
async def http(door: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that behaves like one browser: it keeps cookies and names the origin of its forms."""
    async with httpx2.AsyncClient(
        base_url=door, headers={"Origin": door, "Accept": "text/html"}, follow_redirects=False
    ) as client:
        yield client


@asynccontextmanager
async def at_the_wall(context: BrowserContext) -> AsyncIterator[Page]:
    """A page at the language wall. Fails when a page breaks its own policy or a script fails."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await page.goto("/")
    yield page
    await context.close()
    assert complaints == []


@pytest.fixture
async def screen(chromium: Browser, door: str) -> AsyncIterator[Page]:
    """The kiosk's screen at the language wall."""
    context = await chromium.new_context(viewport={"width": 1080, "height": 1920}, base_url=door, has_touch=True)
    async with at_the_wall(context) as page:
        yield page


@dataclass(frozen=True, slots=True)
class Answering:
    """What the worker would do, without Rasa: real pages of real topics into the real outbox."""

    service: Service

    async def conversation(self) -> UUID:
        async with self.service.engine.connect() as db:
            return UUID(str((await db.execute(select(tables.conversations.c.id))).scalar_one()))

    async def heard(self, count: int = 1) -> list[tuple[int, str, str]]:
        """(id, kind, text) of what the person sent, once there are `count` of them."""
        for _ in range(500):
            async with self.service.engine.connect() as db:
                rows = (await db.execute(select(tables.inbox).order_by(tables.inbox.c.id))).all()
            if len(rows) >= count:
                return [(row.id, row.kind, self.service.seal.open(row.sealed_payload)["text"]) for row in rows]
            await asyncio.sleep(0.02)
        raise AssertionError(f"{count} messages did not arrive")

    async def topic(self, language: str, slug: str, count: int = 1) -> list[int]:
        """Answer the newest of `count` messages with a topic."""
        words = renderer(self.service, "kiosk", language)
        return await self.say(topic_page(words, slug), inbox_id=(await self.heard(count))[-1][0])

    async def words(self, *texts: str, language: str = "en") -> list[int]:
        said = [Utterance(language, "ltr", (Block(BlockKind.PARAGRAPH, text),)) for text in texts]
        return await self.say(*said)

    async def say(self, *utterances: Utterance, inbox_id: int | None = None) -> list[int]:
        conversation_id = await self.conversation()
        async with self.service.engine.begin() as db:
            ids = await outbox.put(db, self.service.seal, conversation_id, "kiosk", utterances, inbox_id)
            if inbox_id is not None:
                await inbox.close(db, inbox_id, "answered")
        return ids


Event = tuple[str, int, Any]
"""(name, id or 0, data)"""


@asynccontextmanager
async def events(http: httpx2.AsyncClient, **headers_and_after: str) -> AsyncIterator[AsyncIterator[Event]]:
    """An open event stream of the client's visit. `after` goes into the address, everything else into headers."""
    after = headers_and_after.pop("after", "0")
    headers = {name.replace("_", "-"): value for name, value in headers_and_after.items()}
    async with http.stream("GET", f"/chat/events?after={after}", headers=headers, timeout=20) as response:
        assert response.status_code == 200, response.status_code
        yield _read(response)


async def _read(response: httpx2.Response) -> AsyncIterator[Event]:
    name, number, data = "message", 0, ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        match field:
            case "event":
                name = value
            case "id":
                number = int(value)
            case "data":
                data = value
            case "" if data:
                yield name, number, json.loads(data)
                name, number, data = "message", 0, ""


async def take(stream: AsyncIterator[Event], count: int, seconds: float = 10.0) -> list[Event]:
    """The next `count` events."""
    async with asyncio.timeout(seconds):
        return [await anext(stream) for _ in range(count)]


async def begin(http: httpx2.AsyncClient, language: str = "en") -> None:
    """Choose a language on the wall."""
    response = await http.post("/language", data={"code": language})
    assert response.status_code == 303, response.text


@pytest.fixture
def answering(service: Service) -> Answering:
    return Answering(service)
