"""The keyboard of the screen: whatever people write in their language can be touched, and nothing is covered."""

import asyncio
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from babel.messages.pofile import read_po
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from kiosk.web.own_files import static_place
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.hands import AFTER_OTHER_KEYS_MS, HALF_SPACE, keyboard_is_open, open_keyboard, touch, write
from tests.web.kiosk.measuring import GAP_MM, MAIN_MM, PITCH_MM, SIZES
from tests.web.kiosk.visitor import choose

ROOT: Final = Path(__file__).resolve().parents[3]
QUESTIONS: Final = {
    "tr": "Çocuğum için 'mavi kart' değil, İkamet iznini nasıl uzatırım? Kâğıt lazım mı?",
    "en": "I lost my address paper. Where do I go, and is it free?",
    "ar": "لقد فقدتُ بطاقة هويتي يوم ١٢، ماذا أفعل الآن؟ أين أذهب؟",
    "fa": "خانه‌ام را عوض کرده‌ام، ژانویهٔ ۱۴۰۳. آدرس جدیدم را کجا بگویم؟",
    "prs": "من می‌خواهم اجازهٔ کار بگیرم، چه کاغذهایی لازم است؟",
    "ps": "زه غواړم چې خپل کوچنی ښوونځي ته ولېږم، څه باید وکړم؟",
    "ru": "Я потерял ёлочный пропуск № 7. Куда мне идти, в объединённый центр?",
    "fr": "Où puis-je déposer ma demande d'asile, à côté de la mairie ? Ça coûte combien ?",
    "kmr": "Ez dixwazim navê xwe rast bikim. Çi kaxez pêwîst in û ez herim ku derê?",
    "so": "Waxaan rabaa inaan shaqeeyo. Ma u baahanahay ruqsad, mise maya? Go'aan?",
}
# The main letters of each language, as exemplarCharacters of CLDR lists them (https://cldr.unicode.org).
ALPHABETS: Final = {
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670",
    "fa": "آاءأؤئبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهةی\u064b\u064c\u064d\u0651\u0654",
    "prs": "آاءأؤئبپتټثجچځڅحخدډذرړزژږسشښصضطظعغفقکګگلمنڼوهةیېۍ\u064b\u064c\u064d\u0651\u0654",
    "ps": "آأابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګگلمنڼوؤهةۀءیيېۍئ"
    "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\u0670",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "fr": "aàâæbcçdeéèêëfghiîïjklmnoôœpqrstuùûüvwxyÿz",
    "kmr": "abcçdeêfghiîjklmnopqrsştuûvwxyz",
    "so": "abcdefghijklmnopqrstuvwxyz'",
}
SENTENCE_SIGNS: Final = "?.,!:;()-–/'\"+@"
OWN_DIGITS: Final = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "prs": "۰۱۲۳۴۵۶۷۸۹", "ps": "۰۱۲۳۴۵۶۷۸۹"}
LANGUAGES: Final = list(QUESTIONS)

LAYERS: Final = """async ([place, language]) => {
  const [{ textLayers }, { default: own }, { default: turkish }] = await Promise.all(
    ["arrangement", language, "tr"].map(name => import(`${place}/public/layouts/${name}.js`)));
  return textLayers(own, own === turkish ? null : turkish);
}"""
KEYS_SEEN: Final = """() => Array.from(document.querySelectorAll(".keyboard .hg-row"), row =>
  Array.from(row.querySelectorAll("button"), key => {
    const { left, right, top, bottom, width, height } = key.getBoundingClientRect();
    return { key: key.dataset.skbtn, name: key.getAttribute("aria-label") ?? key.textContent, type: key.type,
             shown: key.textContent.trim() !== "" || key.querySelector("svg") !== null, lang: key.lang,
             fits: key.scrollWidth <= key.clientWidth, left, right, top, bottom, width, height };
  }))"""
