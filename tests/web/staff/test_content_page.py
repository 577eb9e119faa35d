"""The page of the content in Chromium: what is missing, old or hostile in a content folder is seen as what it is."""

import re
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, ViewportSize, expect

from bot.bootstrap import Service
from bot.cases.model import Role
from bot.checks.extraction import catalogue_path, compile_all
from bot.content import load_library
from bot.content.text import fingerprint, read_text_file
from bot.i18n.catalogues import load_catalogues
from bot.i18n.formats import OFFICE_ZONE, format_date
from bot.settings import ROOT
from kiosk.staff import create_staff_app
from kiosk.web.own_files import static_place
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import Client, Console, SignedIn, page_problems
from tests.web.staff.test_hostile_text import FIRE, assert_inert

PAGE = "/staff/content"
ADDRESS = "address-registration"
OVERDUE, TODAY_DUE, SOON, LATER = "health-care", "work-permit", "education", "visa-questions"
MACHINE, REVIEWED = "social-assistance", "notifications"
HOSTILE_OWNER = f"<img src=x onerror='{FIRE}'> {{{{ 7*7 }}}} \u202etxt"
HOSTILE_DUTY = f"</td></table><script>{FIRE}</script>"
HOSTILE_REVIEWER = f'"><svg/onload={FIRE}>'
HOSTILE_TITLE = "Kayıt \u202eters & \" ' {{ 7 }}"
SCREEN: ViewportSize = {"width": 1280, "height": 900}


def _today() -> date:
    return datetime.now(OFFICE_ZONE).date()


def _rewrite(path: Path, pattern: str, replacement: str) -> None:
    """Replace the first match in a file; there must be one, or the test plants nothing."""
    text = path.read_text(encoding="utf-8")
    changed, number = re.subn(pattern, lambda _: replacement, text, count=1, flags=re.MULTILINE)
    assert number == 1, f"{path} has no {pattern}"
    path.write_text(changed, encoding="utf-8")


