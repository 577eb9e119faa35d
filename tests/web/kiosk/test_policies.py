"""The shipped policies as the real browser reads them, and what a hand on the glass can do with the shipped flags."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Playwright, async_playwright, expect

from bot.bootstrap import Service
from bot.content import load_library
from bot.i18n.catalogues import load_catalogues
from bot.settings import ROOT
from kiosk.app import create_public_app
from tests.web.conftest import Serve
from tests.web.kiosk.machine import SHIPPED, free_port, machine

SHIPPED_POLICIES: Final[dict[str, Any]] = json.loads((SHIPPED / "policies.json").read_text(encoding="utf-8"))
LOOKING: Final = {"DeveloperToolsAvailability": 1, "RemoteDebuggingAllowed": True}
"""What a test has to open to look into the browser. That both are shut is what `test_escape` tries from outside."""
OLD_NAMES: Final = frozenset({"AutofillAddressEnabled", "AutofillCreditCardEnabled"})
"""Obeyed under these names by every Chromium of today; the newest calls them deprecated."""

_ROWS: Final = """() => {
  const found = [];
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.tagName === "POLICY-ROW") {
        const text = (name) => one.shadowRoot.querySelector(`.policy.row .${name}`)?.textContent.trim() ?? "";
        found.push([text("name"), text("messages")]);
      }
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(document);
  return found;
}"""


def test_what_has_to_be_shut_is_shut() -> None:
    wanted = {
        "URLBlocklist": ["*"],
        "DownloadRestrictions": 3,
        "DeveloperToolsAvailability": 2,
        "RemoteDebuggingAllowed": False,
        "PrintingEnabled": False,
        "AllowFileSelectionDialogs": False,
        "IncognitoModeAvailability": 1,
        "DefaultPopupsSetting": 2,
        "ExtensionInstallBlocklist": ["*"],
    }
    assert wanted.items() <= SHIPPED_POLICIES.items()


async def test_the_browser_accepts_every_policy_and_no_finger_zooms(
    service: Service, serve: Serve, tmp_path: Path
) -> None:
    door = await serve(create_public_app(service))
    port = free_port()
    open_for_us = {**LOOKING, "URLAllowlist": [door, "chrome://policy", f"file://{SHIPPED}/waiting.html"]}
    flags = f"--remote-debugging-port={port}"
    async with (
        machine(f"{door}/", tmp_path, policies=open_for_us, flags=flags, silence=600),
        async_playwright() as playwright,
    ):
        page = await _page(playwright, port, door)
        await _no_finger_zooms(page)
        await page.goto("chrome://policy")
        await expect(page.get_by_text("URLBlocklist").first).to_be_visible()
        said = dict(await page.evaluate(_ROWS))
    wrong = {name: said.get(name) for name in SHIPPED_POLICIES if name not in OLD_NAMES and said.get(name) != "OK"}
    assert wrong == {}
    assert {said[name] for name in OLD_NAMES} <= {"OK", "Deprecated"}
    assert len(SHIPPED_POLICIES) > 80


async def _page(playwright: Playwright, port: int, door: str) -> Page:
    for _ in range(120):
        with suppress(PlaywrightError):
            browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=5_000)
            if browser.contexts[0].pages and (page := browser.contexts[0].pages[0]).url.startswith(door):
                return page
        await asyncio.sleep(0.5)
    pytest.fail("the kiosk's browser did not come up")


async def _no_finger_zooms(page: Page) -> None:
    """Two fingers apart, a long press, and a swipe from the edge, as a touch panel reports them."""
    await page.get_by_test_id("wall").wait_for()
    place = page.url
    await page.evaluate(
        "() => { window.menus = 0; addEventListener('contextmenu', (e) => { if (!e.defaultPrevented) menus += 1; }) }"
    )
    line = await page.context.new_cdp_session(page)
    middle = {"x": 540, "y": 900}
    await line.send("Input.synthesizePinchGesture", {**middle, "scaleFactor": 3.0, "gestureSourceType": "touch"})
    for x_distance in (900, -900):
        swipe = {"x": 540 - x_distance // 2, "y": 900, "xDistance": x_distance, "gestureSourceType": "touch"}
        await line.send("Input.synthesizeScrollGesture", swipe)
    finger = [{"x": 540.0, "y": 60.0}]
    await line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    await asyncio.sleep(1.5)
    await line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    fingers = [{"x": 300.0 + 150 * number, "y": 60.0, "id": number} for number in range(3)]
    await line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})
    await line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert await page.evaluate("[visualViewport.scale, devicePixelRatio, innerWidth]") == [1, 1, 1080]
    assert await page.evaluate("window.menus") == 0
    assert page.url == place


def test_the_page_without_a_server_says_what_the_catalogues_say() -> None:
    library = load_library(ROOT / "content")
    words = load_catalogues(ROOT, library.languages)
    page = (SHIPPED / "waiting.html").read_text(encoding="utf-8")
    for language in library.languages.offered():
        happened = words.say(language.code, "The service cannot answer at the moment.")
        remedy = words.say(language.code, "Please try again soon, or ask at the desk.")
        assert f'<p lang="{language.code}" dir="{language.direction}"><strong>{happened}</strong> {remedy}</p>' in page