IN_THE_WAY: Final = """() => {
  const needed = ["text", "send", "check-typed", "check-next", "person", "finish"]
    .map(id => document.querySelector(`[data-testid="${id}"]`)).filter(element => element);
  return needed.filter(element => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const within = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    const heights = [top + 4, (top + bottom) / 2, bottom - 4];
    return !within || heights.some(height => !element.contains(document.elementFromPoint((left + right) / 2, height)));
  }).map(element => element.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_is_written_by_touch(screen: Page, answering: Answering, language: str) -> None:
    await choose(screen, language)
    await expect(screen.get_by_test_id("keyboard")).to_be_hidden()
    await open_keyboard(screen)
    question = QUESTIONS[language]
    await write(screen, question)
    await expect(screen.get_by_test_id("text")).to_have_value(question)
    await screenshot(screen, f"kiosk-keyboard-{language}")
    assert await touch(screen, "{enter}")
    assert [text for _, _, text in await answering.heard()] == [question]
    await expect(screen.get_by_test_id("keyboard")).to_be_hidden()
    # The library that draws the keys has kept none of it.
    kept = await screen.evaluate(
        "Object.values(window.SimpleKeyboardInstances).map(keys => Object.values(keys.input).join(''))"
    )
    assert kept == [""]
    assert await screen.evaluate("sessionStorage.length + localStorage.length") == 0


def _written_in(language: str, locale: str) -> set[str]:
    """Every letter, mark and digit that our own texts in this language have, and the joiner where they have it."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "content" / "topics").glob(f"*/{language}.md")]
    with (ROOT / "locales" / locale / "LC_MESSAGES" / "rehber.po").open("rb") as file:
        # A plural has several forms; what stands in braces is filled in.
        texts += [re.sub(r"\{[^}]*\}", "", str(message.string)) for message in read_po(file)]
    signs = set(unicodedata.normalize("NFC", "".join(texts)))
    return {sign for sign in signs if unicodedata.category(sign)[0] in "LMN" or sign == HALF_SPACE}


async def test_every_letter_of_every_language_has_a_key(screen: Page, service: Service) -> None:
    assert {language.code for language in service.registry.offered()} == set(LANGUAGES)
    for language in LANGUAGES:
        layers = await screen.evaluate(LAYERS, [static_place(), language])
        keys = {key for rows in layers.values() for row in rows for key in row.split(" ")}
        keys |= {HALF_SPACE} if "{joiner}" in keys else set()
        written = _written_in(language, service.registry.get(language).locale)
        assert len(written) > 30, language
        capitals = (
            set() if language in OWN_DIGITS or language == "ru" else set(ALPHABETS[language].upper()) - {"I", "İ"}
        )
        wanted = {
            *written,
            *ALPHABETS[language],
            *SENTENCE_SIGNS,
            *OWN_DIGITS.get(language, ""),
            *"0123456789",
        } | capitals
        assert sorted(wanted - keys) == [], language
        if language in OWN_DIGITS:
            assert {"،", "؟"} <= keys


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_key_can_be_seen_touched_and_heard(screen: Page, service: Service, language: str) -> None:
    words = {
        f"{{{key}}}": service.catalogues.say(language, msgid)
        for key, msgid in {
            "delete": "Delete",
            "space": "Space",
            "shift": "Capital letters",
            "joiner": "Half space",
            "close": "Close the keyboard",
            "enter": "Send",
        }.items()
    }
    own_name = service.registry.get(language).name
    await choose(screen, language)
    await open_keyboard(screen)
    for way in ("", "{shift}", "{signs}", "{script}"):
        if way and not await touch(screen, way):
            assert way in {"{shift}", "{script}"}
            continue
        await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
        rows = await screen.evaluate(KEYS_SEEN)
        keys = [key for row in rows for key in row]
        assert len({key["key"] for key in keys}) == len(keys) > 30
        for key in keys:
            assert key["type"] == "button"
            assert key["shown"], key
            assert key["fits"], key
            assert key["name"].strip() == words.get(key["key"], key["name"].strip()) != "", key
            if not key["key"].startswith("{"):
                assert key["name"] in {key["key"], f"ـ{key['key']}"}, key
        # The way back to the own letters has the name of their language.
        assert way in {"", "{shift}"} or own_name in {key["name"] for key in keys}
        assert_sizes(rows, MAIN_MM)
        if way in {"", "{signs}"}:
            assert await accessibility_violations(screen) == [], way
    await screen.set_viewport_size({"width": 1920, "height": 1080})
    assert_sizes(await screen.evaluate(KEYS_SEEN), MAIN_MM)


