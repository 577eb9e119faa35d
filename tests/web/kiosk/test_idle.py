"""Nobody touches the screen: the kiosk covers the page, asks, counts down, and ends the visit if nobody answers."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.cases.opening import open_case
from bot.storage import tables
from kiosk.app import create_public_app
from tests.web.conftest import accessibility_violations, screenshot, served
from tests.web.kiosk.conftest import Answering, at_the_wall
from tests.web.kiosk.measuring import MAIN_MM, PITCH_MM, SCRIPTS, SIZES
from tests.web.kiosk.visitor import ask, choose

IDLE: Final = 60_000
MORE: Final = 60_000
GUARD: Final = 800
"""A little longer than the time in which a touch that was on its way to something else answers nothing."""

READABLE: Final = """() => {
  const seen = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const part = walk.currentNode.parentElement;
    const shown = part.checkVisibility({ visibilityProperty: true });
    if (shown && !part.closest("dialog, script")) seen.push(walk.currentNode.data.trim());
  }
  return seen.filter(Boolean);
}"""
LISTEN: Final = """() => {
  window.announced = [];
  for (const how of ["politely", "urgently"]) {
    const region = document.querySelector(`[data-${how}]`);
    new MutationObserver(() => region.textContent && window.announced.push([how, region.textContent]))
      .observe(region, { childList: true, characterData: true, subtree: true });
  }
}"""


@pytest.fixture
async def timed(chromium: Browser, door: str) -> AsyncIterator[Page]:
    """The kiosk's screen at the language wall, with a clock that the test moves. The page's own time runs on, too."""
    context = await chromium.new_context(viewport={"width": 1080, "height": 1920}, base_url=door, has_touch=True)
    await context.clock.install()
    async with at_the_wall(context) as page:
        yield page


def question(page: Page) -> Any:
    return page.get_by_test_id("more-time")


async def left_alone(page: Page, milliseconds: int = IDLE) -> None:
    await page.clock.fast_forward(milliseconds)
    await expect(question(page)).to_be_visible()
    await page.clock.fast_forward(GUARD)


async def count(service: Service, table: str) -> int:
    async with service.engine.connect() as db:
        return int(await db.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0)


@pytest.mark.parametrize("language", SCRIPTS)
async def test_it_covers_the_page_and_asks(timed: Page, answering: Answering, service: Service, language: str) -> None:
    await choose(timed, language)
    await ask(timed, "canary question")
    await answering.words("canary answer", language=language)
    await expect(timed.get_by_test_id("message-said")).to_be_visible()
    await timed.get_by_test_id("text").fill("canary draft")
    await timed.clock.fast_forward(IDLE - 5_000)
    await expect(question(timed)).to_be_hidden()
    await left_alone(timed, 6_000)

    box = await question(timed).bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1080, "height": 1920}
    opaque = await question(timed).evaluate("element => getComputedStyle(element).backgroundColor")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", opaque), "no alpha: nothing shines through"
    assert await timed.evaluate(READABLE) == []
    assert "canary" not in await timed.locator("body").aria_snapshot()
    assert "canary" not in await timed.evaluate("document.body.innerText")
    assert await timed.locator("body > :not(dialog):not([inert])").count() == 0

    direction = service.registry.get(language).direction
    await expect(question(timed)).to_have_css("direction", direction)
    yes, finish = timed.get_by_test_id("more-time-yes"), timed.get_by_test_id("more-time-finish")
    await expect(yes).to_be_focused()
    for control in (yes, finish):
        size = await control.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= MAIN_MM / PITCH_MM
    assert await accessibility_violations(timed) == []
    await screenshot(timed, f"kiosk-more-time-{language}")


async def test_the_focus_stays_inside_and_comes_back(timed: Page) -> None:
    await choose(timed, "en")
    await timed.get_by_test_id("text").focus()
    await left_alone(timed)
    names = set()
    for _ in range(6):
        await timed.keyboard.press("Tab")
        names.add(await timed.evaluate("document.activeElement.dataset.testid ?? document.activeElement.localName"))
    assert names <= {"more-time-yes", "more-time-finish", "more-time", "body"}
    assert {"more-time-yes", "more-time-finish"} <= names
    await timed.get_by_test_id("more-time-yes").focus()
    await timed.keyboard.press("Enter")
    await expect(question(timed)).to_be_hidden()
    await timed.clock.fast_forward(GUARD)
    await expect(timed.get_by_test_id("text")).to_be_focused()
    assert await timed.locator("[inert]").count() == 0
    assert len(await timed.evaluate(READABLE)) > 10


async def test_it_is_announced_without_a_flood(timed: Page) -> None:
    await choose(timed, "en")
    await timed.clock.pause_at(await timed.evaluate("Date.now() / 1000 + 1"))
    await timed.clock.run_for(IDLE)
    await expect(question(timed)).to_be_visible()
    await timed.evaluate(LISTEN)
    for _ in range(58):
        await timed.clock.run_for(1000)
    said = await timed.evaluate("window.announced")
    assert [words for how, words in said if how == "politely"] == ["Seconds left: 45", "Seconds left: 30"]
    urgent = [words for how, words in said if how == "urgently"]
    assert urgent[0] == "Seconds left: 20"
    assert urgent[1:] == [str(number) for number in range(19, int(urgent[-1]) - 1, -1)]
    assert int(urgent[-1]) <= 2


@pytest.mark.parametrize("how", ["touch", "escape"])
async def test_more_time_gives_the_page_back(timed: Page, service: Service, how: str) -> None:
    await choose(timed, "en")
    await timed.get_by_test_id("text").fill("not sent yet")
    told: list[str] = []
    timed.on("request", lambda request: told.append(request.url) if request.url.endswith("/here") else None)
    await left_alone(timed)
    # Writing was a sign of life too.
    told.clear()
    if how == "touch":
        await timed.get_by_test_id("more-time-yes").tap()
    else:
        await timed.keyboard.press("Escape")
    await expect(question(timed)).to_be_hidden()
    await timed.clock.fast_forward(GUARD)
    await expect(timed.get_by_test_id("text")).to_have_value("not sent yet")
    assert len(told) == 1, "the server hears that somebody is there"
    await timed.clock.fast_forward(IDLE - 5_000)
    await expect(question(timed)).to_be_hidden()
    assert await count(service, "conversations") == 1


async def test_a_finger_on_its_way_to_something_else_answers_nothing(timed: Page) -> None:
    await choose(timed, "en")
    await timed.clock.pause_at(await timed.evaluate("Date.now() / 1000 + 1"))
    while not await question(timed).is_visible():
        await timed.clock.run_for(500)
    await timed.get_by_test_id("more-time-finish").tap()
    await timed.keyboard.press("Escape")
    await expect(question(timed)).to_be_visible()
    await timed.clock.run_for(GUARD)
    await timed.get_by_test_id("more-time-yes").tap()
    await expect(question(timed)).to_be_hidden()
    await expect(timed.locator("main")).to_have_attribute("inert", "")
    async with asyncio.timeout(10):
        # The page begins to count a moment after the touch, by a clock that stands still between two steps.
        while await timed.locator("main").get_attribute("inert") is not None:
            await timed.clock.run_for(GUARD)


async def test_ten_times_in_a_row_and_then_it_says_that_it_ends(timed: Page, service: Service) -> None:
    await choose(timed, "en")
    for time in range(1, 11):
        await left_alone(timed)
        await expect(timed.get_by_test_id("more-time-once")).to_be_visible(visible=time == 10)
        await timed.get_by_test_id("more-time-yes").tap()
        await expect(question(timed)).to_be_hidden()
        await timed.clock.fast_forward(GUARD)
    await left_alone(timed)
    await expect(timed.get_by_test_id("more-time-yes")).to_be_hidden()
    await expect(question(timed).locator("h1")).to_have_text("This visit ends now.")
    await timed.keyboard.press("Escape")
    await expect(question(timed)).to_be_visible()
    assert await accessibility_violations(timed) == []
    await screenshot(timed, "kiosk-more-time-last-en")
    await timed.clock.fast_forward(MORE)
    await expect(timed.get_by_test_id("left-erased")).to_be_visible()
    assert await count(service, "conversations") == 0


async def test_who_uses_the_page_is_asked_as_often_as_it_takes(timed: Page) -> None:
    await choose(timed, "en")
    for _ in range(12):
        await left_alone(timed)
        await timed.get_by_test_id("more-time-yes").tap()
        await timed.clock.fast_forward(GUARD)
        await timed.get_by_test_id("text").tap()
    await left_alone(timed)
    await expect(timed.get_by_test_id("more-time-yes")).to_be_visible()


@pytest.mark.parametrize("path", ["/chat", "/check?about=status", "/topics", "/topic/work-permit", "/no-such-page"])
async def test_without_an_answer_everything_is_erased(timed: Page, service: Service, path: str) -> None:
    await choose(timed, "ar")
    await ask(timed, "canary")
    await expect(timed.get_by_test_id("message-own")).not_to_have_attribute("data-state", "sending")
    await timed.goto(path)
    await left_alone(timed)
    await timed.clock.fast_forward(MORE)
    said = timed.get_by_test_id("left-erased")
    await expect(said).to_be_visible()
    await expect(said).to_have_attribute("lang", "ar")
    for table in ("visits", "conversations", "inbox", "outbox", "choices"):
        assert await count(service, table) == 0, table
    assert await timed.context.cookies() == []
    assert await timed.evaluate("sessionStorage.length") == 0


async def test_a_person_who_was_asked_for_stays_asked_for(timed: Page, service: Service, answering: Answering) -> None:
    await choose(timed, "en")
    async with service.engine.begin() as db:
        await open_case(db, service.seal, await answering.conversation(), "en")
    await left_alone(timed)
    await timed.clock.fast_forward(MORE)
    await expect(timed.get_by_test_id("left-kept")).to_be_visible()
    assert await count(service, "cases") == 1
    assert await count(service, "visits") == 0


async def test_finish_in_the_question_ends_the_visit_at_once(timed: Page, service: Service) -> None:
    await choose(timed, "en")
    await left_alone(timed)
    await timed.get_by_test_id("more-time-finish").tap()
    await expect(timed.get_by_test_id("left-erased")).to_be_visible()
    assert await count(service, "conversations") == 0


async def test_a_page_that_loads_itself_anew_gives_no_time(timed: Page) -> None:
    await choose(timed, "en")
    await timed.clock.fast_forward(40_000)
    await timed.reload()
    await timed.clock.fast_forward(25_000)
    await expect(question(timed)).to_be_visible()
    await timed.clock.fast_forward(30_000)
    await timed.reload()
    await expect(question(timed)).to_be_visible()
    assert 15 <= int(await timed.get_by_test_id("more-time-seconds").inner_text()) <= 25
    await timed.clock.fast_forward(30_000)
    await expect(timed.get_by_test_id("wall")).to_be_visible()


async def test_a_touch_on_one_page_is_a_touch_on_the_next(timed: Page) -> None:
    await choose(timed, "en")
    await timed.clock.fast_forward(50_000)
    await timed.get_by_test_id("all-topics").tap()
    await timed.wait_for_url("**/topics")
    await timed.clock.fast_forward(50_000)
    await expect(question(timed)).to_be_hidden()


async def test_who_listens_is_there(timed: Page) -> None:
    """Nobody has to touch the screen while it speaks. Whoever went away is asked once it is silent."""
    await choose(timed, "en")
    await timed.get_by_test_id("all-topics").tap()
    await timed.wait_for_url("**/topics")
    await timed.get_by_test_id("read-aloud").tap()
    for _ in range(2):
        await timed.evaluate("new Promise(done => document.addEventListener('read-aloud', done, { once: true }))")
        await timed.clock.fast_forward(IDLE - 10_000)
        await expect(question(timed)).to_be_hidden()
    await timed.evaluate("new Promise(done => document.addEventListener('read-aloud', done, { once: true }))")
    await timed.get_by_test_id("reader-pause").tap()
    await left_alone(timed)


async def test_a_clock_that_is_set_changes_nothing(timed: Page) -> None:
    await choose(timed, "en")
    for by in (86_400, -2 * 86_400):
        await timed.clock.set_system_time(await timed.evaluate(f"Date.now() / 1000 + {by}"))
        await timed.clock.fast_forward(20_000)
        await expect(question(timed)).to_be_hidden()
    await timed.clock.fast_forward(25_000)
    await expect(question(timed)).to_be_visible()


async def test_the_wall_asks_nobody_and_forgets_what_it_said(timed: Page) -> None:
    await choose(timed, "ps")
    await timed.get_by_test_id("finish").tap()
    said = timed.get_by_test_id("left-erased")
    await expect(said).to_be_visible()
    await screenshot(timed, "kiosk-erased-ps")
    assert await question(timed).count() == 0
    await timed.clock.fast_forward(31_000)
    await expect(said).to_be_hidden()
    assert timed.url.endswith("/")
    assert "left=" not in timed.url


async def test_without_a_server_the_page_goes_and_the_visit_ends_when_it_is_back(
    service: Service, chromium: Browser
) -> None:
    context = await chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    await context.clock.install()
    page = await context.new_page()
    async with served(create_public_app(service)) as url:
        await page.goto(url)
        await choose(page, "en")
        await ask(page, "canary")
        await expect(page.get_by_test_id("message-own")).not_to_have_attribute("data-state", "sending")
    await page.clock.fast_forward(IDLE)
    await expect(question(page)).to_be_visible()
    await page.clock.fast_forward(MORE)
    # The browser has no page without a server; what a kiosk shows then is not this test's matter.
    await expect(question(page)).to_have_count(0)
    assert "canary" not in await page.content()
    assert await count(service, "conversations") == 1
    async with served(create_public_app(service), int(url.rpartition(":")[2])):
        await page.goto(f"{url}/chat", wait_until="domcontentloaded")
        await expect(question(page)).to_be_visible()
        assert "canary" not in await page.evaluate("document.body.innerText")
        await page.clock.fast_forward(6_000)
        await expect(page.get_by_test_id("left-erased")).to_be_visible()
        assert await count(service, "conversations") == 0
        await context.close()


@pytest.mark.parametrize("size", SIZES)
async def test_on_any_screen_both_answers_can_be_seen(chromium: Browser, door: str, size: str) -> None:
    width, height = SIZES[size]
    for language in SCRIPTS:
        context = await chromium.new_context(viewport={"width": width, "height": height}, base_url=door, has_touch=True)
        await context.clock.install()
        page = await context.new_page()
        await page.goto("/")
        await choose(page, language)
        await left_alone(page)
        assert await question(page).evaluate("element => element.scrollWidth <= element.clientWidth")
        for control in ("more-time-yes", "more-time-finish"):
            await page.get_by_test_id(control).scroll_into_view_if_needed()
            await expect(page.get_by_test_id(control)).to_be_in_viewport(ratio=0.99)
        await screenshot(page, f"kiosk-more-time-{size}-{language}")
        await context.close()
