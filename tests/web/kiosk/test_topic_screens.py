"""The topics on a real screen: every page can be seen, touched, read and walked through with keys alone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import hypot
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from kiosk.public.kiosk import LANGUAGE_COOKIE
from kiosk.public.places import TURKISH, places
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.test_screen import choose

PANEL_INCHES: Final = 32
PORTRAIT: Final = (1080, 1920)
PITCH_MM: Final = PANEL_INCHES * 25.4 / hypot(*PORTRAIT)
"""Millimetres from one pixel of the panel to the next: 0.369."""
MAIN_MM: Final = 20
OTHER_MM: Final = 15
GAP_MM: Final = 3

SCRIPTS: Final = ["tr", "ar", "ps"]
LOOKED_AT: Final = {
    "topics": "/topics",
    "group": "/topics/danger",
    "largest-group": "/topics/residence-permits",
    "topic": "/topic/work-permit",
    "danger": "/topic/violence-abuse-and-self-harm",
    "person-first": "/topic/negative-decision-and-appeals",
    "with-papers": "/topic/residence-permit-extension",
    "original": "/topic/work-permit/turkish",
}
SIZES: Final = {
    "portrait": PORTRAIT,
    "landscape": (1920, 1080),
    "portrait-twice": (540, 960),
    "landscape-twice": (960, 540),
}
"""Viewports: a panel upright and lying, and both with everything enlarged to 200 %."""

MEASURE: Final = """() => Array.from(document.querySelectorAll("button, a, summary"))
  .filter(element => element.checkVisibility() && !element.closest(".skip-link"))
  .map(element => { const box = element.getBoundingClientRect();
    return { main: element.matches(".tile, .sheet__act, .ways a"), height: box.height, width: box.width,
             left: box.left, right: box.right, top: box.top, bottom: box.bottom,
             part: element.closest("header.top, main, .bar").className, what: element.outerHTML.slice(0, 90) }; })"""


@asynccontextmanager
async def kiosk(
    browser: Browser, door: str, language: str, size: tuple[int, int] = PORTRAIT, **more: Any
) -> AsyncIterator[Page]:
    """A page of the kiosk for somebody who has chosen this language."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, base_url=door, has_touch=True, **more
    )
    cookies = {LANGUAGE_COOKIE: language, "rehber": "x" * 43}
    await context.add_cookies([{"name": name, "value": value, "url": door} for name, value in cookies.items()])
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("language", SCRIPTS)
async def test_every_kind_of_page_is_accessible(
    chromium: Browser, door: str, service: Service, language: str, contrast: str
) -> None:
    direction = service.registry.get(language).direction
    async with kiosk(chromium, door, language, contrast=contrast) as page:
        for name, path in LOOKED_AT.items():
            await page.goto(path)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            await expect(page.locator("html")).to_have_attribute("dir", direction)
            for some in await page.locator("details").all():
                await some.locator("summary").tap()
            assert await accessibility_violations(page) == [], path
            await screenshot(page, f"kiosk-{name}-{language}{'-contrast' if contrast == 'more' else ''}")


@pytest.mark.parametrize("language", SCRIPTS)
async def test_every_page_can_be_used_and_touched_and_needs_no_sideways_scroll(
    chromium: Browser, door: str, service: Service, language: str
) -> None:
    async with kiosk(chromium, door, language) as page:
        for path in sorted(place for place in places(service.library) if place.startswith("/topic")):
            await page.goto(path)
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            assert await page.locator(".page").evaluate("page => page.scrollWidth <= page.clientWidth"), path
            controls = await page.evaluate(MEASURE)
            for control in controls:
                least = (MAIN_MM if control["main"] else OTHER_MM) / PITCH_MM
                assert min(control["height"], control["width"]) >= least, (path, control["what"])
            assert _too_near(controls) == [], path
            if not path.endswith(TURKISH):
                assert await accessibility_violations(page) == [], path


