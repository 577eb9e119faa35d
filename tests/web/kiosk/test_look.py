"""Contrast, size of text, low controls and the wall's welcome: one touch each, kept for a visit, then forgotten."""

import re

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from bot.cases.opening import open_case
from kiosk.public.look import LOOK_COOKIE, Look
from tests.web.kiosk.conftest import Answering, begin
from tests.web.kiosk.measuring import hard_to_touch, out_of_reach

LOOK = re.compile(r'data-contrast="(\w+)" data-size="(\w+)" data-reach="(\w+)"')
GROUND = "getComputedStyle(document.body).backgroundColor"
SIZE = "parseFloat(getComputedStyle(document.body).fontSize)"
BLACK = "rgb(0, 0, 0)"


def look(page: str) -> tuple[str, ...]:
    """What the page says of its look. It says nothing of the normal one."""
    assert "<html lang=" in page
    found = LOOK.search(page)
    return found.groups() if found else ("normal", "normal", "normal")


async def choose(http: httpx2.AsyncClient, place: str = "/", **what: str) -> httpx2.Response:
    response = await http.post("/look", data={"place": place, **what})
    assert response.status_code == 303
    return response


@pytest.mark.parametrize("what", [Look("high"), Look(size="largest"), Look(reach="low"), Look("high", "large", "low")])
def test_a_look_is_read_as_it_was_written(what: Look) -> None:
    assert Look.read(str(what)) == what


@pytest.mark.parametrize(
    "words", ["", "high", "high.large", "high.large.low.x.y", "HIGH.large.low", "a.b.c", "..", "é"]
)
def test_whatever_else_a_cookie_says_is_the_normal_look(words: str) -> None:
    assert Look.read(words) == (Look("high", "large", "low") if words.startswith("high.large.low") else Look())


async def test_the_look_of_the_wall_stays_through_the_visit_and_goes_with_it(http: httpx2.AsyncClient) -> None:
    await choose(http, contrast="high")
    await choose(http, size="large")
    response = await choose(http, reach="low")
    assert response.headers["location"] == "/"
    assert http.cookies[LOOK_COOKIE] == "high.large.low"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    await begin(http, "ps")
    for place in ("/", "/chat", "/topics", "/topic/work-permit", "/check", "/no-such-page"):
        assert look((await http.get(place)).text) == ("high", "large", "low"), place
    await choose(http, "/topics", contrast="normal")
    assert look((await http.get("/topics")).text) == ("normal", "large", "low")
    await http.post("/finish")
    assert LOOK_COOKIE not in http.cookies
    assert look((await http.get("/")).text) == ("normal", "normal", "normal")


async def test_the_next_visit_begins_with_the_normal_look(http: httpx2.AsyncClient) -> None:
    await begin(http, "ar")
    await choose(http, "/chat", contrast="high")
    await begin(http, "fa")
    assert look((await http.get("/chat")).text) == ("normal", "normal", "normal")


async def test_a_look_leads_back_to_its_page_and_to_no_other(http: httpx2.AsyncClient) -> None:
    for place in ("/", "/?then=person", "/chat", "/check", "/topic/work-permit"):
        assert (await choose(http, place, size="large")).headers["location"] == place
    for place in ("", "//elsewhere.example", "/finish?sure=true", "https://elsewhere.example/"):
        assert (await choose(http, place, size="large")).headers["location"] == "/chat"
    assert (await http.post("/look", data={"contrast": "blinking"})).status_code == 422


async def test_every_size_is_larger_and_the_last_touch_leads_back(screen: Page) -> None:
    sizes = [await screen.evaluate(SIZE)]
    for expected in ("largest", "normal", "large"):
        await screen.get_by_test_id("look-size").tap()
        await expect(screen.get_by_test_id("look-size")).to_have_attribute("value", expected)
        sizes.append(await screen.evaluate(SIZE))
    assert sizes[1] >= sizes[0] * 1.39
    assert sizes[2] == pytest.approx(sizes[0] * 2)
    assert sizes[3] == sizes[0]


