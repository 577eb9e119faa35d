"""Take it with me: the codes on the screen hold what they should, the paper opens on a phone, the slip is printed."""

import io
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Final

import httpx2
import pypdfium2  # type: ignore[import-untyped]
import pytest
import segno
from PIL import Image
from playwright.async_api import Browser, Page, expect

from bot.bootstrap import Service, build_service
from bot.errors import SettingsError
from bot.i18n.leaflet_phrases import LEAFLET
from bot.printing.typeset import can_set
from bot.settings import ROOT, Settings
from kiosk.app import create_public_app
from kiosk.public.slips import MOST_OF_A_VISIT
from tests.printing.paper_roll import Mood, Printer, paper_roll, printed
from tests.web.conftest import Serve, accessibility_violations, screenshot
from tests.web.kiosk.conftest import begin
from tests.web.kiosk.measuring import PITCH_MM, SCRIPTS, SIZES, hard_to_touch
from tests.web.kiosk.visitor import choose, kiosk

BOT: Final = "rehber_office_bot"
PUBLIC: Final = "https://rehber.example"
TAKE: Final = "/topic/work-permit/take"
SMALLEST_CODE_MM: Final = 40


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    async with paper_roll() as roll:
        yield roll


@pytest.fixture
def settings(database_url: str, tmp_path: Path, printer: Printer) -> Settings:
    """An office that has everything: a bot, an address for phones and a printer."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        telegram_bot_name=BOT,
        public_url=f"{PUBLIC}/",
        slip_printer=f"tcp://127.0.0.1:{printer.port}",
    )


async def shown_code(page: Page, name: str) -> list[list[bool]]:
    """The modules of a code as they are drawn on the screen, read from its pixels. True is black."""
    drawing = page.get_by_test_id(f"code-{name}").locator("svg")
    _, _, side, _ = map(float, (await drawing.get_attribute("viewBox") or "").split())
    modules = int(side)
    picture = Image.open(io.BytesIO(await drawing.screenshot())).convert("L")
    step = picture.width / modules
    pixels = [
        [picture.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) for x in range(modules)]
        for y in range(modules)
    ]
    assert {shade for row in pixels for shade in row} == {0, 255}, "black on white and sharp"
    return [[shade == 0 for shade in row] for row in pixels]


def expected_code(address: str) -> list[list[bool]]:
    """The modules that the address has, with four white ones around."""
    return [
        [bool(module) for module in row] for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)
    ]


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("language", SCRIPTS)
async def test_the_codes_lead_to_the_topic_in_the_language(
    chromium: Browser, door: str, language: str, contrast: str
) -> None:
    async with kiosk(chromium, door, language, contrast=contrast) as page:
        await page.goto("/topic/work-permit")
        await page.get_by_test_id("take").tap()
        await expect(page).to_have_url(f"{door}{TAKE}")
        telegram = f"https://t.me/{BOT}?start=lang_{language}__topic_work-permit"
        assert await shown_code(page, "telegram") == expected_code(telegram)
        assert await shown_code(page, "paper") == expected_code(f"{PUBLIC}/paper/work-permit/{language}.pdf")
        for name in ("telegram", "paper"):
            box = await page.get_by_test_id(f"code-{name}").locator("svg").bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) * PITCH_MM >= SMALLEST_CODE_MM
        assert await accessibility_violations(page) == []
        assert await hard_to_touch(page) == []
        await screenshot(page, f"kiosk-take-{language}{'-contrast' if contrast == 'more' else ''}")


@pytest.mark.parametrize("size", SIZES)
async def test_on_any_screen_the_codes_are_whole(chromium: Browser, door: str, size: str) -> None:
    for language in ("ar", "fr", "ps"):
        async with kiosk(chromium, door, language, SIZES[size]) as page:
            await page.goto(TAKE)
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            for name in ("telegram", "paper"):
                drawing = page.get_by_test_id(f"code-{name}").locator("svg")
                await drawing.scroll_into_view_if_needed()
                await expect(drawing).to_be_in_viewport(ratio=0.99)
            await screenshot(page, f"kiosk-take-{size}-{language}")


async def test_going_back_and_another_language_keep_the_place(screen: Page, door: str) -> None:
    await choose(screen, "ar")
    await screen.goto("/topic/work-permit")
    await screen.get_by_test_id("take").tap()
    await screen.get_by_test_id("language-fr").tap()
    await expect(screen).to_have_url(f"{door}{TAKE}")
    await expect(screen.locator("html")).to_have_attribute("lang", "fr")
    assert await shown_code(screen, "telegram") == expected_code(f"https://t.me/{BOT}?start=lang_fr__topic_work-permit")
    await screen.get_by_test_id("back").tap()
    await expect(screen).to_have_url(f"{door}/topic/work-permit")


async def test_a_slip_is_printed_and_five_are_enough(screen: Page, printer: Printer) -> None:
    await choose(screen, "ar")
    for _ in range(MOST_OF_A_VISIT):
        await screen.goto(TAKE)
        await screen.get_by_test_id("print").tap()
        await expect(screen.get_by_test_id("slip-printed")).to_be_visible()
    papers = {printed(await printer.job()).tobytes() for _ in range(MOST_OF_A_VISIT)}
    assert len(papers) == 1
    await screenshot(screen, "kiosk-take-printed-ar")
    await screen.get_by_test_id("print").tap()
    await expect(screen.get_by_test_id("slip-enough")).to_be_visible()
    assert printer.jobs.empty()


async def test_a_printer_in_trouble_is_told_plainly(http: httpx2.AsyncClient, printer: Printer) -> None:
    await begin(http)
    printer.mood = Mood.OUT_OF_PAPER
    answer = await http.post("/topic/work-permit/slip")
    assert answer.headers["location"] == f"{TAKE}?slip=no-paper"
    assert "has no paper" in (await http.get(answer.headers["location"])).text


async def test_a_printer_that_is_gone_is_told_plainly(service: Service, serve: Serve, settings: Settings) -> None:
    gone = settings.model_copy(update={"slip_printer": "/dev/there-is-no-printer"})
    door = await serve(create_public_app(build_service(gone)))
    async with httpx2.AsyncClient(base_url=door, headers={"Origin": door, "Accept": "text/html"}) as http:
        await begin(http)
        answer = await http.post("/topic/work-permit/slip")
        assert answer.headers["location"] == f"{TAKE}?slip=silent"
        assert "does not answer" in (await http.get(answer.headers["location"])).text


async def test_the_paper_opens_on_a_phone_without_a_visit(http: httpx2.AsyncClient, service: Service) -> None:
    answer = await http.get("/paper/work-permit/fr.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert "rehber-work-permit-fr.pdf" in answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers
    pages = pypdfium2.PdfDocument(answer.content)
    assert 1 <= len(pages) <= 2
    pages.close()
    assert (await http.get("/paper/work-permit/fr.pdf")).content == answer.content, "made once"
    for wrong in ("/paper/work-permit/xx.pdf", "/paper/no-topic/fr.pdf", "/paper/work-permit/uk.pdf"):
        assert (await http.get(wrong)).status_code == 404


async def test_without_a_visit_there_is_no_page_and_no_slip(http: httpx2.AsyncClient, printer: Printer) -> None:
    assert (await http.get(TAKE)).headers["location"] == "/"
    assert (await http.post("/topic/work-permit/slip")).headers["location"] == "/"
    await begin(http)
    assert (await http.get("/topic/no-topic/take")).status_code == 404
    assert (await http.post("/topic/no-topic/slip")).status_code == 404
    assert printer.jobs.empty()


async def test_an_office_without_anything_offers_nothing(service: Service, serve: Serve, settings: Settings) -> None:
    nothing = {"telegram_bot_name": "", "public_url": "", "slip_printer": ""}
    bare = build_service(settings.model_copy(update=nothing))
    door = await serve(create_public_app(bare))
    async with httpx2.AsyncClient(base_url=door, headers={"Origin": door, "Accept": "text/html"}) as http:
        await begin(http)
        assert 'data-testid="take"' not in (await http.get("/topic/work-permit")).text
        page = (await http.get(TAKE)).text
        assert 'data-testid="take-nothing"' in page
        assert 'data-testid="code-' not in page
        assert 'data-testid="print"' not in page
        assert service.catalogues.say("en", LEAFLET["code-private"]) not in page
        assert (await http.post("/topic/work-permit/slip")).headers["location"] == f"{TAKE}?slip=silent"


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine without it: the library fails as it is imported."""

    class Failing(MetaPathFinder):
        def find_spec(self, fullname: str, path: object, target: object = None) -> None:
            if fullname == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Failing(), *sys.meta_path])
    can_set.cache_clear()
    yield
    can_set.cache_clear()


async def test_a_machine_that_makes_no_paper_offers_none_and_lives(
    no_pango: None, http: httpx2.AsyncClient, printer: Printer
) -> None:
    await begin(http)
    page = (await http.get(TAKE)).text
    assert 'data-testid="code-telegram"' in page
    assert 'data-testid="code-paper"' not in page
    assert 'data-testid="print"' not in page
    assert (await http.get("/paper/work-permit/fr.pdf")).status_code == 503
    assert (await http.post("/topic/work-permit/slip")).headers["location"] == f"{TAKE}?slip=silent"
    assert printer.jobs.empty()


def test_no_door_needs_pango_to_start() -> None:
    """The library loads it as it is imported, so nothing may import it before a paper is made."""
    code = "import sys, kiosk.app, bot.channels.telegram.process, bot.hub.worker; print('weasyprint' in sys.modules)"
    started = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert started.stdout.strip() == "False"


def test_a_printer_that_is_none_stops_the_start(service: Service, settings: Settings) -> None:
    wrong = build_service(settings.model_copy(update={"slip_printer": "lp0"}))
    with pytest.raises(SettingsError):
        create_public_app(wrong)