def assert_sizes(rows: list[list[dict[str, Any]]], least_mm: float) -> None:
    for row in rows:
        for key in row:
            assert min(key["width"], key["height"]) * PITCH_MM >= least_mm, key
        for one, other in pairwise(row):
            assert (other["left"] - one["right"]) * PITCH_MM >= GAP_MM, (one, other)
    for row, below in pairwise(rows):
        assert (below[0]["top"] - row[0]["bottom"]) * PITCH_MM >= GAP_MM


@pytest.mark.parametrize("language", ["tr", "ar", "ps", "ru"])
async def test_the_keyboard_covers_nothing_and_nothing_scrolls_sideways(
    chromium: Browser, door: str, language: str
) -> None:
    for name, (width, height) in SIZES.items():
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, base_url=door, has_touch=True, reduced_motion="reduce"
        )
        page = await context.new_page()
        await page.goto("/")
        await choose(page, language)
        await open_keyboard(page)
        await screenshot(page, f"kiosk-keyboard-{name}-{language}")
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(sideways) == 0, name
        twice = name.endswith("twice")
        if not twice:
            assert await page.evaluate(IN_THE_WAY) == [], name
        keys = await page.evaluate(KEYS_SEEN)
        # At 200 % a pixel of the page is two of the panel.
        least = min(min(key["width"], key["height"]) for row in keys for key in row) * (2 if twice else 1)
        assert least * PITCH_MM >= MAIN_MM, name
        await expect(page.get_by_test_id("text")).to_be_in_viewport(ratio=1)
        assert all(key["top"] >= 0 and key["bottom"] <= height and key["right"] <= width for row in keys for key in row)
        await context.close()


async def test_right_to_left_the_caret_stands_where_the_next_letter_comes(screen: Page) -> None:
    await choose(screen, "ar")
    await open_keyboard(screen)
    field = screen.get_by_test_id("text")
    await write(screen, "سلم")
    assert await field.evaluate("field => getComputedStyle(field).direction") == "rtl"
    # To the right is back, towards the beginning: between the second letter and the third.
    await screen.keyboard.press("ArrowRight")
    await write(screen, "ا")
    await expect(field).to_have_value("سلام")
    await screen.keyboard.press("ArrowLeft")
    await write(screen, " 12")
    await expect(field).to_have_value("سلام 12")
    await screen.keyboard.press("Shift+ArrowRight")
    await screen.keyboard.press("Shift+ArrowRight")
    chosen = await field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    await write(screen, "م")
    assert chosen
    await expect(field).to_have_value("سلام 12".replace(chosen, "م"))


async def test_one_touch_deletes_one_letter_whatever_it_is_made_of(screen: Page) -> None:
    await choose(screen, "fa")
    await open_keyboard(screen)
    field = screen.get_by_test_id("text")
    for written, left in (("آب👨‍👩‍👧", "آب"), ("مُ", ""), ("می\u200c", "می"), ("🙂", ""), ("e\u0301", ""), ("", "")):
        await field.fill(written)
        assert await touch(screen, "{delete}")
        await expect(field).to_have_value(left)
        await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
    await field.fill("همه")
    await field.select_text()
    assert await touch(screen, "{delete}")
    await expect(field).to_have_value("")


async def test_a_real_keyboard_still_writes_and_the_field_is_never_longer_than_it_may_be(screen: Page) -> None:
    await choose(screen, "en")
    await open_keyboard(screen)
    field = screen.get_by_test_id("text")
    await write(screen, "from glass")
    await screen.keyboard.type(" and keys")
    await expect(field).to_have_value("from glass and keys")
    await field.fill("x" * 2000)
    assert await touch(screen, "a")
    await expect(field).to_have_value("x" * 2000)
    await screen.keyboard.press("Escape")
    await expect(screen.get_by_test_id("keyboard")).to_be_hidden()
    await field.tap()
    await expect(screen.get_by_test_id("keyboard")).to_be_visible()
    await asyncio.sleep(AFTER_OTHER_KEYS_MS / 1000)
    assert await touch(screen, "{close}")
    await expect(screen.get_by_test_id("keyboard")).to_be_hidden()


