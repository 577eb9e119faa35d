"""What axe finds on every screen, language and theme (nothing), reflow, and pictures to look at."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from bot.caseapi.alarms import Alarm
from bot.cases import work
from bot.cases.model import Priority, Role, Staff
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import Console
from tests.web.staff.test_alarms import sound

WHOLE_THREAD: ViewportSize = {"width": 1280, "height": 1750}
NARROW: ViewportSize = {"width": 320, "height": 640}


async def _busy_office(office: Office) -> tuple[Staff, str]:
    """Cases of every state and language. Returns Ayşe, and the address of a case that she has."""
    ayse = await office.person("Ayşe", "ar", "fa")
    bilal = await office.person("Bilal", "ar")
    for number, (language, topic, priority) in enumerate(
        [
            ("ar", "emergency-and-contacts", Priority.URGENT),
            ("fa", "address-registration", Priority.HIGH),
            ("ar", None, Priority.NORMAL),
        ]
    ):
        await office.asks_for_person(f"waiting {number}", language=language, topic=topic, priority=priority)
    theirs = await office.asks_for_person("theirs", topic="address-registration")
    conversation_id = await office.writes("كيف أسجل عنواني؟", "mine")
    await office.answers(conversation_id, "سجّل عنوانك خلال 20 يوم عمل.", intent="address-registration", confidence=0.91)
    mine = await office.asks_for_person("mine", topic="address-registration")
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, theirs.case_id, bilal)
        await work.claim(db, office.service.seal, mine.case_id, ayse)
    await office.adds(mine.case_id, "مرحبا، عنواني تغيّر وليس عندي عقد إيجار 0532 000 00 00")
    async with office.service.engine.begin() as db:
        await work.reply(db, office.voice, mine.case_id, ayse, "أهلا بك. هل عندك فاتورة باسمك؟")
        await work.add_note(db, office.service.seal, mine.case_id, ayse, "Speaks a dialect; short sentences help.")
    await office.adds(mine.case_id, "نعم \u202eعندي\u202c فاتورة كهرباء")
    return ayse, f"/cases/{mine.case_id}"


async def _everything_open(page: Page) -> None:
    await page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["tr-TR", "en-US"])
async def test_every_screen_is_accessible(office: Office, console: Console, locale: str, scheme: str) -> None:
    language = locale[:2]
    ayse, mine = await _busy_office(office)
    page = await console(ayse, locale=locale, scheme=scheme)

    async def look(name: str) -> None:
        assert await accessibility_violations(page) == [], name
        await screenshot(page, f"staff-{name}-{language}-{scheme}")

    await expect(page.locator("#waiting [data-case]")).to_have_count(3)
    await look("queue")
    await page.locator("#waiting .case__link").first.click()
    await expect(page.locator("#claim")).to_be_visible()
    await look("thread-open")
    await page.goto(mine)
    await look("thread-mine")
    await page.set_viewport_size(WHOLE_THREAD)
    await _everything_open(page)
    await look("thread-everything")
    await page.goto("/cases/00000000-0000-0000-0000-000000000001")
    await look("refused")
    await page.context.clear_cookies()
    await page.goto("/sign-in")
    await page.locator("#name").fill("Ayşe")
    await page.locator("#password").fill("wrong")
    await page.locator("main button").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await look("sign-in")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.OFFICER])
async def test_the_alarms_are_accessible(office: Office, console: Console, role: Role, scheme: str) -> None:
    for alarm in Alarm:
        await sound(office.service, alarm)
    page = await console(await office.person("Deniz", "tr", role=role), locale="tr-TR", scheme=scheme)
    await expect(page.locator(".alarm__one")).to_have_count(len(Alarm))
    assert await accessibility_violations(page) == []
    await screenshot(page, f"staff-alarms-{role.value}-{scheme}")
    await page.set_viewport_size(NARROW)
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


async def test_an_empty_office_is_accessible(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    assert await accessibility_violations(page) == []


async def test_nothing_scrolls_sideways_on_a_narrow_screen(office: Office, console: Console) -> None:
    ayse, mine = await _busy_office(office)
    page = await console(ayse)
    await page.set_viewport_size(NARROW)
    for path in ("/", mine):
        await page.goto(path)
        await _everything_open(page)
        await screenshot(page, f"staff-narrow-{'queue' if path == '/' else 'thread'}")
        overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, path
