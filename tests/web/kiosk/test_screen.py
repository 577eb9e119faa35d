"""The kiosk on a real screen: a person chooses a language, asks, reads, and leaves."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post import conversations
from kiosk.app import create_public_app
from kiosk.web.own_files import static_place
from tests.web.conftest import accessibility_violations, screenshot, served
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.test_conversation import PAYLOADS
from tests.web.kiosk.visitor import ask, choose

QUESTIONS = {
    "tr": "Taşındım. Yeni adresimi nereye bildireceğim?",
    "en": "I have moved. Where do I report my new address?",
    "ar": "لقد انتقلت إلى بيت جديد. أين أسجل عنواني؟",
    "fa": "خانه‌ام را عوض کرده‌ام. آدرس جدیدم را کجا اطلاع دهم؟",
}


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_question_is_answered_on_the_screen(
    screen: Page, answering: Answering, service: Service, language: str
) -> None:
    direction = service.registry.get(language).direction

    await choose(screen, language)
    html = screen.locator("html")
    await expect(html).to_have_attribute("lang", language)
    await expect(html).to_have_attribute("dir", direction)

    await ask(screen, QUESTIONS[language])
    await expect(screen.get_by_test_id("writing")).to_be_visible()
    await screenshot(screen, f"kiosk-waiting-{language}")
    await answering.topic(language, "address-registration")
    answer = screen.get_by_test_id("message-said")
    await expect(answer).to_contain_text("157")
    await expect(answer).to_have_attribute("lang", language)
    await expect(answer).to_have_attribute("dir", direction)
    await expect(screen.get_by_test_id("message-own")).to_contain_text(QUESTIONS[language])
    await expect(screen.get_by_test_id("writing")).to_be_hidden()


async def test_a_finger_that_rests_opens_no_menu_and_carries_nothing_away(screen: Page) -> None:
    for name in ("contextmenu", "dragstart", "dragover", "drop"):
        prevented = await screen.evaluate(
            "name => !document.querySelector('.brand__mark').dispatchEvent("
            "new Event(name, { bubbles: true, cancelable: true }))",
            name,
        )
        assert prevented, name


async def test_what_came_live_looks_the_same_after_a_reload(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    await ask(screen, "hello <b>there</b>")
    everything = Utterance(
        "ar",
        "rtl",
        (
            Block(BlockKind.CARD, "طوارئ", ("112: اتصل",)),
            Block(BlockKind.CARD, "", ("157",)),
            Block(BlockKind.HEADING, "عنوان"),
            Block(BlockKind.PARAGRAPH, "سطر\nسطر آخر"),
            Block(BlockKind.STEPS, "ماذا تفعل\nأولاً", ("واحد", "اثنان & <i>ثلاثة</i>")),
            Block(BlockKind.STEPS, "", ("بلا عنوان",)),
            Block(BlockKind.NOTE, "ملاحظة", ("أساس", "تاريخ")),
            Block(BlockKind.PERSON, "كلمات  إنسان"),
        ),
        (Button("زر", key="menu"), Button("صفحة", link="/check?about=status")),
        Purpose.PERSON,
    )
    await answering.heard()
    await answering.say(everything)
    await answering.say(Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "no buttons"),)))
    await expect(screen.get_by_test_id("message-said")).to_have_count(2)
    live = await _bubbles(screen)
    await screen.reload()
    assert await _bubbles(screen) == live
    assert len(live) == 3
    assert await accessibility_violations(screen) == []


async def _bubbles(page: Page) -> list[object]:
    """The messages as they stand in the document, without the spaces that only the template's layout has."""
    found = await page.evaluate(
        """() => {
          const plain = node => node.nodeType === Node.TEXT_NODE ? node.data : [
            node.localName,
            Array.from(node.attributes, ({ name, value }) => `${name}=${value}`).sort(),
            Array.from(node.childNodes).filter(child => child.localName || child.data.trim()).map(plain),
          ];
          return Array.from(document.querySelectorAll("#messages > article"), plain);
        }"""
    )
    assert isinstance(found, list)
    return found


