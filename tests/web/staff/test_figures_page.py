"""The page of the figures and its file, over HTTP and in Chromium: planted conversations, and what is told of them."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Page, ViewportSize, expect
from sqlalchemy import func, select, text

from bot.cases.figures import Count, Share
from bot.cases.model import Role
from bot.i18n.formats import OFFICE_ZONE
from bot.storage.tables import audit
from kiosk.staff.figures_file import HEAD, inert
from kiosk.staff.figures_words import FigureWords
from tests.cases.figures.conftest import Past
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import Client, Console, SignedIn, following, page_problems

PAGE, FILE = "/figures", "/figures.csv"
YESTERDAY = datetime.now(OFFICE_ZONE).replace(hour=12) - timedelta(days=1)
SCREEN: ViewportSize = {"width": 1280, "height": 900}
ANSWER = ["topic:work-permit"]
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def past(office: Office) -> Past:
    return Past(office.service)


async def plant(past: Past) -> None:
    """Arabic: 66 conversations, of these 52 with a case. Pashto: 23, all alone. Persian: 3. And a strange channel."""
    for number in range(52):
        conversation = await past.talk(YESTERDAY, ("ar", [*ANSWER, "unclear:work-permit"] if number < 12 else ANSWER))
        opened = YESTERDAY + number * timedelta(seconds=30)
        waited = timedelta(minutes=5 + number)
        await past.case(conversation, opened, taken_after=waited, unclear=number < 7)
    await past.talks(14, YESTERDAY, ("ar", ANSWER), channel="kiosk")
    await past.talks(23, YESTERDAY, ("ps", ["topic:education"]), channel=FORMULA)
    await past.talks(3, YESTERDAY, ("fa", ANSWER))
    await past.talks(8, YESTERDAY, ("tr", ["topics:education,work-permit"]), likeliest="education")
    await past.talks(5, YESTERDAY, ("tr", ["say:out-of-scope"]))


async def cells(page: Page, table: str) -> dict[str, list[str]]:
    """The figures of a table by row, as they are read."""
    rows = await page.locator(f"#{table} tr[data-row]").all()
    return {
        await row.get_attribute("data-row") or "": [
            re.sub(r"\s+", " ", cell).strip() for cell in await row.locator("td.number").all_text_contents()
        ]
        for row in rows
    }


async def test_what_was_planted_is_told_in_spans(office: Office, past: Past, console: Console) -> None:
    await plant(past)
    page = await console(await office.person("Ayşe", "ar"), script=False)
    await page.get_by_role("link", name="Figures").click()
    languages = await cells(page, "languages")
    assert languages["ar"] == ["65–69", "65–69", "10–14", "14% – 22%"]
    assert languages["ps"] == ["20–24", "20–24", "20–24", "83% – 100%"]
    assert languages["fa"] == ["fewer than 5", "fewer than 5", "fewer than 5", "too few"]
    assert languages["fa"] == languages["so"], "three look the same as nobody"
    assert languages["tr"] == ["10–14", "fewer than 5", "fewer than 5", "too few"]
    assert languages["all"][0] == f"95–{69 + 24 + 14 + 7 * 4}"
    assert await cells(page, "channels") == {"telegram": ["65–69"], "kiosk": ["10–14"], FORMULA: ["20–24"]}
    assert await cells(page, "topics") == {"work-permit": ["65–69"], "education": ["20–24"]}
    assert await cells(page, "doubts") == {"education": ["5–9"], "out-of-scope": ["5–9"]}
    assert (await cells(page, "waiting"))["ar"][:4] == ["30 minutes", "55 minutes", "50–54", "50–54"]
    assert (await cells(page, "waiting"))["ps"][:2] == ["too few", "too few"]
    assert (await cells(page, "unclear"))["ar"] == ["65–69", "10–14", "14% – 22%", "50–54", "5–9", "9% – 18%"]
    assert page_problems(page) == []


async def test_the_bars_are_as_long_as_the_figures(office: Office, past: Past, console: Console) -> None:
    await plant(past)
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    widths = await page.locator("#languages tr[data-row=ar] .bars").evaluate(
        "bar => Object.fromEntries([...bar.children].map(part => "
        "[part.classList[1], part.getBoundingClientRect().width / bar.getBoundingClientRect().width]))"
    )
    assert widths == {
        "bar-part--good": pytest.approx(10 / 69, abs=0.01),
        "bar-part--some": pytest.approx(55 / 69, abs=0.01),
        "bar-part--open": pytest.approx(4 / 69, abs=0.01),
    }
    assert await page.locator("#languages tr[data-row=fa] .bar-part").count() == 1


async def test_shorter_than_asked_for_is_said(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    await page.get_by_role("link", name="Last 90 days").click()
    await expect(page.locator(".filter__link[aria-current]")).to_have_text("Last 90 days")
    # Kept by default: conversations for 7 days, closed cases for 30.
    await expect(page.locator(".spans__one--short")).to_have_count(2)
    await expect(page.get_by_text("Only 6 days: older ones are not kept whole.")).to_be_visible()
    await expect(page.get_by_text("Only 29 days: older ones are not kept whole.")).to_be_visible()
    await expect(page.get_by_text("No topic came up in five conversations.")).to_be_visible()


async def test_the_file_for_a_spreadsheet(office: Office, past: Past, signed_in: SignedIn) -> None:
    await plant(past)
    client = await signed_in(await office.person("Ayşe", "ar"))
    answer = await client.get(FILE, params={"days": 30})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    last = YESTERDAY.date()
    name = f"rehber-{last - timedelta(days=29)}-{last}.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\n") == answer.content.count(b"\r\n")
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert tuple(head) == HEAD
    assert {len(line) for line in lines} == {len(HEAD)}
    found = {tuple(line[:3]): line[3:] for line in lines}
    assert len(found) == len(lines)
    days = [str(last - timedelta(days=5)), str(last)]
    assert found["language", "ar", "conversations"] == ["people", *days, "65 to 69", "65", "69"]
    assert found["language", "fa", "conversations"] == ["people", *days, "<5", "0", "4"]
    assert found["language", "ar", "share_without_a_person"] == ["share", *days, "0.145 to 0.215", "0.145", "0.215"]
    assert found["channel", f"'{FORMULA}", "conversations"][3] == "20 to 24"
    assert found["waiting", "ar", "median"][0] == "minutes"
    assert found["waiting", "ar", "median"][3:] == ["30", "30", "30"]
    assert found["waiting", "so", "median"][3:] == ["too few", "", ""]
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n ＝a1'\"")))
def test_no_cell_is_a_formula(cell: str) -> None:
    safe = inert(cell)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert safe in (cell, f"'{cell}")


@pytest.mark.parametrize(("path", "act"), [(PAGE, "figures.view"), (FILE, "figures.export")])
async def test_every_look_is_written_down(office: Office, signed_in: SignedIn, path: str, act: str) -> None:
    person = await office.person("Ayşe", "ar")
    client = await signed_in(person)
    await client.get(path)
    await client.get(path, params={"days": 30})
    async with office.service.engine.connect() as db:
        rows = await db.execute(select(audit.c.staff_id, audit.c.act, audit.c.subject).where(audit.c.act == act))
    assert [tuple(row) for row in rows] == [(person.id, act, "7 days"), (person.id, act, "30 days")]


async def test_a_page_that_looks_again_by_itself_counts_nothing(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    async with office.service.engine.begin() as other:
        await other.execute(text("LOCK TABLE turns"))
        answer = await client.get(PAGE, headers={"Live-Refresh": "1"})
    assert answer.status_code == 200
    assert 'id="languages"' not in answer.text
    async with office.service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(audit).where(audit.c.act == "figures.view")) == 0


async def test_the_figures_stay_while_the_console_follows(office: Office, past: Past, console: Console) -> None:
    await plant(past)
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(f"{PAGE}?days=30")
    await following(page)
    await office.asks_for_person("new")
    await page.wait_for_timeout(1000)
    assert (await cells(page, "languages"))["ar"][0] == "65–69"
    assert page_problems(page) == []


async def test_everybody_on_the_staff_and_nobody_else(office: Office, client: Client, signed_in: SignedIn) -> None:
    for path in (PAGE, FILE):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    for person in (await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)):
        console = await signed_in(person)
        assert {(await console.get(path)).status_code for path in (PAGE, FILE)} == {200}


@pytest.mark.parametrize("days", ["8", "0", "-7", "x", "7;drop", "7.5", "99999999999999999999"])
async def test_other_periods_are_refused(office: Office, signed_in: SignedIn, days: str) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    for path in (PAGE, FILE):
        assert (await client.get(path, params={"days": days})).status_code == 422


@pytest.mark.parametrize(
    ("code", "percent", "number"), [("tr", "%14 – %22", "1.200–1.204"), ("en", "14% – 22%", "1,200–1,204")]
)
def test_numbers_are_written_as_the_reader_writes_them(office: Office, code: str, percent: str, number: str) -> None:
    told = FigureWords(office.service, code)
    assert told.count(Count.of(1203)) == number
    assert told.share(Share(0.145, 0.215)) == percent


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["tr-TR", "en-US", "ar"])
async def test_it_is_accessible_in_both_directions(
    office: Office, past: Past, console: Console, monkeypatch: pytest.MonkeyPatch, locale: str, scheme: str
) -> None:
    # As with the page of the content: ready for a language from right to left.
    monkeypatch.setattr("kiosk.staff.language.STAFF_LANGUAGES", ("tr", "en", "ar"))
    await plant(past)
    language = locale[:2]
    page = await console(await office.person("Ayşe", "ar"), locale=locale, scheme=scheme)
    await page.goto(f"{PAGE}?days=30")
    await page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert await page.evaluate("document.documentElement.lang") == language
    assert await accessibility_violations(page) == []
    height = await page.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": SCREEN["width"], "height": height})
    await screenshot(page, f"staff-figures-{language}-{scheme}")


async def test_nothing_scrolls_sideways_on_a_narrow_screen(office: Office, past: Past, console: Console) -> None:
    await plant(past)
    page = await console(await office.person("Ayşe", "ar"))
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(PAGE)
    await page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
