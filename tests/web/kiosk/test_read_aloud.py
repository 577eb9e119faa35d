"""The kiosk speaks when it is touched, says what it cannot say, and is silent at the next touch."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from bot.bootstrap import Service
from bot.model import Block, BlockKind, Purpose, Utterance
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.visitor import choose

PLAYERS = """(() => {
  window.players = [];
  window.progress = 0;
  const Real = window.Audio;
  window.Audio = class extends Real {
    constructor(...given) {
      super(...given);
      window.players.push(this);
      this.addEventListener("timeupdate", () => { if (this.currentTime > 0.15) window.progress += 1; });
    }
  };
})()"""
STATE = """() => window.players.map(({ currentTime, paused, volume, playbackRate, src }) =>
  ({ currentTime, paused, volume, rate: playbackRate, src }))"""


@pytest.fixture
async def heard(screen: Page) -> list[dict[str, str]]:
    """What the page asks to be spoken, in order. Players are watched from here on."""
    asked: list[dict[str, str]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/voice"):
            asked.append(json.loads(request.post_data or "{}"))

    screen.on("request", note)
    await screen.add_init_script(PLAYERS)
    await screen.reload()
    return asked


async def players(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await page.evaluate(STATE)
    return found


async def speaking(page: Page) -> bool:
    return any(not player["paused"] and player["src"] for player in await players(page))


async def until(page: Page, holds: Callable[[dict[str, Any]], bool], of: Callable[[Iterable[bool]], bool]) -> None:
    for _ in range(400):
        found = await players(page)
        if of(holds(player) for player in found):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(found)


async def wait_for_sound(page: Page) -> None:
    """Time passes in a player: the browser decodes what it got and plays it. Seen also when it is over already."""
    for _ in range(400):
        if await page.evaluate("() => { const seen = window.progress; window.progress = 0; return seen; }"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError((await players(page), await page.get_by_test_id("reader-says").text_content()))


async def silence(page: Page) -> None:
    await until(page, lambda player: player["paused"] and not player["src"], all)
    await page.evaluate("window.progress = 0")


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_a_page_is_read_aloud_in_its_order(screen: Page, heard: list[dict[str, str]], language: str) -> None:
    await choose(screen, language)
    await screen.goto("/topic/work-permit")
    assert not heard
    assert not await speaking(screen)
    await screen.get_by_test_id("read-aloud").tap()
    if language == "ps":
        says = screen.get_by_test_id("reader-says")
        await expect(says).to_have_text("په دې ژبه لا غږ نشته.")
        await expect(says).to_be_visible()
        await expect(screen.get_by_test_id("reader")).to_be_hidden()
    else:
        await wait_for_sound(screen)
        await expect(screen.locator(".is-read-aloud")).to_have_count(1)
        await expect(screen.get_by_test_id("reader")).to_be_visible()
    assert {piece["language"] for piece in heard} == {language}
    assert await accessibility_violations(screen) == []
    await screenshot(screen, f"kiosk-read-aloud-{language}")


async def test_what_is_read_is_what_stands_there_and_nothing_a_person_wrote(
    screen: Page, heard: list[dict[str, str]], answering: Answering
) -> None:
    await choose(screen, "en")
    await screen.get_by_test_id("text").fill("my own canary words")
    await screen.get_by_test_id("send").tap()
    await answering.heard()
    await answering.words("An older answer.")
    await answering.say(Utterance("ar", "rtl", (Block(BlockKind.PARAGRAPH, "سطر\nسطر آخر"),)))
    bubbles = screen.get_by_test_id("message-said")
    await expect(bubbles).to_have_count(2)
    await screen.get_by_test_id("text").fill("an unsent canary")
    await bubbles.nth(1).get_by_test_id("read-bubble").tap()
    await wait_for_sound(screen)
    await silence(screen)
    assert heard == [{"language": "ar", "text": "سطر"}, {"language": "ar", "text": "سطر آخر"}]
    heard.clear()
    await screen.get_by_test_id("read-aloud").tap()
    await wait_for_sound(screen)
    assert heard[0] == {"language": "en", "text": "An older answer."}, "what came since the last question"
    assert "canary" not in json.dumps(heard)


async def test_any_touch_elsewhere_and_any_key_stops_it(screen: Page, heard: list[dict[str, str]]) -> None:
    await choose(screen, "tr")
    await screen.goto("/topic/work-permit")
    ear = screen.get_by_test_id("read-aloud")
    stops: list[Callable[[], Awaitable[object]]] = [
        lambda: screen.get_by_test_id("title").tap(),
        lambda: screen.keyboard.press("a"),
        lambda: screen.get_by_test_id("reader-stop").tap(),
        lambda: ear.tap(),
        lambda: screen.evaluate("document.body.append(document.createElement('dialog')); "
                                "document.querySelector('body > dialog').showModal()"),
    ]  # fmt: skip
    for stop in stops:
        await ear.tap()
        await wait_for_sound(screen)
        await asyncio.sleep(0.5)
        await stop()
        await silence(screen)
        await expect(screen.get_by_test_id("reader")).to_be_hidden()
        await expect(screen.locator(".is-read-aloud")).to_have_count(0)
        await asyncio.sleep(0.5)


async def test_pause_repeat_slower_and_louder(screen: Page, heard: list[dict[str, str]]) -> None:
    await choose(screen, "tr")
    await screen.goto("/topic/work-permit")
    await screen.get_by_test_id("read-aloud").tap()
    await wait_for_sound(screen)
    await screen.get_by_test_id("reader-pause").tap()
    paused = (await players(screen))[-1]
    assert paused["paused"]
    await asyncio.sleep(0.4)
    assert (await players(screen))[-1]["currentTime"] == paused["currentTime"]
    await screen.get_by_test_id("reader-on").tap()
    await wait_for_sound(screen)
    first = await screen.locator(".is-read-aloud").text_content()
    await screen.get_by_test_id("reader-repeat").tap()
    await wait_for_sound(screen)
    assert await screen.locator(".is-read-aloud").text_content() == first
    await screen.get_by_test_id("reader-slower").tap()
    await screen.get_by_test_id("reader-louder").tap()
    assert [(player["rate"], player["volume"]) for player in await players(screen)] == [(0.75, 1)]
    await expect(screen.get_by_test_id("reader-louder")).to_be_disabled()
    # The next page of the same visit is as slow and as loud; the next visit is not.
    await screen.goto("/topics")
    assert await screen.evaluate("sessionStorage.length") == 0
    await screen.get_by_test_id("read-aloud").tap()
    await wait_for_sound(screen)
    assert [(player["rate"], player["volume"]) for player in await players(screen)] == [(0.75, 1)]
    await screen.get_by_test_id("finish").tap()
    await expect(screen.get_by_test_id("wall")).to_be_visible()
    assert await screen.evaluate("sessionStorage.length + localStorage.length") == 0
    assert not await speaking(screen)
    await choose(screen, "tr")
    await screen.get_by_test_id("read-aloud").tap()
    await wait_for_sound(screen)
    assert [(player["rate"], player["volume"]) for player in await players(screen)] == [(1, 0.6)]


async def test_a_private_page_asks_first_each_time(screen: Page, heard: list[dict[str, str]]) -> None:
    await choose(screen, "ar")
    await screen.goto("/check?about=status")
    question = await screen.locator("#reader-question").text_content()
    for _ in range(2):
        heard.clear()
        await screen.get_by_test_id("read-aloud").tap()
        await expect(screen.get_by_test_id("reader-ask")).to_be_visible()
        await wait_for_sound(screen)
        assert heard == [{"language": "ar", "text": question}], "the question is heard, and nothing of the page"
        assert await accessibility_violations(screen) == []
        await screenshot(screen, "kiosk-read-private-ar")
        await screen.get_by_test_id("reader-no").tap()
        await silence(screen)
        await asyncio.sleep(0.5)
        assert len(heard) == 1
    await screen.get_by_test_id("read-aloud").tap()
    await screen.get_by_test_id("reader-yes").tap()
    await wait_for_sound(screen)
    await expect(screen.locator("main .is-read-aloud")).to_have_count(1)
    assert {"language": "ar", "text": await screen.locator("main h1").text_content()} in heard or len(heard) > 2
    await screen.reload()
    await screen.get_by_test_id("read-aloud").tap()
    await expect(screen.get_by_test_id("reader-ask")).to_be_visible()


@pytest.mark.parametrize("purpose", [Purpose.PRIVATE, Purpose.REMINDER, Purpose.PERSON])
async def test_words_for_one_person_are_read_only_after_asking(
    screen: Page, heard: list[dict[str, str]], answering: Answering, purpose: Purpose
) -> None:
    await choose(screen, "en")
    await answering.say(Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "Only for you."),), purpose=purpose))
    await screen.get_by_test_id("read-bubble").tap()
    await expect(screen.get_by_test_id("reader-ask")).to_be_visible()
    assert "Only for you." not in [piece["text"] for piece in heard]
    await screen.get_by_test_id("reader-yes").tap()
    await wait_for_sound(screen)
    assert heard[-1] == {"language": "en", "text": "Only for you."}


async def test_on_the_wall_each_language_greets(screen: Page, heard: list[dict[str, str]], service: Service) -> None:
    assert heard == []
    assert not await speaking(screen)
    for language in service.registry.offered():
        ear = screen.get_by_test_id(f"ear-{language.code}")
        await expect(ear).to_have_attribute("lang", language.code)
        await screen.evaluate("window.progress = 0")
        await ear.tap()
        says = screen.get_by_test_id("reader-says")
        if language.code in ("ps", "so"):
            await expect(says).to_have_attribute("lang", language.code)
            none = service.catalogues.say(language.code, "There is no voice in this language yet.")
            await expect(says).to_have_text(none)
            await screenshot(screen, f"kiosk-wall-no-voice-{language.code}")
        else:
            await wait_for_sound(screen)
            borrowed = service.catalogues.say("tr", "A Persian voice reads this.")
            await expect(says).to_have_text(borrowed if language.code == "prs" else "")
        assert heard[-1]["language"] == language.code
    assert await accessibility_violations(screen) == []
    await screenshot(screen, "kiosk-wall-ears")


async def test_a_dari_page_says_that_a_persian_voice_reads(screen: Page, heard: list[dict[str, str]]) -> None:
    await choose(screen, "prs")
    await screen.goto("/topic/work-permit")
    await screen.get_by_test_id("read-aloud").tap()
    await wait_for_sound(screen)
    await expect(screen.get_by_test_id("reader-says")).to_have_text("این متن را یک آواز فارسی ایرانی می‌خواند.")


async def test_without_the_server_it_says_so(screen: Page, heard: list[dict[str, str]]) -> None:
    await choose(screen, "en")
    await screen.goto("/topics")
    await screen.context.set_offline(True)
    await screen.get_by_test_id("read-aloud").tap()
    await expect(screen.get_by_test_id("reader-says")).to_have_text("I cannot read aloud now. Please try again.")
    assert not await speaking(screen)


SCREENS = ["/chat", "/check", "/check?about=status", "/topics", "/topics/danger", "/topic/work-permit",
           "/topic/work-permit/turkish", "/no-such-page", "/?then=person", "/"]  # fmt: skip


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_every_screen_has_the_ear_at_the_same_place(screen: Page, language: str) -> None:
    await choose(screen, language)
    places = set()
    for path in SCREENS:
        await screen.goto(path)
        ear = screen.get_by_test_id("read-aloud")
        await expect(ear).to_be_visible()
        name = (await ear.text_content() or "").strip()
        assert name
        box = await ear.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 76, path
        if "?then" not in path and path not in ("/", "/no-such-page"):
            places.add((round(box["x"]), round(box["y"])))
        assert await screen.evaluate("window.players === undefined || window.players.length === 0")
    assert len(places) == 1, places
