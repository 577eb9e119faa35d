"""The topics on a real screen: all of them fit, and one walks through them by touch."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from kiosk.public.places import places
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.measuring import LANDSCAPE, PORTRAIT, hard_to_touch, sideways
from tests.web.kiosk.visitor import choose, kiosk


@pytest.mark.parametrize("language", ["fr", "ps"])
async def test_every_topic_fits_and_can_be_touched(
    chromium: Browser, door: str, service: Service, language: str
) -> None:
    """The kinds of pages are looked at in `test_every_screen.py`; here the longest words of all topics."""
    wrong = []
    async with kiosk(chromium, door, language) as page:
        for path in sorted(place for place in places(service.library) if place.startswith("/topic")):
            await page.goto(path)
            wrong += [f"{path}: {what}" for what in await sideways(page) + await hard_to_touch(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
async def test_all_groups_are_seen_without_scrolling(
    chromium: Browser, door: str, service: Service, size: tuple[int, int]
) -> None:
    for language in service.registry.offered():
        async with kiosk(chromium, door, language.code, size) as page:
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
