"""The same journey at the kiosk: a real Chromium, real Rasa, four languages, right to left included."""

import re

import pytest
from playwright.async_api import Browser, expect

from bot.content import load_library
from bot.settings import ROOT
from tests.journey.test_telegram import QUESTIONS
from tests.web.conftest import accessibility_violations, screenshot
from tests.whole import Whole

LIBRARY = load_library(ROOT / "content")
ISOLATES = re.compile("[\u2066-\u2069]")


@pytest.mark.parametrize("language", QUESTIONS)
async def test_a_question_is_answered_in_the_chosen_language(whole: Whole, chromium: Browser, language: str) -> None:
    question, slug = QUESTIONS[language]
    page = await chromium.new_page(viewport={"width": 1080, "height": 1920}, base_url=whole.kiosk)
    await page.goto("/")
    await page.get_by_test_id("wall").get_by_test_id(f"language-{language}").click()
    await page.wait_for_url("**/chat")
    await page.get_by_test_id("text").fill(question)
    await page.get_by_test_id("send").click()
    answer = page.get_by_test_id("message-said").first
    text = LIBRARY.topic(slug).text(language)
    await expect(answer).to_contain_text(text.title, timeout=30_000)
    shown = ISOLATES.sub("", await answer.inner_text())
    assert text.answer in shown
    await expect(answer).to_have_attribute("dir", LIBRARY.languages.get(language).direction)
    await expect(page.locator("html")).to_have_attribute("lang", language)
    assert await accessibility_violations(page) == []
    await screenshot(page, f"journey-kiosk-{language}")

    # A reload is a cut line: everything is there again, once.
    await page.reload()
    await expect(page.get_by_test_id("message-said")).to_have_count(1)
    await expect(page.get_by_test_id("message-own")).to_have_count(1)
