"""A server that is slow, or comes back late, and what the screen says meanwhile."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from bot.bootstrap import Service
from bot.storage import tables
from kiosk.app import create_public_app
from tests.web.conftest import served
from tests.web.kiosk.line import Way, line_to
from tests.web.kiosk.offline import screen_at
from tests.web.kiosk.test_recovery import PATIENT, write
from tests.web.kiosk.visitor import choose


@pytest.mark.parametrize("back", ["nobody", "the next person"])
async def test_who_leaves_without_a_server_leaves_an_open_wall(service: Service, chromium: Browser, back: str) -> None:
    """Nothing covers the wall for the next person, and nothing of the last one is behind it."""
    async with (
        served(create_public_app(service)) as door,
        line_to(door) as line,
        screen_at(chromium, line.address) as page,
    ):
        await page.context.clock.install()
        await page.reload()
        await choose(page, "en")
        await write(page, "a canary")
        await expect(page.locator("[data-state]")).to_have_count(0)
        line.turn(Way.PROXY_503)
        await write(page, "a second canary")
        await page.get_by_test_id("text").fill("a third canary")
        await page.get_by_test_id("meanwhile").tap(no_wait_after=True)
        await expect(page.get_by_test_id("offline")).to_be_visible()
        await page.clock.fast_forward(60_000)
        await expect(page.get_by_test_id("more-time")).to_be_visible()
        await page.clock.fast_forward(60_000)
        await expect(page.get_by_test_id("offline-wall")).to_be_visible()
        assert await page.evaluate("sessionStorage.length") == 0
        await page.clock.fast_forward(10_000)
        if back == "nobody":
            line.turn(Way.WORKS)
            await page.wait_for_url("**/?left=erased", timeout=PATIENT)
        else:
            await page.get_by_test_id("language-ar").tap(no_wait_after=True)
            await expect(page.get_by_test_id("offline")).to_have_attribute("data-language", "ar")
            line.turn(Way.WORKS)
            await page.wait_for_url("**/chat", timeout=PATIENT)
            await expect(page.get_by_test_id("message-own")).to_have_count(0)
            await expect(page.get_by_test_id("text")).to_have_value("")
        async with service.engine.connect() as db:
            assert (await db.execute(select(tables.inbox.c.id))).all() == []
