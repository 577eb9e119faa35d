"""A person asks for a person: the console shows it, they answer, and the bot is silent until the case is closed."""

import re
import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from bot.content import load_library
from bot.i18n.catalogues import load_catalogues
from bot.i18n.phrases import PHRASES
from bot.settings import ROOT
from tests.web.conftest import screenshot
from tests.whole import Whole

LIBRARY = load_library(ROOT / "content")
CATALOGUES = load_catalogues(ROOT, LIBRARY.languages)
ISOLATES = re.compile("[\u2066-\u2069]")
WISHES = {
    "tr": "Bir insanla konuşmak istiyorum",
    "en": "I want to talk to a person",
    "ar": "أريد أن أتحدث مع شخص",
    "fa": "می‌خواهم با یک نفر صحبت کنم",
}


@pytest.fixture
async def console(whole: Whole, chromium: Browser) -> AsyncIterator[Page]:
    """The queue, seen by the demo interpreter."""
    context = await chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=whole.staff)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.locator("input[name=name]").fill("demo")
    password = (whole.settings.data_dir / "demo-password").read_text(encoding="utf-8")
    await page.locator("input[name=password]").fill(password)
    await page.locator("form[action='/sign-in'] button").click()
    # At the very first sign-in a second factor is offered; the queue follows.
    await expect(page.locator("main h1")).to_be_visible()
    await page.goto("/")
    await expect(page.locator("#waiting")).to_be_visible()
    yield page
    await context.close()


@pytest.mark.parametrize("language", WISHES)
async def test_from_telegram_to_an_interpreter_and_back(whole: Whole, console: Page, language: str) -> None:
    emulator = whole.emulator
    person = emulator.new_person()
    emulator.send_text(person.chat_id, WISHES[language])
    opened = (await emulator.arrived(person.chat_id, seconds=30))[-1]
    assert CATALOGUES.say(language, PHRASES["handoff-opened"]) in ISOLATES.sub("", opened.text)

    case = console.locator(f"#waiting a:has([lang={language}]), #waiting li:has([lang={language}]) a").first
    await expect(case).to_be_visible(timeout=5_000)
    await case.click()
    await console.locator("#claim").click()
    reply = console.locator("#reply")
    await expect(reply).to_be_visible()

    # While a person has the case, the bot says nothing, and the person sees every word.
    emulator.send_text(person.chat_id, f"my-own-words-{language}")
    await expect(console.locator("#log")).to_contain_text(f"my-own-words-{language}", timeout=5_000)
    assert len(emulator.delivered(person.chat_id)) == 1

    await reply.fill(f"Merhaba, size yardım ediyorum ({language}).")
    asked = time.monotonic()
    await console.locator("form[action$='/reply'] button").click()
    answer = (await emulator.arrived(person.chat_id, after=opened.message_id, seconds=10))[-1]
    assert "size yardım ediyorum" in answer.text
    assert answer.arrived - asked < 5
    await screenshot(console, f"journey-console-{language}")

    await console.locator("details:has(form[action$='/close']) summary").click()
    await console.locator("form[action$='/close'] button").click()
    closed = (await emulator.arrived(person.chat_id, after=answer.message_id, seconds=10))[-1]
    assert CATALOGUES.say(language, PHRASES["handoff-closed"]) in ISOLATES.sub("", closed.text)

    emulator.send_text(person.chat_id, "How do I put my child in school?")
    again = (await emulator.arrived(person.chat_id, after=closed.message_id, seconds=30))[-1]
    title = LIBRARY.topic("education").text(again_language(again.text)).title
    assert title in ISOLATES.sub("", again.text), "the bot did not come back"


def again_language(text: str) -> str:
    plain = ISOLATES.sub("", text)
    return next(c.code for c in LIBRARY.languages.offered() if LIBRARY.topic("education").text(c.code).title in plain)


async def test_from_the_kiosk_to_an_interpreter_and_back(whole: Whole, chromium: Browser, console: Page) -> None:
    kiosk = await chromium.new_page(viewport={"width": 1080, "height": 1920}, base_url=whole.kiosk)
    await kiosk.goto("/")
    await kiosk.get_by_test_id("wall").get_by_test_id("language-ar").click()
    await kiosk.wait_for_url("**/chat")
    await kiosk.get_by_test_id("person").click()
    said = kiosk.get_by_test_id("message-said")
    await expect(said.first).to_be_visible(timeout=10_000)
    await console.locator("#waiting li:has([lang=ar]) a, #waiting a:has([lang=ar])").first.click()
    await console.locator("#claim").click()
    await console.locator("#reply").fill("أهلاً بك، أنا هنا")
    await console.locator("form[action$='/reply'] button").click()
    await expect(said.last).to_contain_text("أهلاً بك، أنا هنا", timeout=5_000)
    await screenshot(kiosk, "journey-kiosk-interpreter")
    await console.locator("details:has(form[action$='/close']) summary").click()
    await console.locator("form[action$='/close'] button").click()
    await expect(said.last).to_contain_text(CATALOGUES.say("ar", PHRASES["handoff-closed"]), timeout=5_000)
