"""The staff see which kiosks are silent: on the queue without touching anything, and in a list."""

from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import func, update

from bot.cases.model import Role
from bot.cases.rights import Right, roles_with
from bot.storage.kiosks import SILENT_AFTER, add_kiosk, beat
from bot.storage.tables import kiosks
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import Client, Console, SignedIn, following, page_problems

SILENT = SILENT_AFTER.total_seconds() + 1


async def kiosk(office: Office, name: str, *, silent_for: float | None = 0) -> str:
    """A kiosk that was heard so many seconds ago, or never."""
    async with office.service.engine.begin() as db:
        secret = await add_kiosk(db, name)
        if silent_for is not None:
            await beat(db, secret)
            seen = func.now() - timedelta(seconds=silent_for)
            await db.execute(update(kiosks).where(kiosks.c.name == name).values(seen_at=seen))
    return secret


@pytest.mark.parametrize("role", roles_with(Right.CASES))
async def test_everybody_with_the_queue_sees_the_silent_ones(office: Office, signed_in: SignedIn, role: Role) -> None:
    client = await signed_in(await office.person("Ayşe", "ar", role=role))
    await kiosk(office, "Hall 1")
    await kiosk(office, "Never started", silent_for=None)
    assert 'data-testid="silent-kiosks"' not in (await client.get("/")).text
    await kiosk(office, "<b>Door</b>", silent_for=SILENT)
    page = (await client.get("/")).text
    assert 'data-testid="silent-kiosks"' in page
    assert "&lt;b&gt;Door&lt;/b&gt;" in page
    assert "Hall 1" not in page
    assert "Never started" not in page


async def test_the_list_says_it_in_words(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    assert 'data-testid="no-kiosk"' in (await client.get("/staff/kiosks")).text
    for name, silent_for in (("Hall 1", 0), ("Hall 2", SILENT), ("Hall 3", None)):
        await kiosk(office, name, silent_for=silent_for)
    page = (await client.get("/staff/kiosks")).text
    for sign in ("alive", "silent", "not-seen"):
        assert page.count(f'data-testid="kiosk-{sign}"') == 1
    assert "nobody sees here when it stops" in page


async def test_strangers_see_nothing(client: Client) -> None:
    assert (await client.get("/staff/kiosks")).headers["location"] == "/sign-in"


async def test_it_comes_and_goes_on_an_open_page(office: Office, console: Console) -> None:
    """Within a few seconds, far below the page's own half minute, and without a reload."""
    secret = await kiosk(office, "Hall 1", silent_for=70)
    page = await console(await office.person("Deniz", "tr"))
    await following(page)
    banner = page.get_by_test_id("silent-kiosks")
    await expect(banner).to_have_count(0)
    await expect(banner).to_contain_text("Hall 1", timeout=15_000)
    async with office.service.engine.begin() as db:
        await beat(db, secret)
    await expect(banner).to_have_count(0, timeout=15_000)
    assert page_problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_anybody_can_read_it(office: Office, console: Console, scheme: str) -> None:
    for name, silent_for in (("Salon 1", 0), ("Giriş, kapının solu", SILENT), ("Bodrum", None)):
        await kiosk(office, name, silent_for=silent_for)
    page = await console(await office.person("Deniz", "tr"), locale="tr-TR", scheme=scheme)
    for place, name in (("/", "queue"), ("/staff/kiosks", "list")):
        await page.goto(place)
        assert await accessibility_violations(page) == []
        await screenshot(page, f"staff-kiosks-{name}-{scheme}-tr")
