"""Every screen in every language, plain and in high contrast: can be read, touched, and is never too wide.

One visit a language goes through all of `screens.SCREENS`, at an office that offers all there is. The look is changed
in place, as the server would write it; that it writes it, `test_look.py` shows. What a browser keeps for the time
without a server is looked at as a page like any other; how it comes to be shown is `test_offline.py`'s.
"""

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from bot.settings import Settings
from tests.web.conftest import screenshot
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.foreign import foreign
from tests.web.kiosk.measuring import (
    LANDSCAPE,
    PORTRAIT,
    hard_to_touch,
    out_of_reach,
    pale,
    sideways,
    violations,
    words,
)
from tests.web.kiosk.screens import SCREENS, Screen
from tests.web.kiosk.ways import IDLE_SECONDS, Stage

LANGUAGES: Final = ["tr", "en", "ar", "fa", "prs", "ps", "ru", "fr", "kmr", "so"]
PUBLIC: Final = "http://127.0.0.1:8000"
PHONE: Final = (390, 844)
SMALLEST_PHONE: Final = (320, 640)
"""The width in which a page must be readable without scrolling sideways (WCAG 2.2, success criterion 1.4.10)."""
LOOKED_AT: Final = {"tr", "ar", "ps"}
"""Screenshots of these are kept and looked at by people."""

CONTRAST: Final = """name => {
  document.documentElement.dataset.contrast = name;
  document.querySelector("link[href$='/contrast.css']").media = name === "high" ? "all" : "not all";
}"""
LOOK: Final = "([name, value]) => { document.documentElement.dataset[name] = value; }"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, sandbox: str) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        case_api_url=sandbox,
        public_url=PUBLIC,
        telegram_bot_name="rehber_office_bot",
        slip_printer="tcp://127.0.0.1:9100",
        kiosk_idle_seconds=IDLE_SECONDS,
        kiosk_more_time_seconds=120,
        office_address="Atatürk Bulvarı 12, 06420 Çankaya / Ankara",
        office_phone="+90 312 000 00 00",
        office_hours="Mo-Fr 08:30-12:30,13:30-17:30",
    )


def test_the_languages_are_those_that_people_can_choose(service: Service) -> None:
    assert [language.code for language in service.registry.offered()] == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_screen_can_be_read_and_touched(
    chromium: Browser,
    door: str,
    service: Service,
    answering: Answering,
    sandbox: str,
    codes: list[str],
    language: str,
) -> None:
    kiosk = await chromium.new_context(base_url=door, has_touch=True, service_workers="block")
    await kiosk.clock.install()
    own = await chromium.new_context(base_url=door, has_touch=True, extra_http_headers={"Accept-Language": language})
    stage = Stage(await kiosk.new_page(), await own.new_page(), language, answering, sandbox, codes)
    await _size(stage.phone, PHONE)
    wrong: list[str] = []
    for screen in SCREENS:
        await _size(stage.page, PORTRAIT)
        await screen.show(stage)
        look = _wrong_on_phone if screen.on_phone else _wrong
        page = stage.phone if screen.on_phone else stage.page
        wrong += [f"{screen.name}: {what}" for what in await look(page, screen, language, service)]
    await kiosk.close()
    await own.close()
    assert not wrong, "\n".join(wrong)


async def _wrong(page: Page, screen: Screen, language: str, service: Service) -> list[str]:
    # The ear comes with its script.
    await expect(page.locator("#ear[hidden]")).to_have_count(0)
    shown_in = service.settings.default_language if screen.for_all else language
    found = await _wrong_words(page, shown_in, service) + await hard_to_touch(page) + await sideways(page)
    await _keep(page, screen, language, "")

    await page.evaluate(CONTRAST, "high")
    found += [f"high contrast: {what}" for what in await pale(page)]
    await _keep(page, screen, language, "-contrast")
    await page.evaluate(CONTRAST, "normal")

    await page.evaluate(LOOK, ["reach", "low"])
    found += [f"out of reach: {what}" for what in await out_of_reach(page)]
    found += [f"low: {what}" for what in await sideways(page)]
    await _keep(page, screen, language, "-low")
    await page.evaluate(LOOK, ["reach", "normal"])

    for name, size in (("upright", PORTRAIT), ("lying", LANDSCAPE)):
        await _size(page, size)
        for text in ("normal", "largest"):
            await page.evaluate(LOOK, ["size", text])
            found += [f"{name}, {text} text: {what}" for what in await sideways(page)]
            if name == "lying" and text == "normal":
                await _keep(page, screen, language, "-lying")
        await page.evaluate(LOOK, ["size", "normal"])
    return found


async def _wrong_on_phone(page: Page, screen: Screen, language: str, service: Service) -> list[str]:
    found = await _wrong_words(page, language, service)
    await _keep(page, screen, language, "")
    for size in (PHONE, SMALLEST_PHONE):
        await _size(page, size)
        found += [f"{size[0]} wide: {what}" for what in await sideways(page)]
    await _size(page, PHONE)
    return found


async def _wrong_words(page: Page, language: str, service: Service) -> list[str]:
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("html")).to_have_attribute("dir", service.registry.get(language).direction)
    left = [f"not in {one.language}: {one.text}" for one in await words(page) if foreign(one.language, one.text)]
    return await violations(page) + left


async def _size(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})


async def _keep(page: Page, screen: Screen, language: str, look: str) -> None:
    if language in LOOKED_AT:
        await screenshot(page, f"kiosk-{screen.name}-{language}{look}")