async def test_high_contrast_is_black_and_a_wish_of_the_device_counts(screen: Page) -> None:
    assert await screen.evaluate(GROUND) != BLACK
    await screen.emulate_media(contrast="more")
    assert await screen.evaluate(GROUND) == BLACK
    await screen.emulate_media(contrast="no-preference")
    await screen.get_by_test_id("look-contrast").tap()
    await expect(screen.get_by_test_id("look-contrast")).to_have_attribute("aria-pressed", "true")
    assert await screen.evaluate(GROUND) == BLACK


async def test_low_on_the_screen_two_buttons_move_the_page(screen: Page) -> None:
    await screen.get_by_test_id("look-reach").tap()
    await screen.get_by_test_id("wall").get_by_test_id("language-ar").tap()
    await screen.wait_for_url("**/chat")
    await expect(screen.get_by_test_id("look-scroll")).to_be_visible()
    assert await out_of_reach(screen) + await hard_to_touch(screen) == []
    await screen.goto("/topics")
    await expect(screen.get_by_test_id("look-scroll")).to_be_visible()
    assert await out_of_reach(screen) + await hard_to_touch(screen) == []
    last = screen.get_by_test_id("tile").last
    await expect(last).not_to_be_in_viewport()
    for _ in range(4):
        await screen.locator("[data-scroll='1']").tap()
    await expect(last).to_be_in_viewport(ratio=1)
    for _ in range(4):
        await screen.locator("[data-scroll='-1']").tap()
    await expect(screen.get_by_test_id("to-chat")).to_be_in_viewport()


async def test_unsent_words_stay_when_the_look_changes(screen: Page) -> None:
    await screen.get_by_test_id("wall").get_by_test_id("language-en").tap()
    await screen.wait_for_url("**/chat")
    await screen.get_by_test_id("text").fill("not sent yet")
    await screen.get_by_test_id("look-contrast").tap()
    await expect(screen.locator("html")).to_have_attribute("data-contrast", "high")
    await expect(screen.get_by_test_id("text")).to_have_value("not sent yet")


async def test_the_language_changes_on_a_question_and_where_something_failed(
    screen: Page, answering: Answering, service: Service
) -> None:
    await screen.get_by_test_id("wall").get_by_test_id("language-en").tap()
    await screen.wait_for_url("**/chat")
    await screen.goto("/check?about=status")
    await screen.get_by_test_id("check-choice").nth(4).tap()
    await expect(screen.get_by_test_id("check-typed")).to_be_visible()
    step = await screen.get_by_test_id("check-form").get_attribute("data-step")
    await screen.get_by_test_id("language-fa").tap()
    await expect(screen.locator("html")).to_have_attribute("lang", "fa")
    await expect(screen.get_by_test_id("check-form")).to_have_attribute("data-step", str(step))
    await screen.goto("/no-such-page")
    await screen.get_by_test_id("language-so").tap()
    await screen.wait_for_url("**/chat")
    await expect(screen.locator("html")).to_have_attribute("lang", "so")
    async with service.engine.begin() as db:
        await open_case(db, service.seal, await answering.conversation(), "so")
    await screen.get_by_test_id("finish").tap()
    await expect(screen.get_by_test_id("stay")).to_be_visible()
    await screen.get_by_test_id("language-ps").tap()
    await expect(screen.locator("html")).to_have_attribute("lang", "ps")
    await expect(screen.get_by_test_id("leave")).to_be_visible()


async def test_the_wall_welcomes_in_all_languages_until_it_is_touched(chromium: Browser, door: str) -> None:
    page = await chromium.new_page(base_url=door)
    await page.clock.install()
    await page.goto("/")
    greeting = page.locator(".greeting__one:visible")
    seen = []
    for _ in range(10):
        seen.append(await greeting.get_attribute("lang"))
        await page.clock.run_for(4_000)
    assert len(set(seen)) == 10
    await page.mouse.click(5, 5)
    before = await greeting.get_attribute("lang")
    await page.clock.run_for(20_000)
    assert await greeting.get_attribute("lang") == before
    await page.close()


async def test_the_wall_keeps_still_for_who_wants_less_motion(chromium: Browser, door: str) -> None:
    page = await chromium.new_page(base_url=door, reduced_motion="reduce")
    await page.clock.install()
    await page.goto("/")
    await page.clock.run_for(20_000)
    assert await page.locator(".greeting__one:visible").get_attribute("lang") == "tr"
    await page.close()