async def test_words_sent_without_a_connection_are_kept_and_arrive_once(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    await screen.context.set_offline(True)
    await expect(screen.get_by_test_id("connection")).to_be_visible(timeout=5_000)
    await ask(screen, "first while away")
    await ask(screen, "second while away")
    await expect(screen.get_by_test_id("message-own")).to_have_count(2)
    await expect(screen.get_by_test_id("message-own").first).to_have_attribute("data-state", "sending")
    await screenshot(screen, "kiosk-offline-en")
    assert await accessibility_violations(screen) == []
    await screen.context.set_offline(False)
    await expect(screen.get_by_test_id("connection")).to_be_hidden(timeout=10_000)
    assert [text for _, _, text in await answering.heard(2)] == ["first while away", "second while away"]
    await expect(screen.get_by_test_id("message-own").first).not_to_have_attribute("data-state", re.compile(".*"))
    await answering.words("the answer")
    await expect(screen.get_by_test_id("message-said")).to_have_count(1)
    await asyncio.sleep(0.5)
    assert len(await answering.heard(2)) == 2


async def test_a_kiosk_that_restarts_loses_and_doubles_nothing(
    service: Service, chromium: Browser, answering: Answering
) -> None:
    page = await chromium.new_page()
    async with served(create_public_app(service)) as url:
        await page.goto(url)
        await page.get_by_test_id("language-en").click()
        await answering.words("before")
        await expect(page.get_by_test_id("message-said")).to_have_count(1)
    await page.get_by_test_id("text").fill("asked while it was down")
    await page.get_by_test_id("send").click()
    await answering.words("meanwhile")
    await expect(page.get_by_test_id("connection")).to_be_visible(timeout=5_000)
    async with served(create_public_app(service), int(url.rpartition(":")[2])):
        words = page.get_by_test_id("message-said").locator(".bubble__body")
        await expect(words).to_have_text(["before", "meanwhile"], timeout=20_000)
        assert [text for _, _, text in await answering.heard()] == ["asked while it was down"]
        await expect(page.get_by_test_id("connection")).to_be_hidden()
        await page.close()


async def test_a_change_of_language_keeps_place_and_unsent_words(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    await ask(screen, "a question")
    await answering.heard()
    await screen.get_by_test_id("text").fill("not sent yet")
    await screen.get_by_test_id("language-ar").tap()
    await expect(screen.locator("html")).to_have_attribute("dir", "rtl")
    await expect(screen.get_by_test_id("text")).to_have_value("not sent yet")
    await expect(screen.get_by_test_id("message-own")).to_contain_text("a question")
    assert await screen.evaluate("sessionStorage.length + localStorage.length") == 0


async def test_nothing_of_a_visit_is_left_on_the_screen_or_in_the_browser(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    await ask(screen, "canary question")
    await answering.topic("en", "address-registration")
    await expect(screen.get_by_test_id("message-said")).to_have_count(1)
    await screen.get_by_test_id("text").fill("canary draft")
    await screen.get_by_test_id("finish").tap()
    await expect(screen.get_by_test_id("left-erased")).to_be_visible()
    await screenshot(screen, "kiosk-erased-en")
    cookies = {cookie["name"] for cookie in await screen.context.cookies()}
    assert cookies <= {"rehber_language"}
    for _ in range(2):
        await screen.go_back()
        await screen.wait_for_load_state()
        assert "canary" not in await screen.content()
        assert await screen.get_by_test_id("message-own").count() == 0


async def test_a_page_whose_visit_was_ended_elsewhere_goes_back_to_the_wall(
    screen: Page, answering: Answering, service: Service
) -> None:
    await choose(screen, "en")
    await answering.words("for your eyes")
    await expect(screen.get_by_test_id("message-said")).to_have_count(1)
    async with service.engine.begin() as db:
        await conversations.erase(db, await answering.conversation())
    await expect(screen.get_by_test_id("wall")).to_be_visible(timeout=10_000)
    assert "for your eyes" not in await screen.content()


async def test_a_trembling_finger_presses_once(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    # Both touches in one moment of the page: how far apart a busy machine delivers two clicks is nobody's finger.
    twice = "button => { button.click(); button.click(); }"
    await screen.get_by_test_id("topic").first.evaluate(twice)
    await screen.get_by_test_id("person").evaluate(twice)
    await asyncio.sleep(1)
    assert len(await answering.heard(2)) == 2


async def test_without_script_a_question_is_answered(chromium: Browser, door: str, answering: Answering) -> None:
    context = await chromium.new_context(java_script_enabled=False, base_url=door)
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_test_id("language-fa").click()
    await page.get_by_test_id("text").fill(QUESTIONS["fa"])
    await page.get_by_test_id("send").click()
    await answering.topic("fa", "address-registration")
    await page.locator("noscript a").click()
    await expect(page.get_by_test_id("message-said")).to_contain_text("157")
    await page.get_by_test_id("choice").first.click()
    assert [kind for _, kind, _ in await answering.heard(2)] == ["text", "choice"]
    await context.close()


async def test_markup_stays_words_in_the_browser(screen: Page, answering: Answering) -> None:
    await choose(screen, "en")
    for number, payload in enumerate(PAYLOADS, 1):
        await ask(screen, payload)
        await answering.heard(number)
        await answering.say(Utterance("en", "ltr", (Block(BlockKind.PERSON, payload),), (Button(payload, key="menu"),)))
    await expect(screen.get_by_test_id("message-said")).to_have_count(len(PAYLOADS))
    for _ in ("live", "reloaded"):
        assert await screen.evaluate("window.broken === undefined")
        assert await screen.locator("#messages :is(script, img, svg, h1, iframe, a)").count() == 0
        assert await screen.locator("#messages .person p").all_text_contents() == PAYLOADS
        assert await screen.locator("#messages .bubble__words").all_text_contents() == PAYLOADS
        await screen.reload()


async def test_a_typed_number_is_covered(screen: Page) -> None:
    await choose(screen, "en")
    await screen.goto("/check?about=status")
    await screen.get_by_test_id("check-choice").nth(4).tap()
    typed = screen.get_by_test_id("check-typed")
    await typed.fill("99000000100")
    await expect(screen.get_by_test_id("check-preview")).to_have_text("99•••••••00")
    covering = "element => getComputedStyle(element).webkitTextSecurity"
    assert await typed.evaluate(covering) == "disc"
    await screen.get_by_test_id("uncover").tap()
    assert await typed.evaluate(covering) == "none"
    await expect(typed).not_to_have_class(re.compile("is-shown"), timeout=8_000)


@pytest.mark.parametrize("language", ["tr", "ar"])
async def test_everything_can_be_read_from_where_a_person_stands(
    screen: Page, answering: Answering, language: str
) -> None:
    await choose(screen, language)
    await ask(screen, QUESTIONS[language])
    await answering.topic(language, "address-registration")
    await expect(screen.get_by_test_id("message-said")).to_be_visible()
    size = await screen.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    smallest = await screen.evaluate(
        "Math.min(...Array.from(document.querySelectorAll('p, li, span, button, a'), "
        "element => parseFloat(getComputedStyle(element).fontSize)))"
    )
    assert size >= 26
    assert smallest >= 22


@pytest.mark.parametrize("language", ["tr", "fa"])
async def test_enlarged_to_twice_the_size_nothing_is_lost(
    chromium: Browser, door: str, answering: Answering, language: str
) -> None:
    page = await chromium.new_page(viewport={"width": 540, "height": 480}, base_url=door)
    await page.goto("/")
    await page.get_by_test_id(f"language-{language}").click()
    await page.get_by_test_id("text").fill(QUESTIONS[language])
    await page.get_by_test_id("send").click()
    await answering.topic(language, "address-registration")
    await expect(page.get_by_test_id("message-said")).to_be_visible()
    for path in ("/chat", "/check?about=status", "/"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert await accessibility_violations(page) == [], path
        for name in ("person", "finish"):
            await page.get_by_test_id(name).scroll_into_view_if_needed()
            await expect(page.get_by_test_id(name)).to_be_in_viewport()
    await page.close()


async def test_the_policy_stops_what_a_foreign_script_would_try(chromium: Browser, door: str) -> None:
    page = await chromium.new_page(base_url=door)
    await page.goto("/")
    refused = await page.evaluate(
        """() => {
          const tries = [
            () => { document.body.innerHTML = "<b>x</b>"; },
            () => { document.createElement("script").text = "window.broken = true"; },
            () => { window.trustedTypes.createPolicy("mine", { createHTML: (text) => text }); },
          ];
          return tries.map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } });
        }"""
    )
    assert refused == ["TypeError"] * 3
    await page.close()


async def test_the_id_of_a_message_is_a_uuid_without_https_too(screen: Page) -> None:
    await choose(screen, "en")
    made = await screen.evaluate(
        f"import('{static_place()}/public/sending.js').then(module => [1, 2].map(() => module.newId()))"
    )
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", m) for m in made)
    assert made[0] != made[1]


async def test_who_asks_for_a_person_at_the_wall_sees_nothing_of_the_last_one(screen: Page) -> None:
    await choose(screen, "en")
    await ask(screen, "a canary")
    await expect(screen.locator("[data-state]")).to_have_count(0)
    await screen.goto("/")
    await screen.get_by_test_id("person").tap()
    await screen.wait_for_url("**/?then=person")
    await screen.get_by_test_id("wall").get_by_test_id("language-ar").tap()
    await screen.wait_for_url("**/chat")
    await expect(screen.get_by_test_id("message-own")).to_have_count(1)
    assert "canary" not in await screen.content()