def _due(content: Path, slug: str, days: int) -> None:
    facts = content / "topics" / slug / "facts.yaml"
    due = _today() + timedelta(days=days)
    _rewrite(facts, "^last_reviewed:.*$", f"last_reviewed: {due - timedelta(days=90)}")
    _rewrite(facts, "^review_due:.*$", f"review_due: {due}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the content folder and of the catalogues: every translation a draft, no review due for a long time."""
    for folder in ("content", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    content = tmp_path / "content"
    for facts in (content / "topics").glob("*/facts.yaml"):
        _due(content, facts.parent.name, 100)
    for path in (content / "topics").glob("*/*.md"):
        path.write_text(_undone(path.read_text(encoding="utf-8")), encoding="utf-8")
    return tmp_path


def _undone(text: str) -> str:
    """The file as it was before anybody had reviewed it."""
    without = re.sub(r"(?m)^reviewed(_words)?:.*\n", "", text)
    return re.sub(r"(?m)^reviewer:.*$", "reviewer: null", re.sub(r"(?m)^status: reviewed$", "status: draft", without))


@pytest.fixture
def planted(project: Path) -> Path:
    """The copy with everything in it that the page is there to show."""
    content = project / "content"
    topics = content / "topics"
    for slug, days in ((OVERDUE, -3), (TODAY_DUE, 0), (SOON, 30), (LATER, 31)):
        _due(content, slug, days)
    for code in ("ar", "so"):
        _rewrite(topics / ADDRESS / f"{code}.md", "^source:.*$", 'source: "000000000000"')
    (topics / SOON / "so.md").unlink()
    _rewrite(topics / MACHINE / "fa.md", "^status:.*$", "status: machine")
    reviewed = topics / REVIEWED / "fa.md"
    words = fingerprint(read_text_file(reviewed).body)
    review = f"reviewer: {_quoted(HOSTILE_REVIEWER)}\nreviewed: {_today()}\nreviewed_words: '{words}'"
    _rewrite(reviewed, "^status:.*$", "status: reviewed")
    _rewrite(reviewed, "^reviewer:.*$", review)
    _rewrite(topics / OVERDUE / "facts.yaml", "^owner:.*$", f"owner: {_quoted(HOSTILE_OWNER)}")
    for code in ("ar", "en"):
        _rewrite(topics / OVERDUE / f"{code}.md", "^# .*$", f"# {HOSTILE_TITLE}")
    duties = content / "office_duties.yaml"
    _rewrite(duties, "^    reason:.*$", f"    reason: {_quoted(HOSTILE_DUTY)}")
    po = catalogue_path(project, load_library(content).languages.get("ru"))
    _rewrite(po, '^msgid "Queue"\nmsgstr ".*"$', 'msgid "Queue"\nmsgstr ""')
    return project


@pytest.fixture
def begun(project: Path) -> Path:
    """The copy with the first text of a language that is not offered yet."""
    topics = project / "content" / "topics"
    shutil.copy(topics / ADDRESS / "en.md", topics / ADDRESS / "uk.md")
    return project


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Path:
    """Which copy the door reads: the planted one, unless the test names another."""
    found = request.getfixturevalue(getattr(request, "param", "planted"))
    assert isinstance(found, Path)
    return found


@pytest.fixture
def door(service: Service, world: Path) -> FastAPI:
    library = load_library(world / "content")
    compile_all(world, library.languages)
    return create_staff_app(replace(service, library=library, catalogues=load_catalogues(world, library.languages)))


async def _rows(page: Page, section: str) -> list[str]:
    """The rows of a section's table, each as one line."""
    rows = await page.locator(f"#{section} tbody tr").all_inner_texts()
    return [" ".join(row.split()) for row in rows]


async def _figures(page: Page) -> dict[str, list[str]]:
    """The cells of the chart's table by language."""
    rows = await page.locator("#coverage tbody tr").all()
    return {
        await row.get_attribute("data-language") or "": [
            cell.strip() for cell in await row.locator(".number").all_inner_texts()
        ]
        for row in rows
    }


async def test_what_is_old_or_missing_is_seen(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.get_by_role("link", name="Content", exact=True).click()
    await expect(page.get_by_role("link", name="Content", exact=True)).to_have_attribute("aria-current", "page")
    heads = [head.strip() for head in await page.locator("#coverage thead .number").all_inner_texts()]
    figures = await _figures(page)
    topics = len(load_library(ROOT / "content").topics)
    assert heads[:-1] == ["Original", "Reviewed", "Draft", "Machine translation", "Outdated", "Missing"]
    assert figures["tr"][:-1] == [str(topics), "0", "0", "0", "0", "0"]
    assert figures["ar"][:-1] == ["0", "0", str(topics - 1), "0", "1", "0"]
    assert figures["so"][:-1] == ["0", "0", str(topics - 2), "0", "1", "1"]
    assert figures["fa"][:-1] == ["0", "1", str(topics - 2), "1", "0", "0"]
    assert [row.split()[0] for row in await _rows(page, "missing")] == ["School"]
    assert (await _rows(page, "missing"))[0].endswith("Soomaali")
    assert (await _rows(page, "outdated"))[0].endswith("العربية · Soomaali")
    overdue, last_day, soon = await _rows(page, "reviews")
    assert overdue.endswith("3 days overdue")
    assert last_day.endswith("Today is the last day.")
    assert soon.endswith("30 days left")
    assert OVERDUE in overdue
    assert SOON in soon
    assert LATER not in overdue + last_day + soon
    assert format_date(_today(), load_library(ROOT / "content").languages.get("en")) in last_day
    assert load_library(ROOT / "content").topic(TODAY_DUE).facts.owner in last_day


async def test_the_bars_are_as_long_as_the_figures(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    widths = await page.locator("tr[data-language=so] .bars").evaluate(
        "bar => Object.fromEntries([...bar.children].map(part => "
        "[part.classList[1], part.getBoundingClientRect().width / bar.getBoundingClientRect().width]))"
    )
    topics = len(load_library(ROOT / "content").topics)
    assert widths.keys() == {"part--draft", "part--outdated", "part--missing"}
    assert widths["part--outdated"] == pytest.approx(1 / topics, abs=0.01)
    assert widths["part--draft"] == pytest.approx(1 - 2 / topics, abs=0.01)
    striped = page.locator("tr[data-language=so] .part--draft")
    assert await striped.evaluate("part => getComputedStyle(part).fill") == 'url("#stripes")'


async def test_a_phrase_that_is_not_translated_is_counted(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    figures = await _figures(page)
    russian, english = (re.findall(r"\d+", figures[code][-1]) for code in ("ru", "en"))
    assert english[0] == english[1] == russian[1]
    assert int(russian[0]) < int(russian[1])


async def test_one_language_alone(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"), script=False)
    await page.goto(PAGE)
    await page.get_by_role("navigation", name="Show one language").get_by_role("link", name="Soomaali").click()
    assert page.url.endswith(f"{PAGE}?language=so")
    await expect(page.locator(".filter__link[aria-current]")).to_have_text("Soomaali")
    assert (await _figures(page)).keys() == {"so"}
    assert (await _rows(page, "outdated"))[0].endswith("Soomaali")
    assert "العربية" not in "".join(await _rows(page, "outdated"))
    states = await _rows(page, "topics")
    assert len(states) == len(load_library(ROOT / "content").topics)
    assert [row.split(" ")[0] for row in states if "Missing" in row] == ["School"]
    await page.get_by_role("link", name="English", exact=True).click()
    await expect(page.get_by_text("No translation is missing.")).to_be_visible()


async def test_levels_and_office_duties(office: Office, console: Console) -> None:
    library = load_library(ROOT / "content")
    page = await console(await office.person("Deniz", role=Role.OFFICER), locale="tr-TR")
    await page.goto(PAGE)
    for level in ("H0", "H1", "H2", "H3"):
        listed = await page.locator(f"[data-level={level}] .slug").all_text_contents()
        assert listed == [slug for slug, topic in library.topics.items() if topic.facts.level == level]
        assert listed
    duties = await _rows(page, "duties")
    assert [row.split()[0] for row in duties] == ["R02", "R11", "R16", "S02", "S08"]
    for row, duty in zip(duties, library.duties, strict=True):
        assert duty.seed.text in row
        assert duty.unit in row
    assert await page.locator("#duties bdi[lang=tr]").count() >= 3 * len(duties)


async def test_what_a_file_says_stays_text(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    for address in (PAGE, f"{PAGE}?language=fa", f"{PAGE}?language=ar"):
        await page.goto(address)
        await assert_inert(page)
        shown = await page.locator("body").text_content() or ""
        assert f"<img src=x onerror='{FIRE}'> {{{{ 7*7 }}}} [U+202E]txt" in shown
        assert HOSTILE_DUTY in shown
        assert (HOSTILE_REVIEWER in shown) is address.endswith("fa")
        assert "Kayıt [U+202E]ters & \" ' {{ 7 }}" in shown


@pytest.mark.parametrize("world", ["project"], indirect=True)
async def test_nothing_to_do_is_said(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    for sentence in (
        "No review is due within 30 days.",
        "No translation is outdated.",
        "No translation is missing.",
    ):
        await expect(page.get_by_text(sentence)).to_be_visible()
    await expect(page.locator(".figure--alarm")).to_have_count(0)
    await expect(page.locator("#coverage thead .number", has_text="Machine")).to_have_count(0)
    await page.goto(f"{PAGE}?language=so")
    await expect(page.locator("#coverage thead .number", has_text="Original")).to_have_count(0)


@pytest.mark.parametrize("world", ["begun"], indirect=True)
async def test_a_language_in_the_making_is_there_and_not_offered(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(f"{PAGE}?language=uk")
    topics = len(load_library(ROOT / "content").topics)
    assert (await _figures(page))["uk"] == ["0", "1", "0", str(topics - 1), "–"]
    assert (await _rows(page, "coverage"))[0].startswith("Українська not offered")


async def test_the_page_asks_nobody_else(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{PAGE}?language=ar")
    await page.wait_for_load_state("load")
    home = page.url.removesuffix(f"{PAGE}?language=ar")
    assert f"{home}{static_place()}/staff/content.css" in asked
    assert [url for url in asked if not url.startswith(f"{home}/")] == []
    assert page_problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["tr-TR", "en-US", "ar"])
async def test_it_is_accessible_in_both_directions(
    office: Office, console: Console, monkeypatch: pytest.MonkeyPatch, locale: str, scheme: str
) -> None:
    # The console is offered in Turkish and English. Its pages must be ready for a language from right to left.
    monkeypatch.setattr("kiosk.staff.language.STAFF_LANGUAGES", ("tr", "en", "ar"))
    language = locale[:2]
    page = await console(await office.person("Ayşe", "ar"), locale=locale, scheme=scheme)
    for name, address in (("all", PAGE), ("one", f"{PAGE}?language=so")):
        await page.set_viewport_size(SCREEN)
        await page.goto(address)
        assert await page.evaluate("document.documentElement.lang") == language
        await page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert await accessibility_violations(page) == []
        height = await page.evaluate("document.documentElement.scrollHeight")
        await page.set_viewport_size({"width": SCREEN["width"], "height": height})
        await screenshot(page, f"staff-content-{name}-{language}-{scheme}")
    named = await page.locator("tr[data-language=so] th").bounding_box()
    drawn = await page.locator("tr[data-language=so] .part--draft").bounding_box()
    assert named is not None
    assert drawn is not None
    assert (named["x"] < drawn["x"]) is (language != "ar")
    missing = await page.locator("tr[data-language=so] .part--missing").bounding_box()
    assert missing is not None
    assert (drawn["x"] < missing["x"]) is (language != "ar"), "the bar grows in the direction of reading"


async def test_nothing_scrolls_sideways_on_a_narrow_screen(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.set_viewport_size({"width": 320, "height": 640})
    for address in (PAGE, f"{PAGE}?language=ar"):
        await page.goto(address)
        await page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
    await screenshot(page, "staff-narrow-content")


async def test_the_console_changes_its_language_and_stays_here(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(PAGE)
    await page.get_by_role("button", name="Türkçe").click()
    await expect(page.locator("html")).to_have_attribute("lang", "tr")
    assert page.url.endswith(PAGE)


async def test_everybody_on_the_staff_and_nobody_else(office: Office, client: Client, signed_in: SignedIn) -> None:
    answer = await client.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    for person in (await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)):
        assert (await (await signed_in(person)).get(PAGE)).status_code == 200


@pytest.mark.parametrize("code", ["xx", "ur", "<script>", "../tr", "tr' OR 1=1"])
async def test_a_language_without_a_text_is_not_found(office: Office, signed_in: SignedIn, code: str) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    answer = await client.get(PAGE, params={"language": code})
    assert answer.status_code == 404
    assert code not in answer.text
