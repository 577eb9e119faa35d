"""Each journey with keys alone: everything is reached with Tab, shows that it has the focus, and works with Enter."""

from typing import Final

from playwright.async_api import Page, expect

from tests.web.kiosk.conftest import Answering

MOST_STEPS: Final = 80
_FOCUSED: Final = "element => element === document.activeElement"
_SEEN: Final = """element => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3
    && box.bottom > 0 && box.top < innerHeight;
}"""
_ORDER: Final = """() => [...document.querySelectorAll("[tabindex]")].filter(element => element.tabIndex > 0).length"""


async def reach(page: Page, control: str) -> None:
    """Walk to the control with the Tab key and see that it has the focus."""
    wanted = page.locator(control).first
    for _ in range(MOST_STEPS):
        await page.keyboard.press("Tab")
        if await wanted.evaluate(_FOCUSED):
            break
    await expect(wanted).to_be_focused()
    assert await wanted.evaluate(_SEEN), control
    assert await page.evaluate(_ORDER) == 0


async def press(page: Page, control: str, leads_to: str) -> None:
    await reach(page, control)
    await page.keyboard.press("Enter")
    await page.wait_for_url(leads_to)


async def test_a_topic_is_found_and_read_and_a_person_asked(screen: Page, answering: Answering) -> None:
    await press(screen, "[data-testid='wall'] [data-testid='language-ps']", "**/chat")
    await press(screen, "[data-testid='all-topics']", "**/topics")
    await press(screen, "[data-name='work-and-school']", "**/topics/work-and-school")
    await press(screen, "[data-name='work-permit']", "**/topic/work-permit")
    some = screen.get_by_test_id("part-persona-tp")
    await expect(some.locator("li").first).to_be_hidden()
    await reach(screen, "[data-testid='part-persona-tp'] summary")
    await screen.keyboard.press("Enter")
    await expect(some.locator("li").first).to_be_visible()
    await press(screen, "[data-testid='original']", "**/topic/work-permit/turkish")
    await press(screen, "[data-testid='own-language']", "**/topic/work-permit")
    await press(screen, "[data-testid='language-fr']", "**/topic/work-permit")
    await press(screen, "[data-testid='ask']", "**/chat")
    await answering.topic("fr", "work-permit")
    await expect(screen.get_by_test_id("message-said")).to_be_visible()
    await reach(screen, "[data-testid='text']")
    await screen.keyboard.type("asked without a finger")
    await screen.keyboard.press("Enter")
    await expect(screen.get_by_test_id("text")).to_have_value("")
    await reach(screen, "[data-testid='person']")
    await screen.keyboard.press("Enter")
    assert [kind for _, kind, _ in await answering.heard(3)] == ["choice", "text", "choice"]
    await press(screen, "[data-testid='finish']", "**/?left=erased")


async def test_a_check_is_begun_and_left(screen: Page) -> None:
    await press(screen, "[data-testid='wall'] [data-testid='language-tr']", "**/chat")
    await press(screen, "[data-testid='check-status']", "**/check?about=status")
    await press(screen, "[data-testid='check-choice'] >> nth=4", "**/check")
    await reach(screen, "[data-testid='check-typed']")
    await screen.keyboard.type("99000000100")
    await reach(screen, "[data-testid='uncover']")
    await screen.keyboard.press("Enter")
    await expect(screen.get_by_test_id("uncover")).to_have_attribute("aria-pressed", "true")
    await press(screen, "[data-testid='check-stop']", "**/chat")


async def test_the_look_is_chosen_and_the_first_tab_skips_to_the_content(screen: Page) -> None:
    await screen.keyboard.press("Tab")
    skip = screen.locator(".skip-link")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await press(screen, "[data-testid='look-contrast']", "**/")
    await expect(screen.locator("html")).to_have_attribute("data-contrast", "high")
    await press(screen, "[data-testid='look-size']", "**/")
    await expect(screen.locator("html")).to_have_attribute("data-size", "large")
