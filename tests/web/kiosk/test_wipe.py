"""Two hundred visits, each with words of its own in every field, each ended in one of the ways in which visits end:
afterwards nothing of them is anywhere."""

import asyncio
import json
import os
import secrets
import signal
import tempfile
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from sqlalchemy import func, select, update

from bot.bootstrap import Service
from bot.hub import visits
from bot.hub.jobs import sweep
from bot.settings import Settings
from bot.storage import tables
from tests.web.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.web.kiosk.conftest import Answering
from tests.web.kiosk.leftovers import in_browser, in_bytes, in_database, in_files

SHIFTS: Final = 4
CYCLES: Final = int(os.environ.get("WIPE_CYCLES", "200")) // SHIFTS
"""In each shift, with a machine of its own."""
LANGUAGES: Final = ("tr", "ar", "ps", "en", "so")
OF_A_VISIT: Final = ("visits", "conversations", "inbox", "outbox", "choices", "turns", "forms", "continuations")


@dataclass
class Machine:
    """A kiosk with a profile on its disk, which outlives the browser. `page` is what stands on the screen."""

    playwright: Playwright
    door: str
    folder: Path
    service: Service
    answering: Answering
    canary: str = field(default_factory=lambda: f"kanarya\u062e{secrets.token_hex(6)}")
    page: Page = field(init=False)

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    async def start(self) -> None:
        context = await self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=[*CHROMIUM_ARGUMENTS, "--disable-session-crashed-bubble"],
            viewport={"width": 1080, "height": 1920},
            has_touch=True,
            base_url=self.door,
            env={**os.environ, "TMPDIR": str(self.folder)},
        )
        await context.clock.install()
        self.page = context.pages[0]
        await self.page.goto("/")

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    async def kill(self) -> None:
        """As when the power fails: nobody of the browser gets to tidy up."""
        async with self.context.expect_event("close"):
            os.kill(_browser_of(self.profile), signal.SIGKILL)
        _unlock(self.profile)

    async def visit(self, number: int) -> None:
        """Somebody chooses a language and puts the canary wherever something can be put."""
        page, words = self.page, f"{self.canary} {number}"
        await page.get_by_test_id("wall").get_by_test_id(f"language-{LANGUAGES[number % len(LANGUAGES)]}").click()
        await page.wait_for_url("**/chat")
        if number % 3 == 0:
            await page.goto("/check?about=status")
            await page.get_by_test_id("check-choice").nth(4).click()
            await page.get_by_test_id("check-typed").fill(words)
            await page.get_by_test_id("check-next").click()
            await expect(page.get_by_test_id("check-notice")).to_be_visible()
            await page.get_by_test_id("check-typed").fill(words)
            if number % 2:
                return
            await page.goto("/chat")
        await page.get_by_test_id("text").fill(words)
        async with page.expect_response("**/chat/messages"):
            await page.get_by_test_id("send").click()
        if number % 5 == 0:
            await self.answering.words(words)
            await expect(page.get_by_test_id("message-said")).to_be_visible()
        await page.get_by_test_id("text").fill(f"{words} draft")
        if number % 4 == 0:
            await page.get_by_test_id("language-fa").click()
            await expect(page.locator("html")).to_have_attribute("lang", "fa")
            await expect(page.get_by_test_id("text")).to_have_value(f"{words} draft")
        elif number % 7 == 0:
            await page.get_by_test_id("all-topics").click()
            await page.wait_for_url("**/topics")

    async def sweep_later(self) -> None:
        """The service looks again when a visit's time is over. What was on its way meanwhile was a touch."""
        age = visits.lifetime(self.service.settings) + timedelta(seconds=1)
        async with asyncio.timeout(20):
            while "visits" in await self.rows():
                async with self.service.engine.begin() as db:
                    await db.execute(update(tables.visits).values(touched_at=func.now() - age))
                await sweep(self.service)

    async def rows(self) -> dict[str, int]:
        async with self.service.engine.connect() as db:
            counted = {
                name: int(await db.scalar(select(func.count()).select_from(tables.metadata.tables[name])) or 0)
                for name in OF_A_VISIT
            }
        return {name: count for name, count in counted.items() if count}

    async def left(self) -> dict[str, object]:
        """Where the canary is. Empty: nowhere."""
        places: dict[str, object] = {
            "files": in_files(self.canary, self.folder),
            "database": await in_database(self.canary, self.service),
            "browser": await in_browser(self.canary, self.page),
        }
        return {place: found for place, found in places.items() if found}


