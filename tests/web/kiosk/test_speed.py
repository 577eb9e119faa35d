"""What a page costs to fetch: bytes and files. Times are measured by `make kiosk-bench`: they depend on the machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from playwright.async_api import Browser, CDPSession, Page

from tests.web.kiosk.test_every_screen import LANGUAGES

MOST_BYTES: Final = 250_000
"""Of the first page with an empty cache: everything that came over the line, headers too."""
MOST_NEXT: Final = 60_000
"""Of a page after it, where files are kept."""
MOST_FILES: Final = 50
MOST_NODES: Final = 1_500


@asynccontextmanager
async def _counted(page: Page) -> AsyncIterator[dict[str, int]]:
    """Bytes that came over the line, by address."""
    devtools: CDPSession = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")
    places: dict[str, str] = {}
    came: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        places[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        place = places.get(event["requestId"], "")
        came[place] = came.get(place, 0) + int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.loadingFinished", finished)
    yield came
    await devtools.detach()


async def _open(page: Page, place: str) -> None:
    await page.goto(place)
    await page.evaluate("document.fonts.ready.then(() => {})")


async def test_the_first_page_is_small(chromium: Browser, door: str) -> None:
    page = await chromium.new_page(base_url=door, viewport={"width": 1080, "height": 1920})
    async with _counted(page) as came:
        await _open(page, "/")
    assert sum(came.values()) <= MOST_BYTES, came
    assert len(came) <= MOST_FILES, sorted(came)
    assert any("woff2" in place for place in came)
    assert not any("-rest.woff2" in place for place in came), "a letter of ours is not in the fonts cut for us"
    await page.close()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_next_pages_are_smaller(chromium: Browser, door: str, language: str) -> None:
    page = await chromium.new_page(base_url=door, viewport={"width": 1080, "height": 1920})
    await _open(page, "/")
    await page.get_by_test_id(f"language-{language}").click()
    await page.wait_for_url("**/chat")
    await _open(page, "/topics")
    for place in ("/topics/health", "/topic/work-permit", "/check?about=status"):
        async with _counted(page) as came:
            await _open(page, place)
        assert sum(came.values()) <= MOST_NEXT, (place, came)
        assert not any("-rest.woff2" in name for name in came), place
        assert await page.evaluate("document.querySelectorAll('*').length") <= MOST_NODES, place
    await page.close()


async def test_only_files_that_are_the_same_for_everybody_are_compressed(chromium: Browser, door: str) -> None:
    page = await chromium.new_page(base_url=door)
    encodings: dict[str, str] = {}
    page.on("response", lambda answer: encodings.update({answer.url: answer.headers.get("content-encoding", "")}))
    await _open(page, "/")
    await page.get_by_test_id("language-en").click()
    await page.wait_for_url("**/chat")
    compressed = {place for place, encoding in encodings.items() if encoding}
    assert any(place.endswith(".css") for place in compressed)
    assert all("/static/" in place for place in compressed)
    await page.close()
