"""Every letter of every language is drawn by our own fonts, and the fonts that pages load hold the letters we use."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest
from fontTools.ttLib import TTFont
from playwright.async_api import Browser

from bot.bootstrap import Service
from bot.settings import ROOT
from kiosk.app import create_public_app
from kiosk.web.assets import VENDOR
from kiosk.web.fonts import ALPHABETS, WEIGHTS, letters_in_use
from tests.web.conftest import Serve

RULE: Final = re.compile(r'font-weight: (\d+);.*?url\("([^"]+)"\).*?unicode-range: ([^;]+);')


@cache
def _rules() -> dict[int, dict[str, set[int]]]:
    """By weight: each file and the characters that it is asked for."""
    found: dict[int, dict[str, set[int]]] = defaultdict(dict)
    for weight, name, ranges in RULE.findall((VENDOR / "fonts.css").read_text(encoding="utf-8")):
        found[int(weight)][name] = set(_codes(ranges))
    return found


def _codes(ranges: str) -> Iterator[int]:
    for part in ranges.split(", "):
        first, _, last = part.removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def test_a_file_has_what_it_is_asked_for_and_nobody_else_is_asked() -> None:
    for files in _rules().values():
        seen: dict[int, str] = {}
        for name, codes in files.items():
            with TTFont(VENDOR / name) as font:
                assert codes <= set(font.getBestCmap()), name
            assert not codes & seen.keys(), name
            seen |= dict.fromkeys(codes, name)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_letter_is_in_a_font_that_pages_load(service: Service, weight: int) -> None:
    loaded = {code for name, codes in _rules()[weight].items() if "-used" in name for code in codes}
    for language in service.registry.languages.values():
        letters = set(ALPHABETS[language.code]) | set(ALPHABETS[language.code].upper())
        missing = {letter for letter in letters if len(letter) == 1 and ord(letter) not in loaded}
        assert not missing, language.code


@pytest.mark.parametrize("weight", WEIGHTS)
def test_what_a_person_types_beyond_that_is_drawn_too(weight: int) -> None:
    drawn = {code for codes in _rules()[weight].values() for code in codes}
    rare = "ẞŁőřǧñÅњћџѓғҚўڃٻڀڄگۀ"
    assert not {letter for letter in rare if ord(letter) not in drawn}


def test_our_words_need_no_other_letters() -> None:
    drawn = {code for codes in _rules()[400].values() for code in codes}
    signs = {letter for letter in letters_in_use([ROOT / "content", ROOT / "locales"]) if letter.isalpha()}
    assert not {letter for letter in signs if ord(letter) not in drawn}


def test_arabic_letters_join() -> None:
    for weight in WEIGHTS:
        with TTFont(VENDOR / f"arabic-{weight}-used.woff2") as font:
            features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {"init", "medi", "fina", "rlig"} <= features


async def test_pages_are_drawn_by_our_fonts_in_every_language(
    chromium: Browser, serve: Serve, service: Service
) -> None:
    url = await serve(create_public_app(service))
    context = await chromium.new_context(base_url=url)
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("DOM.enable")
    await devtools.send("CSS.enable")
    for language in service.registry.offered():
        cookies = {"rehber_language": language.code, "rehber": "x" * 43}
        await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        await page.goto("/topic/work-permit")
        await page.evaluate("document.fonts.ready.then(() => {})")
        root = (await devtools.send("DOM.getDocument"))["root"]["nodeId"]
        for part in ("h1", ".sheet__answer", ".sheet__acts", ".bar", ".languages"):
            node = (await devtools.send("DOM.querySelector", {"nodeId": root, "selector": part}))["nodeId"]
            used = (await devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node}))["fonts"]
            foreign = [font["familyName"] for font in used if not font["isCustomFont"]]
            assert not foreign, (language.code, part, foreign)
    await context.close()
