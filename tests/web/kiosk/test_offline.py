"""What stands without a server: the same for everybody, useful, whole, and in every language."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import Service
from bot.settings import Settings
from kiosk.app import create_public_app
from kiosk.public import offline
from kiosk.public.offline import EMERGENCY
from kiosk.public.places import FINISH, places
from tests.web.conftest import Serve, accessibility_violations, screenshot, served
from tests.web.kiosk.conftest import Answering, begin
from tests.web.kiosk.line import line_to
from tests.web.kiosk.measuring import PORTRAIT, SIZES, hard_to_touch
from tests.web.kiosk.offline import CACHED, kept_by, screen_at
from tests.web.kiosk.visitor import ask, choose, kiosk

TOLD = {
    "office_address": "Atatürk Bulvarı 12, 06420 Çankaya / Ankara",
    "office_phone": "+90 312 000 00 00",
    "office_hours": "Mo-Fr 08:30-12:30,13:30-17:30",
}
WIDE = "document.documentElement.scrollWidth <= window.innerWidth"


REPLACED = """async old => {
  while ((await caches.keys()).includes(old)) await new Promise(done => setTimeout(done, 50));
  return (await caches.keys()).length; }"""
GIVEN_UP = """async () => {
  const worker = await navigator.serviceWorker.getRegistration();
  while (worker.installing) await new Promise(done => setTimeout(done, 50));
  return !worker.waiting; }"""


@pytest.fixture
async def http(http: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The pages are made when they are first asked for; on a busy machine that takes its time."""
    http.timeout = httpx2.Timeout(60)
    return http


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update=TOLD)


async def test_what_is_kept_is_the_same_for_everybody(door: str, http: httpx2.AsyncClient, service: Service) -> None:
    kept = kept_by((await http.get("/sw.js")).text)
    assert all(re.match(r"/offline(/[a-z]+)?$|/static/[0-9a-f]{16}/(public|web)/", path) for path in kept["files"])
    offered = {f"/offline/{language.code}" for language in service.registry.offered()}
    assert {"/offline", *offered} == {path for path in kept["files"] if path.startswith("/offline")}
    await begin(http, "ar")
    await http.post("/chat", data={"client_id": "00000000-0000-4000-8000-000000000000", "text": "a canary"})
    async with httpx2.AsyncClient(base_url=door, timeout=60) as stranger:
        for path, digest in kept["files"].items():
            mine, theirs = await http.get(path), await stranger.get(path)
            assert (mine.status_code, theirs.status_code) == (200, 200), path
            assert sha256(mine.content).hexdigest() == sha256(theirs.content).hexdigest() == digest, path
            assert "set-cookie" not in mine.headers, path
            assert b"client_id" not in mine.content or path.endswith(".js"), path
    assert kept_by((await http.get("/sw.js")).text) == kept


async def test_each_page_has_every_topic_and_whom_to_call(http: httpx2.AsyncClient, service: Service) -> None:
    for language in service.registry.offered():
        page = (await http.get(f"/offline/{language.code}")).text
        assert f'<html lang="{language.code}" dir="{language.direction}">' in page
        assert set(re.findall(r'data-slug="([a-z-]+)"', page)) == set(service.library.slugs)
        for number in service.library.phones:
            assert f'dir="ltr">{number}</bdi>' in page, number
        for told in (TOLD["office_address"], TOLD["office_phone"], "08:30–12:30", "13:30–17:30"):
            assert told in page, (language.code, told)
        assert page.count("<tr>") == 7
        text = service.library.topic("work-permit").text(language.code)
        plain = re.sub("[\u2066-\u2069]", "", page)
        assert re.sub("[\u2066-\u2069]", "", text.answer).replace("'", "&#39;") in plain


