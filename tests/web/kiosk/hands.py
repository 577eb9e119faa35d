"""Touches the kiosk's keys as a person does: looks for the key, and goes to other letters or signs where it is not."""

from typing import Final

from playwright.async_api import Page, expect

HALF_SPACE: Final = "\u200c"
KEYS: Final = {" ": "{space}", HALF_SPACE: "{joiner}"}
WAYS: Final = ("{shift}", "{signs}", "{script}")
BETWEEN_EQUAL_MS: Final = 150
"""Nobody touches the same key twice in less; the keyboard takes what is faster for a trembling finger."""
AFTER_OTHER_KEYS_MS: Final = 350

_WHERE: Final = """name => {
  const key = Array.from(document.querySelectorAll(".keyboard button")).find(({ dataset }) => dataset.skbtn === name);
  if (!key?.checkVisibility()) return null;
  const { x, y, width, height } = key.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""


async def open_keyboard(page: Page) -> None:
    """Touch the field of the conversation until its keyboard has come."""
    await expect(page.get_by_test_id("text")).to_have_attribute("inputmode", "none")
    await page.get_by_test_id("text").tap()
    await keyboard_is_open(page)


async def keyboard_is_open(page: Page) -> None:
    """Wait until the keys have come and a finger that comes to them means it."""
    await expect(page.get_by_test_id("keyboard")).to_be_visible()
    await page.wait_for_timeout(AFTER_OTHER_KEYS_MS)


async def touch(page: Page, name: str) -> bool:
    """Touch the key of this name, if it is on the screen."""
    spot = await page.evaluate(_WHERE, name)
    if spot is None:
        return False
    await page.touchscreen.tap(*spot)
    return True


async def write(page: Page, text: str) -> None:
    """Touch key after key. Raises AssertionError for a letter that no key writes."""
    before = ""
    for sign in text:
        if sign == before:
            await page.wait_for_timeout(BETWEEN_EQUAL_MS)
        assert await _find_and_touch(page, KEYS.get(sign, sign), 2), f"no key writes {sign!r}"
        before = sign


async def _find_and_touch(page: Page, name: str, steps: int) -> bool:
    if await touch(page, name):
        return True
    if not steps:
        return False
    for way in WAYS:
        if await touch(page, way):
            await page.wait_for_timeout(AFTER_OTHER_KEYS_MS)
            if await _find_and_touch(page, name, steps - 1):
                return True
            await touch(page, way)
            await page.wait_for_timeout(AFTER_OTHER_KEYS_MS)
    return False
