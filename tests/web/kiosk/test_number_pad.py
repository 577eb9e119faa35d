"""Typing in the real check against the sandbox: by touch, with the person's own digits, and by keys alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from bot.bootstrap import Service
from bot.caseapi.models import DocumentType
from bot.caseapi.sandbox.people import Person, people
from bot.settings import Settings
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.checking import last_code
from tests.web.kiosk.hands import AFTER_OTHER_KEYS_MS, keyboard_is_open, touch, write
from tests.web.kiosk.measuring import MAIN_MM, SIZES
from tests.web.kiosk.test_keyboard import IN_THE_WAY, KEYS_SEEN, OWN_DIGITS, assert_sizes
from tests.web.kiosk.visitor import choose

ANSWERED: Final = '[data-testid="check-answer"]'
WAY_TO: Final = """name => {
  const middle = key => {
    const { x, y, width, height } = key.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const keys = Array.from(document.querySelectorAll(".keyboard button"));
  const [from, to] = [document.activeElement, keys.find(({ dataset }) => dataset.skbtn === name)];
  if (from === to) return null;
  const [here, there] = [middle(from), middle(to)];
  if (Math.abs(there.y - here.y) > 5) return there.y > here.y ? "ArrowDown" : "ArrowUp";
  return there.x > here.x ? "ArrowRight" : "ArrowLeft";
}"""
HEARD: Final = """() => Array.from(document.querySelectorAll("[aria-live], [role=status], [role=alert], output"))
  .filter(({ ariaLive }) => ariaLive !== "off").map(({ textContent }) => textContent).join("")"""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, sandbox: str) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "data", case_api_url=sandbox)


def somebody(document: DocumentType) -> Person:
    return next(person for person in people(datetime.now(UTC)) if person.document is document)


async def begin_check(page: Page, language: str, document: DocumentType) -> None:
    await choose(page, language)
    await page.goto("/check?about=status")
    await page.locator(f'button[value="{document.value}"]').tap()
    await at(page, "number")


async def at(page: Page, step: str) -> None:
    """The question of this step is open, and so is its keyboard, without a touch on the field."""
    await expect(page.locator(f'[data-step="{step}"]')).to_be_visible()
    await keyboard_is_open(page)
    await expect(page.get_by_test_id("check-typed")).to_be_focused()


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_a_whole_check_is_typed_by_touch(screen: Page, sandbox: str, language: str) -> None:
    person = somebody(DocumentType.STATELESS_ID)
    own = str.maketrans("0123456789", OWN_DIGITS.get(language, "0123456789"))
    typed = screen.get_by_test_id("check-typed")
    await begin_check(screen, language, person.document)
    if language in OWN_DIGITS:
        shown = [key.translate(own) for key in "123456789"]
        assert await screen.locator(".keyboard__own-digit").all_text_contents() == [*shown, "0".translate(own)]
    # Half of it on the glass, half in own digits on a real keyboard.
    await write(screen, person.number[:6])
    await screen.keyboard.insert_text(person.number[6:].translate(own))
    assert await typed.evaluate("field => getComputedStyle(field).direction") == "ltr"
    preview = screen.get_by_test_id("check-preview")
    await expect(preview).to_have_text(f"99•••••••{person.number[-2:].translate(own)}")
    await expect(preview).to_have_attribute("aria-live", "off")
    assert await preview.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert person.number[:6] not in await screen.locator("body").inner_text()
    await screenshot(screen, f"kiosk-pad-number-{language}")
    assert await touch(screen, "{enter}")
    await at(screen, "factor")
    await write(screen, person.factor_value)
    await screenshot(screen, f"kiosk-pad-document-{language}")
    await screen.get_by_test_id("check-next").tap()
    await at(screen, "phone")
    await write(screen, person.phone[:8])
    await screen.keyboard.insert_text(person.phone[8:].translate(own))
    assert await touch(screen, "{enter}")
    await at(screen, "code")
    await write(screen, await last_code(sandbox))
    assert await touch(screen, "{enter}")
    await expect(screen.locator(ANSWERED)).to_be_visible()
    await expect(screen.get_by_test_id("keyboard")).to_have_count(0)


async def test_a_date_and_a_number_with_letters_and_signs_are_typed_by_touch(screen: Page, sandbox: str) -> None:
    person = somebody(DocumentType.TRAVEL_DOCUMENT)
    await begin_check(screen, "ar", person.document)
    await write(screen, person.number)
    await expect(screen.get_by_test_id("check-typed")).to_have_value(person.number)
    await screen.get_by_test_id("check-next").tap()
    await at(screen, "factor")
    year, month, day = person.factor_value.split("-")
    await write(screen, f"{day}.{month}.{year}")
    await expect(screen.get_by_test_id("check-typed")).to_have_value("31.01.1990")
    await screenshot(screen, "kiosk-pad-date-ar")
    await screen.get_by_test_id("check-next").tap()
    await at(screen, "phone")
    await expect(screen.get_by_test_id("check-notice")).to_have_count(0)
    await write(screen, person.phone)
    await screen.get_by_test_id("check-next").tap()
    await at(screen, "code")
    await write(screen, await last_code(sandbox))
    await screen.get_by_test_id("check-next").tap()
    await expect(screen.locator(ANSWERED)).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "tr", "so"])
async def test_a_name_begins_with_the_letters_of_turkish_papers(screen: Page, service: Service, language: str) -> None:
    await begin_check(screen, language, DocumentType.TRAVEL_PERMIT)
    await write(screen, somebody(DocumentType.TRAVEL_PERMIT).number)
    await screen.get_by_test_id("check-next").tap()
    await at(screen, "factor")
    assert await touch(screen, "ş")
    await write(screen, "İ")
    await expect(screen.get_by_test_id("check-typed")).to_have_value("şİ")
    await screenshot(screen, f"kiosk-keyboard-name-{language}")
    back = screen.get_by_role("button", name=service.registry.get(language).name, exact=True).and_(
        screen.get_by_test_id("key")
    )
    if language == "tr":
        await expect(back).to_have_count(0)
    else:
        await expect(back).to_have_attribute("lang", language)
        await back.tap()
        await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
        assert await touch(screen, {"fa": "ع", "so": "x"}[language])


async def test_a_whole_check_is_done_by_keys_alone(screen: Page, sandbox: str) -> None:
    """Tab, arrows and Enter on the pad itself: what a keypad with arrows, or a switch, can do."""
    person = somebody(DocumentType.STATELESS_ID)
    press = screen.keyboard.press
    await choose(screen, "en")
    await screen.goto("/check?about=appointment")
    await screen.locator(f'button[value="{person.document.value}"]').focus()
    await press("Enter")
    for step, value in (("number", person.number), ("factor", person.factor_value), ("phone", person.phone)):
        await at(screen, step)
        await _type_by_arrows(screen, value)
        await expect(screen.get_by_test_id("check-typed")).to_have_value(value)
        await _walk_to(screen, "{enter}")
        await press("Enter")
    await at(screen, "code")
    await _type_by_arrows(screen, await last_code(sandbox))
    await _walk_to(screen, "{enter}")
    await press("Enter")
    await screen.get_by_test_id("check-show").focus()
    await press("Enter")
    await expect(screen.locator(ANSWERED)).to_have_attribute("open", "")


async def _type_by_arrows(page: Page, value: str) -> None:
    for _ in range(12):
        if await page.evaluate("document.activeElement.closest('.keyboard') !== null"):
            break
        await page.keyboard.press("Tab")
    before = ""
    for sign in value:
        if sign == before:
            await page.wait_for_timeout(150)
        await _walk_to(page, sign)
        await page.keyboard.press("Enter")
        before = sign


async def _walk_to(page: Page, name: str) -> None:
    """Press arrow keys until the key of this name has the focus."""
    for _ in range(20):
        way = await page.evaluate(WAY_TO, name)
        if way is None:
            return
        await page.keyboard.press(way)
    raise AssertionError(f"no arrows lead to {name}")


async def test_a_screen_reader_hears_the_digit_and_never_the_number(screen: Page) -> None:
    await begin_check(screen, "ar", DocumentType.TP_ID)
    said = screen.locator(".keyboard [role=status]")
    await write(screen, "997")
    await expect(said).to_have_text("7")
    await expect(said).to_have_text("", timeout=2_000)
    await expect(screen.get_by_test_id("key").first).to_have_accessible_name("1")
    await touch(screen, "{delete}")
    await expect(said).to_have_text("مسح")
    assert not set("0123456789") & set(await screen.evaluate(HEARD))


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_large_keys_cover_nothing_on_every_panel(screen: Page, sandbox: str, language: str) -> None:
    person = somebody(DocumentType.STATELESS_ID)
    await begin_check(screen, language, person.document)
    for step, typed in (
        ("number", person.number),
        ("factor", person.factor_value),
        ("phone", person.phone),
        ("code", ""),
    ):
        await at(screen, step)
        assert await accessibility_violations(screen) == [], step
        for name, (width, height) in SIZES.items():
            await screen.set_viewport_size({"width": width, "height": height})
            # The panel does not turn under a person's hands: each has the page from the start.
            await screen.reload()
            await at(screen, step)
            sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await screen.evaluate(sideways) == 0, (step, name)
            await screenshot(screen, f"kiosk-pad-{step}-{name}-{language}")
            if name.endswith("twice"):
                await expect(screen.get_by_test_id("check-typed")).to_be_in_viewport(ratio=0.9)
                continue
            assert await screen.evaluate(IN_THE_WAY) == [], (step, name)
            assert_sizes(await screen.evaluate(KEYS_SEEN), MAIN_MM)
        await screen.set_viewport_size({"width": 1080, "height": 1920})
        if typed:
            await screen.get_by_test_id("check-typed").fill(typed)
            await screen.get_by_test_id("check-next").tap()