async def test_a_bouncing_finger_writes_once_and_a_double_letter_twice(screen: Page) -> None:
    await choose(screen, "en")
    await open_keyboard(screen)
    field = screen.get_by_test_id("text")
    twice = """([name, pause]) => {
      const keys = Array.from(document.querySelectorAll(".keyboard button"));
      const key = keys.find(({ dataset }) => dataset.skbtn === name);
      key.click();
      return new Promise(done => setTimeout(() => { key.click(); done(); }, pause));
    }"""
    await screen.evaluate(twice, ["d", 40])
    await expect(field).to_have_value("d")
    await asyncio.sleep(0.2)
    await screen.evaluate(twice, ["d", 160])
    await expect(field).to_have_value("ddd")
    # What lies under the finger after a change of keys is not touched by its second touch.
    assert await touch(screen, "{signs}")
    assert await touch(screen, "@")
    await expect(field).to_have_value("ddd")
    await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
    assert await touch(screen, "@")
    await expect(field).to_have_value("ddd@")


async def test_a_second_touch_of_the_field_writes_nothing_on_the_keys_that_came_under_it(screen: Page) -> None:
    await choose(screen, "en")
    field = screen.get_by_test_id("text")
    await expect(field).to_have_attribute("inputmode", "none")
    # What the touch of a trembling finger is for the page: the field, and at once a key that has come.
    await field.evaluate("""field => {
      field.click();
      Array.from(document.querySelectorAll(".keyboard button")).find(({ dataset }) => dataset.skbtn === "g").click();
    }""")
    await keyboard_is_open(screen)
    await expect(field).to_have_value("")


async def test_a_key_acts_when_the_finger_leaves_it_and_only_there(screen: Page) -> None:
    await choose(screen, "en")
    await open_keyboard(screen)
    field = screen.get_by_test_id("text")
    finger = await screen.context.new_cdp_session(screen)
    box = await screen.locator('.keyboard [data-skbtn="g"]').bounding_box()
    assert box

    async def move(kind: str, *points: tuple[float, float]) -> None:
        await finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await move("touchStart", middle)
    await screen.wait_for_timeout(900)
    await expect(field).to_have_value("")
    await move("touchMove", (middle[0] + 25, middle[1] + 10))
    await move("touchEnd")
    await expect(field).to_have_value("g")
    await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
    await move("touchStart", middle)
    await move("touchMove", (middle[0] + 3 * box["width"], middle[1]))
    await move("touchEnd")
    await screen.wait_for_timeout(AFTER_OTHER_KEYS_MS)
    await expect(field).to_have_value("g")
    await expect(field).to_be_focused()


async def test_the_keys_are_one_stop_for_the_tab_key_and_are_walked_by_arrows(
    screen: Page, answering: Answering
) -> None:
    await choose(screen, "en")
    await open_keyboard(screen)
    await screen.get_by_test_id("send").focus()
    press = screen.keyboard.press
    focused = "document.activeElement.dataset.skbtn ?? document.activeElement.dataset.testid"
    for key, on in (
        ("Tab", "1"),
        ("ArrowDown", "q"),
        ("ArrowDown", "a"),
        ("ArrowRight", "s"),
        ("ArrowUp", "w"),
        ("ArrowLeft", "q"),
        ("ArrowLeft", "q"),
        ("ArrowDown", "a"),
    ):
        await press(key)
        assert await screen.evaluate(focused) == on
    await press("Enter")
    await press("ArrowDown")
    assert await screen.evaluate(focused) == "{shift}"
    await press("Space")
    assert await screen.evaluate(focused) == "{shift}"
    await expect(screen.get_by_role("button", name="Capital letters")).to_have_attribute("aria-pressed", "true")
    await press("ArrowRight")
    await press("Enter")
    await expect(screen.get_by_test_id("text")).to_have_value("aZ")
    await press("Tab")
    assert await screen.evaluate(focused) == "person"
    await press("Shift+Tab")
    await press("Escape")
    await expect(screen.get_by_test_id("text")).to_be_focused()
    await press("Enter")
    assert [text for _, _, text in await answering.heard()] == ["aZ"]


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
async def test_a_telephone_brings_its_own_keyboard(chromium: Browser, door: str, size: tuple[int, int]) -> None:
    context = await chromium.new_context(viewport={"width": size[0], "height": size[1]}, base_url=door, has_touch=True)
    page = await context.new_page()
    await page.goto("/")
    await choose(page, "en")
    await page.wait_for_load_state("networkidle")
    await page.get_by_test_id("text").tap()
    await expect(page.get_by_test_id("text")).to_be_focused()
    await expect(page.get_by_test_id("keyboard")).to_be_hidden()
    assert await page.get_by_test_id("text").get_attribute("inputmode") is None
    await context.close()
