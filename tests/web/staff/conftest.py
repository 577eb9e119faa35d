"""The staff door on a real office: over HTTP without a browser, and in Chromium with people signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from bot.cases.model import Staff
from kiosk.staff import create_staff_app
from tests.cases.office import Office
from tests.web.conftest import Serve

HOST = "http://staff.test"

Client = httpx2.AsyncClient
SignedIn = Callable[[Staff], Awaitable[Client]]
Console = Callable[..., Awaitable[Page]]


@pytest.fixture
def office(service: Service) -> Office:
    return Office(service)


@pytest.fixture
def door(service: Service) -> FastAPI:
    return create_staff_app(service)


@pytest.fixture
async def client(door: FastAPI) -> AsyncIterator[Client]:
    """Somebody who has not signed in."""
    async with Client(transport=httpx2.ASGITransport(app=door), base_url=HOST) as client:
        yield client


@pytest.fixture
async def signed_in(door: FastAPI, office: Office) -> AsyncIterator[SignedIn]:
    """Makes the client of a person with an open session."""
    clients: list[Client] = []

    async def open_client(person: Staff) -> Client:
        token = await office.console(person)
        client = Client(
            transport=httpx2.ASGITransport(app=door),
            base_url=HOST,
            cookies={"rehber_staff": token},
            headers={"Origin": HOST, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
        )
        clients.append(client)
        return client

    yield open_client
    for client in clients:
        await client.aclose()


@pytest.fixture
async def console(door: FastAPI, office: Office, serve: Serve, chromium: Browser) -> Console:
    """Opens Chromium at a person's queue. Everything that goes wrong on its pages is in `page_problems(page)`."""
    address = await serve(door)

    async def open_console(person: Staff, *, locale: str = "en-US", scheme: str = "light", script: bool = True) -> Page:
        context = await chromium.new_context(
            locale=locale,
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            base_url=address,
            viewport={"width": 1280, "height": 900},
        )
        await context.add_cookies([{"name": "rehber_staff", "value": await office.console(person), "url": address}])
        page = await context.new_page()
        problems: list[str] = []
        _PROBLEMS[page] = problems
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda said: problems.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        await page.goto("/")
        return page

    return open_console


_PROBLEMS: dict[Page, list[str]] = {}


def page_problems(page: Page) -> list[str]:
    """Errors of scripts, refusals of the content security policy and dialogs, since the page was opened."""
    return _PROBLEMS[page]


async def following(page: Page) -> None:
    """Wait until the page's event stream is open and it is up to date: from now on it must see everything at once."""
    await expect(page.locator("main[data-following]")).to_be_attached()
