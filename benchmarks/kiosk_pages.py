"""How long the kiosk's pages take on a slow machine: `python -m benchmarks.kiosk_pages --visits 30`.

A real Chromium with its processor slowed down four times (DevTools protocol, `Emulation.setCPUThrottlingRate`) goes
through the journeys of a visit. The first page is loaded with an empty cache, the others as a person meets them. A page
is there when its last large part is painted with our fonts (`largest-contentful-paint`, `document.fonts.ready`),
counted from the moment it was asked for. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console
from rich.table import Table

from bot.bootstrap import build_service
from bot.launch.database import EmbeddedDatabase
from bot.settings import Settings
from kiosk.app import create_public_app

SLOWER: Final = 4
LOOKS_FOR: Final = 0.5
"""Seconds: nobody touches a page in the moment in which it comes."""
FIRST_PAGE_MS: Final = 1_000
NEXT_PAGE_MS: Final = 300
LANGUAGES: Final = ("tr", "ar", "ps", "ru")
PAGES: Final = {
    "topics": "/topics",
    "group": "/topics/residence-permits",
    "topic": "/topic/work-permit",
    "original": "/topic/work-permit/turkish",
    "chat": "/chat",
    "check": "/check",
    "check: question": "/check?about=status",
}
_THERE: Final = """async () => {
  await document.fonts.ready;
  const paint = await new Promise(resolve => {
    new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
      .observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => resolve(0), 3000);
  });
  const [opened] = performance.getEntriesByType("navigation");
  return Math.max(paint, opened.domContentLoadedEventEnd);
}"""


@asynccontextmanager
async def _door(folder: Path, database_url: str) -> AsyncIterator[str]:
    settings = Settings(database_url=database_url, data_dir=folder / "data")
    # Who comes before the server is up waits in the line of the socket.
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_public_app(build_service(settings)), log_level="warning"))
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def _visit(browser: Browser, url: str, language: str) -> dict[str, float]:
    """Milliseconds until each page of one visit was there, by its name."""
    context = await browser.new_context(base_url=url, viewport={"width": 1080, "height": 1920}, has_touch=True)
    page = await context.new_page()
    await (await context.new_cdp_session(page)).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    took = {"first page": await _open(page, "/")}
    await asyncio.sleep(LOOKS_FOR)
    await page.get_by_test_id("wall").get_by_test_id(f"language-{language}").tap()
    await page.wait_for_url("**/chat")
    took["chat: first"] = await page.evaluate(_THERE)
    for name, place in PAGES.items():
        await asyncio.sleep(LOOKS_FOR)
        took[name] = await _open(page, place)
    await context.close()
    return took


async def _open(page: Page, place: str) -> float:
    await page.goto(place, wait_until="load")
    return float(await page.evaluate(_THERE))


async def measure(visits: int, chromium: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="rehber-pages-") as folder, EmbeddedDatabase(Path(folder) / "db") as server:
        database_url = server.migrated("pages")
        async with _door(Path(folder), database_url) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium or None, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            # The first visit makes the templates, which the door keeps.
            await _visit(browser, url, LANGUAGES[0])
            for number in range(visits):
                for name, milliseconds in (await _visit(browser, url, LANGUAGES[number % len(LANGUAGES)])).items():
                    found[name].append(milliseconds)
            await browser.close()
    return found


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=32)
    parser.add_argument("--chromium", default="/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else "")
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    found = asyncio.run(measure(asked.visits, asked.chromium))
    table = Table("page", "p50 ms", "p95 ms", "may take", title=f"{asked.visits} visits, {SLOWER}x slower")
    figures: dict[str, dict[str, float | bool]] = {}
    for name, values in found.items():
        limit = FIRST_PAGE_MS if name == "first page" else NEXT_PAGE_MS
        p50, p95 = round(statistics.median(values)), round(_p95(values))
        table.add_row(name, str(p50), str(p95), str(limit))
        figures[name] = {"p50_ms": p50, "p95_ms": p95, "held": p95 <= limit}
    Console().print(table)
    print(
        json.dumps({"visits": asked.visits, "cpu_slowdown": SLOWER, "load_before": round(before, 2), "pages": figures})
    )


if __name__ == "__main__":
    main()