async def test_the_contacts_are_a_page_of_a_visit_too(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/contacts")).headers["location"] == "/"
    await begin(http, "ru")
    assert "/contacts" in (await http.get("/topics")).text
    page = (await http.get("/contacts")).text
    for words in (*TOLD.values(), "понедельник"):
        assert words in page or words == TOLD["office_hours"]
    moved = await http.post("/language", data={"code": "so", "place": "/contacts"})
    assert moved.headers["location"] == "/contacts"


async def test_what_the_office_does_not_tell_is_not_shown(service: Service, serve: Serve) -> None:
    told_nothing = service.settings.model_copy(update=dict.fromkeys(TOLD, ""))
    url = await serve(create_public_app(replace(service, settings=told_nothing)))
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        page = (await client.get("/offline/en")).text
    assert 'data-testid="lines"' in page
    assert 'data-testid="hours"' not in page
    assert 'data-testid="office"' not in page
    assert "Closed" not in page


async def test_after_a_whole_visit_nothing_else_is_cached(
    chromium: Browser, door: str, http: httpx2.AsyncClient, answering: Answering
) -> None:
    kept = kept_by((await http.get("/sw.js")).text)
    async with screen_at(chromium, door) as page:
        await choose(page, "tr")
        await ask(page, "a canary")
        await answering.topic("tr", "address-registration")
        await expect(page.get_by_test_id("message-said")).to_be_visible()
        for place in ("/topics", "/topic/work-permit", "/contacts", "/check?about=status", "/chat"):
            await page.goto(place)
        everything = {f"rehber-{kept['version']}": sorted(kept["files"])}
        assert await page.evaluate(CACHED) == everything
        await page.get_by_test_id("finish").tap()
        await expect(page.get_by_test_id("left-erased")).to_be_visible()
        assert await page.evaluate(CACHED) == everything
        assert await page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 1
        assert await page.evaluate("sessionStorage.length + localStorage.length") == 0


async def test_a_new_version_takes_the_place_of_the_old_one(service: Service, chromium: Browser) -> None:
    changed = replace(service, settings=service.settings.model_copy(update={"office_phone": "+90 312 111 11 11"}))
    async with (
        served(create_public_app(service)) as door,
        line_to(door) as line,
        screen_at(chromium, line.address) as page,
    ):
        (old,) = await page.evaluate(CACHED)
        async with served(create_public_app(changed)) as newer:
            line.lead_to(newer)
            await page.goto("/")
            async with asyncio.timeout(15):
                assert await page.evaluate(REPLACED, old) == 1
            assert "111 11 11" in await page.evaluate("fetch('/offline/tr').then(answer => answer.text())")


@pytest.mark.parametrize("fault", ["absent", "altered"])
async def test_half_a_version_is_never_used(service: Service, chromium: Browser, fault: str) -> None:
    """One file does not come, or comes from somebody else: the browser keeps what it had, and tries again later."""
    changed = replace(service, settings=service.settings.model_copy(update={"office_phone": "+90 312 111 11 11"}))
    broken = create_public_app(changed)
    asked = asyncio.Event()

    @broken.middleware("http")
    async def spoil(request: Request, go_on: RequestResponseEndpoint) -> Response:
        if request.url.path != "/offline/so":
            return await go_on(request)
        asked.set()
        return Response(status_code=500) if fault == "absent" else Response("<h1>log in</h1>")

    async with (
        served(create_public_app(service)) as door,
        line_to(door) as line,
        screen_at(chromium, line.address) as page,
    ):
        before = await page.evaluate(CACHED)
        async with served(broken) as newer:
            line.lead_to(newer)
            await page.goto("/")
            async with asyncio.timeout(15):
                await asked.wait()
                assert await page.evaluate(GIVEN_UP)
            assert await page.evaluate(CACHED) == before
            assert "000 00 00" in await page.evaluate("fetch('/offline/tr').then(answer => answer.text())")


@asynccontextmanager
async def kept_page(browser: Browser, door: str, path: str, size: tuple[int, int], **more: Any) -> AsyncIterator[Page]:
    """A kept page that stays, because nothing is ever ready."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, base_url=door, has_touch=True, service_workers="block", **more
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.route("**/health/ready", lambda route: route.fulfill(status=503))
    await page.goto(path)
    yield page
    await context.close()
    assert complaints == []


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_everybody_can_read_and_touch_them(chromium: Browser, door: str, language: str) -> None:
    for contrast in ("no-preference", "more"):
        async with kept_page(
            chromium, door, f"/offline/{language}?unsent#/topic/work-permit", PORTRAIT, contrast=contrast
        ) as page:
            await expect(page.get_by_test_id("unsent")).to_be_visible()
            await expect(page.locator("#topic-work-permit[open] summary")).to_be_in_viewport()
            await screenshot(page, f"kiosk-offline-topic-{language}-{contrast}")
            assert await accessibility_violations(page) == []
            await page.locator("#main").evaluate("main => main.scrollTo(0, 0)")
            await screenshot(page, f"kiosk-offline-{language}-{contrast}")
            assert await hard_to_touch(page) == []
    for name, size in SIZES.items():
        async with kept_page(chromium, door, f"/offline/{language}#/topic/work-permit", size) as page:
            assert await page.evaluate(WIDE), name
            assert await page.locator(".page").evaluate("page => page.scrollWidth <= page.clientWidth"), name
            await expect(page.get_by_test_id("again")).to_be_attached()
            await screenshot(page, f"kiosk-offline-topic-{name}-{language}")


async def test_every_language_fits_and_the_wall_is_for_everybody(
    chromium: Browser, door: str, service: Service
) -> None:
    for language in service.registry.offered():
        async with kept_page(chromium, door, f"/offline/{language.code}", (540, 960)) as page:
            assert await page.evaluate(WIDE), language.code
    for name, size in SIZES.items():
        async with kept_page(chromium, door, "/offline", size) as page:
            assert await page.evaluate(WIDE), name
            await screenshot(page, f"kiosk-offline-wall-{name}")
            if name == "portrait":
                assert await accessibility_violations(page) == []
                for one in await page.get_by_test_id("wall").locator("a").all():
                    await expect(one).to_be_in_viewport(ratio=1)
                for number in EMERGENCY:
                    await expect(page.get_by_text(number, exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_the_contacts_are_accessible(chromium: Browser, door: str, language: str) -> None:
    async with kiosk(chromium, door, language) as page:
        await page.goto("/contacts")
        assert await accessibility_violations(page) == []
        assert await page.evaluate(WIDE)
        await screenshot(page, f"kiosk-contacts-{language}")


async def test_without_script_they_are_pages_all_the_same(chromium: Browser, door: str) -> None:
    async with kept_page(chromium, door, "/offline", PORTRAIT, java_script_enabled=False) as page:
        await page.get_by_test_id("language-ar").tap()
        await page.locator("#topic-work-permit summary").tap()
        await expect(page.locator("#topic-work-permit .sheet__answer")).to_be_visible()
        await page.get_by_test_id("again").tap()
        await expect(page.get_by_test_id("wall")).to_be_visible()


def test_every_place_of_a_visit_and_no_other_address_is_gone_back_to(service: Service) -> None:
    """What stands behind `#` comes from the worker; whatever else stands there leads to the conversation."""
    script = (Path(offline.__file__).parent / "static" / "offline.js").read_text(encoding="utf-8")
    pattern = re.search(r"PLACES = /(.+)/;", script)
    assert pattern
    allowed = re.compile(pattern[1].replace("\\/", "/"))
    for place in ("//evil.example", "/finish", "https://evil.example", "/topic/../x", "/chat?x=1", "javascript:x"):
        assert not allowed.match(place), place
    for place in places(service.library) - {FINISH}:
        assert allowed.match(place), place
