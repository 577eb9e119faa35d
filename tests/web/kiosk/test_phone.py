"""The answer of a check: without its places on the public screen, whole on the person's own phone, and there once."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import psycopg
import pytest
from icalendar import Calendar
from playwright.async_api import Browser, Page, expect
from pydantic import ValidationError

from bot.caseapi.sandbox.people import people
from bot.caseapi.verification import Outcome, Reply
from bot.caseapi.wording import Line
from bot.settings import Settings
from kiosk.public.phone_answers import PhoneAnswers
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.checking import answer, identify, last_code
from tests.web.kiosk.conftest import begin
from tests.web.kiosk.measuring import PITCH_MM
from tests.web.kiosk.test_waiting import CODE_MM

SOMEBODY = next(
    p for p in people(datetime.now(UTC)) if p.appointments and p.permits and p.appointments[0].status == "BOOKED"
)
UNIT = SOMEBODY.appointments[0].unit
PUBLIC = "http://127.0.0.1:8000"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, sandbox: str) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "data", case_api_url=sandbox, public_url=PUBLIC)


async def see_the_answer(http: httpx2.AsyncClient, sandbox: str, language: str = "en") -> str:
    await begin(http, language)
    await identify(http, SOMEBODY, "appointment")
    return await answer(http, await last_code(sandbox))


async def the_code(http: httpx2.AsyncClient, codes: list[str]) -> str:
    assert (await http.get("/check/phone")).status_code == 200
    assert re.fullmatch(r"/phone/[0-9a-f]{32}", codes[-1])
    return codes[-1]


def phone(door: str) -> httpx2.AsyncClient:
    """Another device: no cookie of the kiosk's."""
    return httpx2.AsyncClient(base_url=door, headers={"Origin": door, "Accept-Language": "ar"})


async def test_the_screen_covers_the_places_until_a_second_touch(http: httpx2.AsyncClient, sandbox: str) -> None:
    page = await see_the_answer(http, sandbox)
    assert UNIT not in page
    assert "When:" in page
    assert "•••" in page
    assert re.search(r'<div class="answer__lines" data-private>', page)
    whole = (await http.get("/check?whole=true")).text
    assert UNIT in whole
    assert re.search(r"<details(?![^>]*\bopen)[^>]*data-testid=\"check-answer\"", whole)


async def test_the_phone_shows_all_of_it_once_and_a_look_does_not_use_it_up(
    http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str]
) -> None:
    await see_the_answer(http, sandbox, "fa")
    code = await the_code(http, codes)
    async with phone(door) as own:
        for _ in range(3):
            covered = await own.get(code)
            assert covered.status_code == 200
            assert UNIT not in covered.text
        shown = await own.post(code)
        assert shown.status_code == 200
        assert UNIT in shown.text
        assert '<html lang="fa" dir="rtl">' in shown.text
        for response in (covered, shown):
            assert response.headers["cache-control"] == "no-store"
            assert response.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in response.headers["x-robots-tag"]
            assert "set-cookie" not in response.headers
        again, looked = await own.post(code), await own.get(code)
        unknown = await own.get(f"/phone/{'0' * 32}")
    assert {again.status_code, looked.status_code, unknown.status_code} == {404}
    assert again.text == looked.text == unknown.text
    assert '<html lang="ar" dir="rtl">' in unknown.text
    for secret in (SOMEBODY.number, SOMEBODY.factor_value, SOMEBODY.phone):
        assert secret not in shown.text


async def test_of_two_phones_one_sees_it(http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str]) -> None:
    await see_the_answer(http, sandbox)
    code = await the_code(http, codes)
    async with phone(door) as one, phone(door) as other:
        both = await asyncio.gather(one.post(code), other.post(code))
    assert sorted(response.status_code for response in both) == [200, 404]


async def test_the_calendar_takes_the_appointment(
    http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str]
) -> None:
    await see_the_answer(http, sandbox)
    code = await the_code(http, codes)
    async with phone(door) as own:
        page = (await own.post(code)).text
        form = re.search(r'action="([^"]+)">\s*<input type="hidden" name="of" value="(\w+)"', page)
        assert form
        assert form[2] not in code
        file = await own.post(form[1], data={"of": form[2], "number": "1"})
        assert file.headers["content-disposition"] == 'attachment; filename="appointment.ics"'
        (event,) = Calendar.from_ical(file.content).walk("VEVENT")
        assert UNIT in str(event["location"])
        for wrong in ({"of": "0" * 32, "number": "1"}, {"of": form[2], "number": "3"}):
            assert (await own.post(form[1], data=wrong)).status_code == 404


@pytest.mark.parametrize("opened", [True, False])
async def test_finish_takes_back_what_no_phone_has_opened(
    http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str], opened: bool
) -> None:
    await see_the_answer(http, sandbox)
    code = await the_code(http, codes)
    async with phone(door) as own:
        if opened:
            await own.get(code)
        await http.post("/finish")
        assert (await own.post(code)).status_code == (200 if opened else 404)


