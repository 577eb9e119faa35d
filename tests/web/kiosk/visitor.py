"""What somebody at the kiosk does on every screen: choose a language, ask, come to a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests.web.kiosk.measuring import PORTRAIT


async def choose(page: Page, language: str) -> None:
    await page.get_by_test_id("wall").get_by_test_id(f"language-{language}").tap()
    await page.wait_for_url("**/chat")


async def ask(page: Page, text: str) -> None:
    await page.get_by_test_id("text").fill(text)
    await page.get_by_test_id("send").tap()


@asynccontextmanager
async def kiosk(
    browser: Browser, door: str, language: str, size: tuple[int, int] = PORTRAIT, **more: Any
) -> AsyncIterator[Page]:
    """A page of the kiosk for somebody who has chosen this language."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, base_url=door, has_touch=True, **more
    )
    await context.request.post("/language", form={"code": language})
    yield await context.new_page()
    await context.close()
