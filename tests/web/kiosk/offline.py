"""What tests of the kiosk without a server share: its worker, the pages it keeps, and a door that is a real process."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from socket import socket
from typing import Any, Final

import httpx2
from playwright.async_api import Browser, Locator, Page, expect

from bot.settings import ROOT, Settings

USEFUL_WITHIN: Final = 2.0
"""Seconds from a touch until the screen is useful."""
BACK_WITHIN: Final = 10.0
"""Seconds after the server is back until the screen is where the person was."""

RULES: Final = """navigator.serviceWorker.controller ? true
  : new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", () => done(true)))"""
CACHED: Final = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async name =>
  [name, (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname).sort()])))"""


def kept_by(worker: str) -> dict[str, Any]:
    """What stands above the worker: `version`, `cookie`, and `files`, digests by address."""
    kept: dict[str, Any] = json.loads(worker.partition("\n")[0].removeprefix("const KEPT = ").removesuffix(";"))
    return kept


@asynccontextmanager
async def screen_at(browser: Browser, door: str, **more: Any) -> AsyncIterator[Page]:
    """A screen of its own at the wall, whose worker has everything."""
    options: dict[str, Any] = {"viewport": {"width": 1080, "height": 1920}, "base_url": door, "has_touch": True}
    context = await browser.new_context(**options | more)
    page = await context.new_page()
    await page.goto("/")
    await page.evaluate(RULES)
    yield page
    await context.close()


async def takes(act: Awaitable[None], shown: Locator, within: float = USEFUL_WITHIN) -> float:
    """Seconds from the beginning of `act` until `shown` is seen. Fails when it takes longer than `within`."""
    began = time.monotonic()
    await act
    await expect(shown).to_be_visible(timeout=max(1.0, within * 1000))
    seconds = time.monotonic() - began
    assert seconds <= within, f"{seconds:.2f} s"
    return seconds


@dataclass(slots=True)
class Door:
    """`python -m kiosk public` on a port of its own."""

    settings: Settings
    port: int
    process: Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns when it can serve."""
        environment = os.environ | {
            "REHBER_DATABASE_URL": self.settings.database_url,
            "REHBER_DATA_DIR": str(self.settings.data_dir),
            "REHBER_CASE_API_URL": self.settings.case_api_url,
            "REHBER_PUBLIC_PORT": str(self.port),
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kiosk", "public", cwd=ROOT, env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        async with httpx2.AsyncClient(base_url=self.address) as client, asyncio.timeout(60):
            while True:
                with suppress(httpx2.HTTPError):
                    if (await client.get("/health/ready")).status_code == 200:
                        return
                await asyncio.sleep(0.05)

    def send(self, sign: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(sign)

    async def kill(self) -> None:
        """As if somebody pulled the plug."""
        if self.process is not None and self.process.returncode is None:
            self.send(signal.SIGKILL)
            await self.process.wait()


@asynccontextmanager
async def door_process(settings: Settings) -> AsyncIterator[Door]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    door = Door(settings, port)
    await door.start()
    try:
        yield door
    finally:
        await door.kill()