async def test_the_same_answer_keeps_its_code_and_another_ends_it(
    http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str]
) -> None:
    await see_the_answer(http, sandbox)
    first = await the_code(http, codes)
    assert await the_code(http, codes) == first
    await http.post("/check/more", data={"about": "status"})
    second = await the_code(http, codes)
    async with phone(door) as own:
        assert (await own.get(first)).status_code == 404
        assert "Short-term residence permit" in (await own.post(second)).text


async def test_there_is_no_code_for_what_is_no_answer(http: httpx2.AsyncClient, sandbox: str, codes: list[str]) -> None:
    await begin(http)
    await answer(http, SOMEBODY.document.value, "appointment")
    response = await http.get("/check/phone")
    assert (response.status_code, response.headers["location"], codes) == (303, "/check", [])


async def test_tries_lock_nobody_out(http: httpx2.AsyncClient, sandbox: str, door: str, codes: list[str]) -> None:
    await see_the_answer(http, sandbox)
    code = await the_code(http, codes)
    async with phone(door) as own:
        pages = {(await own.get(f"/phone/{number:032x}")).text for number in range(100)}
        assert len(pages) == 1
        assert (await own.get(code)).status_code == 200


async def test_neither_code_nor_answer_is_written_down(
    http: httpx2.AsyncClient,
    sandbox: str,
    door: str,
    codes: list[str],
    settings: Settings,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await see_the_answer(http, sandbox)
    code = (await the_code(http, codes)).rpartition("/")[2]
    async with phone(door) as own:
        await own.post(codes[-1])
    output = "".join(capfd.readouterr())
    with psycopg.connect(settings.database_url) as db:
        names = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = "".join(
            str(db.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(name))).fetchall())
            for (name,) in names
        )
    for secret in (code, UNIT):
        assert secret not in output
        assert secret not in rows


async def test_an_answer_that_nobody_fetches_is_forgotten() -> None:
    answers = PhoneAnswers(timedelta(milliseconds=50))
    reply = Reply((Line("x"),), outcome=Outcome.ANSWERED)
    kept, taken = answers.offer("a", "tr", reply), answers.offer("b", "tr", reply)
    assert answers.take(taken) is not None
    assert len(answers) == 2
    await asyncio.sleep(0.2)
    assert len(answers) == 0
    assert answers.look(kept) is None


@pytest.mark.parametrize("address", ["https://rehber.example", "http://127.0.0.1:8000", "http://localhost", ""])
def test_where_an_answer_may_go(address: str) -> None:
    assert Settings(public_url=f"{address}/" if address else "").public_url == address


@pytest.mark.parametrize(
    "address",
    ["http://rehber.example", "rehber.example", "https://", "https://a.example/b", "ftp://a.example", "https://a?b"],
)
def test_where_an_answer_may_not_go(address: str) -> None:
    with pytest.raises(ValidationError, match="must be `https://`"):
        Settings(public_url=address)


async def check_in_browser(screen: Page, sandbox: str, language: str) -> None:
    await screen.locator(f'button[value="{language}"]').first.click()
    await screen.goto("/check?about=appointment")
    await screen.locator(f'button[value="{SOMEBODY.document.value}"]').click()
    for step, typed in (("number", SOMEBODY.number), ("factor", SOMEBODY.factor_value), ("phone", SOMEBODY.phone)):
        await expect(screen.locator(f'[data-step="{step}"]')).to_be_visible()
        await screen.get_by_test_id("check-typed").fill(typed)
        await screen.get_by_test_id("check-next").click()
    await expect(screen.locator('[data-step="code"]')).to_be_visible()
    await screen.get_by_test_id("check-typed").fill(await last_code(sandbox))
    await screen.get_by_test_id("check-next").click()


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_screen_and_phone_can_be_read_and_touched(
    screen: Page, chromium: Browser, door: str, sandbox: str, codes: list[str], language: str
) -> None:
    await check_in_browser(screen, sandbox, language)
    await screen.get_by_test_id("check-show").click()
    await expect(screen.get_by_test_id("check-answer")).to_contain_text("•••")
    assert await accessibility_violations(screen) == []
    await screenshot(screen, f"kiosk-check-masked-{language}")
    await screen.get_by_test_id("check-phone").click()
    box = await screen.get_by_test_id("check-code").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) * PITCH_MM >= CODE_MM
    assert await accessibility_violations(screen) == []
    await screenshot(screen, f"kiosk-check-phone-{language}")
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, base_url=door, has_touch=True)
    own = await context.new_page()
    for name in ("covered", "answer", "over"):
        match name:
            case "covered":
                await own.goto(codes[-1])
            case "answer":
                await own.get_by_test_id("phone-show").tap()
                await expect(own.get_by_test_id("phone-answer")).to_contain_text(UNIT)
            case _:
                await own.goto(codes[-1])
                await expect(own.get_by_test_id("phone-over")).to_be_visible()
        assert await accessibility_violations(own) == [], name
        assert await own.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        await screenshot(own, f"phone-{name}-{language}")
    assert await context.cookies() == []
    await context.close()