def _browser_of(profile: Path) -> int:
    """The id of the process that all others of this browser hang on."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if f"--user-data-dir={profile}".encode() in command and b"--type=" not in command:
                return int(process.name)
    raise AssertionError("no browser")


def _unlock(profile: Path) -> None:
    # The dead browser cannot say that it is gone.
    (profile / "SingletonLock").unlink(missing_ok=True)


async def _markup(page: Page) -> bytes:
    """What stands on the screen, as soon as the browser has come to rest."""
    async with asyncio.timeout(20):
        while True:
            try:
                return (await page.content()).encode()
            except PlaywrightError:
                await asyncio.sleep(0.1)


async def by_the_button(kiosk: Machine) -> None:
    await kiosk.page.get_by_test_id("finish").click()
    await expect(kiosk.page.get_by_test_id("left-erased")).to_be_visible()


async def by_idle_time(kiosk: Machine) -> None:
    question, left = kiosk.page.get_by_test_id("more-time"), kiosk.page.get_by_test_id("left-erased")
    # A page that has just been loaded anew begins to count when its script runs.
    async with asyncio.timeout(30):
        for awaited in (question.or_(left), left):
            while not await awaited.first.is_visible():
                await kiosk.page.clock.fast_forward(60_000)
                await asyncio.sleep(0.3)


async def _to_the_wall(page: Page) -> None:
    """The page may just be loading itself anew, which ends what else is on its way, or comes after it."""
    for tries_left in (2, 1, 0):
        try:
            await page.goto("/")
            await expect(page.get_by_test_id("wall")).to_be_visible()
        except (PlaywrightError, AssertionError):
            if not tries_left:
                raise
            await asyncio.sleep(0.5)
        else:
            return


async def by_a_new_language(kiosk: Machine) -> None:
    await _to_the_wall(kiosk.page)
    await kiosk.page.get_by_test_id("wall").get_by_test_id("language-en").click()
    await kiosk.page.wait_for_url("**/chat")
    assert not await in_browser(kiosk.canary, kiosk.page)
    await by_the_button(kiosk)


async def by_the_network(kiosk: Machine) -> None:
    await kiosk.context.set_offline(True)
    await kiosk.page.get_by_test_id("finish").click()
    await expect(kiosk.page.get_by_test_id("finish")).to_have_count(0)
    await kiosk.context.set_offline(False)
    # A browser that has the kept pages ends the visit from there by itself; a fresh one has an error page of its own.
    if "/offline" not in kiosk.page.url:
        await _to_the_wall(kiosk.page)
    await kiosk.page.clock.fast_forward(6_000)
    await expect(kiosk.page.get_by_test_id("left-erased")).to_be_visible()


async def by_closing_the_page(kiosk: Machine) -> None:
    page = await kiosk.context.new_page()
    try:
        async with asyncio.timeout(10):
            await kiosk.page.close()
    except TimeoutError:
        # Once in some hundred times Chromium never closes a page that is being loaded. Then its starter kills it.
        await by_a_crash(kiosk)
        return
    kiosk.page = page
    await kiosk.sweep_later()
    await page.goto("/chat")
    await expect(page.get_by_test_id("wall")).to_be_visible()


async def by_a_crash(kiosk: Machine) -> None:
    await kiosk.kill()
    await kiosk.sweep_later()
    await kiosk.start()
    await expect(kiosk.page.get_by_test_id("wall")).to_be_visible()


OFTEN: Final[tuple[Callable[[Machine], Awaitable[None]], ...]] = (
    by_the_button,
    by_idle_time,
    by_a_new_language,
    by_the_network,
    by_the_button,
    by_closing_the_page,
    by_idle_time,
)
SELDOM: Final = 25
"""Each so many visits the browser is killed, which takes seconds."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Everything that the door, the tests and the browser write to disk lies below this.

    Not below pytest's own folder: the address of a socket has 107 bytes, and the browser puts one of its own there.
    """
    with tempfile.TemporaryDirectory(prefix="wipe-") as made, pytest.MonkeyPatch.context() as changed:
        inside = Path(made) / "tmp"
        inside.mkdir()
        changed.setenv("TMPDIR", str(inside))
        changed.setattr(tempfile, "tempdir", str(inside))
        yield Path(made)


@pytest.fixture
def settings(database_url: str, folder: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=folder / "data")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("shift", range(SHIFTS))
async def test_nothing_of_any_visit_is_left(
    service: Service, door: str, answering: Answering, folder: Path, capfd: pytest.CaptureFixture[str], shift: int
) -> None:
    async with async_playwright() as playwright:
        kiosk = Machine(playwright, door, folder, service, answering)
        await kiosk.start()
        for number in range(shift * CYCLES, (shift + 1) * CYCLES):
            await kiosk.visit(number)
            end = by_a_crash if number % SELDOM == SELDOM - 1 else OFTEN[number % len(OFTEN)]
            await end(kiosk)
            assert await kiosk.rows() == {}, (number, end.__name__)
            if number % 20 == 0:
                assert not await in_browser(kiosk.canary, kiosk.page), (number, end.__name__)
            if number % SELDOM == SELDOM - 2:
                for go in (kiosk.page.go_back, kiosk.page.go_back, kiosk.page.go_forward):
                    # The page of a browser that has nothing to show is as good as the wall.
                    with suppress(PlaywrightError):
                        await go()
                    assert not in_bytes(kiosk.canary, await _markup(kiosk.page)), (number, go.__name__)
                await kiosk.page.goto("/")
            if number % SELDOM == SELDOM - 1:
                assert await kiosk.left() == {}, (number, end.__name__)
        assert await kiosk.left() == {}
        await kiosk.context.close()
    assert in_files(kiosk.canary, folder) == []
    assert not in_bytes(kiosk.canary, "".join(capfd.readouterr()).encode())


async def test_the_search_finds_what_was_left_on_purpose(
    service: Service, door: str, answering: Answering, folder: Path
) -> None:
    """Otherwise the test above would prove nothing."""
    async with async_playwright() as playwright:
        kiosk = Machine(playwright, door, folder, service, answering)
        await kiosk.start()
        await kiosk.visit(1)
        assert set(await kiosk.left()) == {"database", "browser"}, "the words in the inbox, and those on the screen"
        await by_the_button(kiosk)
        assert await kiosk.left() == {}
        await kiosk.page.evaluate("words => localStorage.setItem('left', words)", kiosk.canary)
        assert "browser" in await kiosk.left()
        await kiosk.context.close()
    assert any("Local Storage" in path for path in in_files(kiosk.canary, folder))


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"", b"a", b"ab"])
def test_the_search_knows_every_spelling(tmp_path: Path, coding: str, before: bytes) -> None:
    canary = "kanarya\u062e77"
    text = before + canary.encode(coding)
    for number, spelled in enumerate((text, b64encode(text), quote(canary).encode(), json.dumps(canary).encode())):
        (tmp_path / str(number)).write_bytes(b"before " + spelled + b" after")
    (tmp_path / "other").write_bytes(b"kanarya" * 99)
    found = in_files(canary, tmp_path)
    assert found == [str(tmp_path / str(number)) for number in range(4)]