def _too_near(controls: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Controls with less than the gap between them, in both directions. What is scrolled away lies under the bar."""
    least = GAP_MM / PITCH_MM
    return [
        (one["what"], other["what"])
        for number, one in enumerate(controls)
        for other in controls[number + 1 :]
        if one["part"] == other["part"]
        and max(one["left"], other["left"]) - min(one["right"], other["right"]) < least
        and max(one["top"], other["top"]) - min(one["bottom"], other["bottom"]) < least
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_on_any_screen_nothing_is_lost(chromium: Browser, door: str, service: Service, size: str) -> None:
    for language in ("tr", "ar", "ps", "fr"):
        async with kiosk(chromium, door, language, SIZES[size]) as page:
            for name, path in LOOKED_AT.items():
                await page.goto(path)
                assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    path,
                    language,
                )
                for control in ("to-chat", "person", "finish"):
                    await page.get_by_test_id(control).scroll_into_view_if_needed()
                    await expect(page.get_by_test_id(control)).to_be_in_viewport()
                if language == "ps":
                    await screenshot(page, f"kiosk-{name}-{size}-ps")


@pytest.mark.parametrize("size", ["portrait", "landscape"])
async def test_all_groups_are_seen_without_scrolling(chromium: Browser, door: str, service: Service, size: str) -> None:
    for language in service.registry.offered():
        async with kiosk(chromium, door, language.code, SIZES[size]) as page:
            await page.goto("/topics")
            for tile in await page.get_by_test_id("tile").all():
                await expect(tile).to_be_in_viewport(ratio=1)


async def test_a_picture_with_a_direction_is_mirrored(chromium: Browser, door: str) -> None:
    directed = "[data-name='third-country-exit'] .picture"
    symmetric = "[data-name='negative-decision-and-appeals'] .picture"
    transform = "element => getComputedStyle(element).transform"
    for language, expected in (("tr", "none"), ("ar", "matrix(-1, 0, 0, 1, 0, 0)")):
        async with kiosk(chromium, door, language) as page:
            await page.goto("/topics/decisions")
            assert await page.locator(directed).evaluate(transform) == expected
            assert await page.locator(symmetric).evaluate(transform) == "none"


async def test_from_the_wall_to_a_topic_and_into_the_conversation(screen: Page, answering: Answering) -> None:
    await choose(screen, "ar")
    await screen.get_by_test_id("all-topics").tap()
    await screen.locator("[data-name='work-and-school']").tap()
    await screen.locator("[data-name='work-permit']").tap()
    await screen.wait_for_url("**/topic/work-permit")
    await screen.get_by_test_id("language-ps").tap()
    await expect(screen.locator("html")).to_have_attribute("lang", "ps")
    assert screen.url.endswith("/topic/work-permit")
    await screen.get_by_test_id("original").tap()
    await expect(screen.get_by_test_id("words")).to_have_attribute("lang", "tr")
    await screen.get_by_test_id("own-language").tap()
    await expect(screen.get_by_test_id("words")).to_have_attribute("lang", "ps")
    await screen.get_by_test_id("ask").tap()
    await screen.wait_for_url("**/chat")
    await answering.topic("ps", "work-permit")
    await expect(screen.get_by_test_id("message-said")).to_have_attribute("lang", "ps")
    await screen.get_by_test_id("all-topics").tap()
    await screen.locator("[data-name='danger']").tap()
    await screen.get_by_test_id("back").tap()
    await expect(screen).to_have_url(re.compile(r"/topics$"))
    await screen.get_by_test_id("person").tap()
    await screen.wait_for_url("**/chat")
    assert len(await answering.heard(2)) == 2


async def test_nobody_goes_back_to_what_the_last_person_read(screen: Page) -> None:
    await choose(screen, "ps")
    for path in (
        "/topics/danger",
        "/topic/violence-abuse-and-self-harm",
        "/topic/violence-abuse-and-self-harm/turkish",
    ):
        await screen.goto(path)
    await screen.get_by_test_id("finish").tap()
    await expect(screen.get_by_test_id("left-erased")).to_be_visible()
    for _ in range(4):
        await screen.go_back()
        await expect(screen.get_by_test_id("wall")).to_be_visible()
        assert await screen.get_by_test_id("sheet").count() == 0


async def test_the_keyboard_alone_finds_and_reads_a_topic(screen: Page) -> None:
    await choose(screen, "ps")
    await _press(screen, "[data-testid='all-topics']")
    await screen.wait_for_url("**/topics")
    await _press(screen, "[data-name='work-and-school']")
    await screen.wait_for_url("**/topics/work-and-school")
    await _press(screen, "[data-name='work-permit']")
    await screen.wait_for_url("**/topic/work-permit")
    some = screen.get_by_test_id("part-persona-tp")
    await expect(some.locator("li").first).to_be_hidden()
    await _press(screen, "[data-testid='part-persona-tp'] summary")
    await expect(some.locator("li").first).to_be_visible()
    await _press(screen, "[data-testid='original']")
    await screen.wait_for_url("**/topic/work-permit/turkish")
    await _press(screen, "[data-testid='own-language']")
    await screen.wait_for_url("**/topic/work-permit")
    await _press(screen, "[data-testid='back']")
    await screen.wait_for_url("**/topics/work-and-school")
    await _press(screen, "[data-testid='to-chat']")
    await screen.wait_for_url("**/chat")


async def _press(page: Page, control: str) -> None:
    """Walk to the control with the Tab key, see that it shows its focus, and press Enter."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.locator(control).evaluate("element => element === document.activeElement"):
            break
    focused = page.locator(control)
    await expect(focused).to_be_focused()
    assert await focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
