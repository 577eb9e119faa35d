"""A real door on a real port, and a real Chromium, for the tests of both doors."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from starlette.types import ASGIApp

SCREENSHOTS = Path(__file__).resolve().parents[2] / "reports" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
# Shared memory is small in a container; a browser that runs out of it takes no screenshot.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]

Serve = Callable[[ASGIApp], Awaitable[str]]

# Two browsers share the machine; what must be quick says its own limit.
expect.set_options(timeout=15_000)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Ctrl+C belongs to pytest.
        yield


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """`app` on loopback, on a free port or this one, for as long as the block lasts. Gives its address."""
    server = _Server(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves apps until the test ends."""
    async with AsyncExitStack() as running:

        async def start(app: ASGIApp) -> str:
            return await running.enter_async_context(served(app))

        yield start


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser of this test's own, with a profile that nobody used before."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        await browser.close()


async def accessibility_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page, one line each; an empty list when it finds nothing."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


async def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the page as an artefact. On a busy machine Chromium now and then needs a second try."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for tries_left in (2, 1, 0):
        try:
            await page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
        except PlaywrightError:
            if not tries_left:
                raise
            await asyncio.sleep(0.5)
        else:
            return
