"""The safe page: the identity check against the sandbox, with nothing of it left anywhere."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from bot.bootstrap import Service
from bot.caseapi.sandbox.people import people
from bot.caseapi.verification import Outcome, Reply
from bot.settings import Settings
from bot.storage.kiosks import add_kiosk
from bot.storage.tables import verification_attempts
from kiosk.public.open_checks import OpenChecks
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.kiosk.checking import OFFICE, answer, identify, last_code
from tests.web.kiosk.conftest import begin


@pytest.fixture
def settings(database_url: str, tmp_path: Path, sandbox: str) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "data", case_api_url=sandbox)


def step_of(page: str) -> str:
    found = re.search(r'data-step="(\w+)"', page)
    return found[1] if found else ""


async def test_a_person_sees_the_own_file_hidden_until_shown(http: httpx2.AsyncClient, sandbox: str) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.appointments and p.appointments[0].status == "BOOKED")
    await begin(http, "en")
    page = await identify(http, person, "appointment")
    assert step_of(page) == "code"
    page = await answer(http, await last_code(sandbox))
    assert re.search(r"<details(?![^>]*\bopen)[^>]*data-testid=\"check-answer\"", page)
    assert "This is information. It is not an official notification." in page
    for secret in (person.number, person.factor_value, person.phone):
        assert secret not in page
    assert (await http.post("/check/close")).headers["location"] == "/chat"
    assert 'data-testid="check-answer"' not in (await http.get("/check")).text


async def see_the_answer(http: httpx2.AsyncClient, sandbox: str) -> str:
    """The page with the answer of somebody who has an appointment and a permit."""
    person = next(p for p in people(datetime.now(UTC)) if p.appointments and p.permits)
    await begin(http, "en")
    await identify(http, person, "appointment")
    return await answer(http, await last_code(sandbox))


async def test_the_other_question_needs_no_new_code(http: httpx2.AsyncClient, sandbox: str) -> None:
    page = await see_the_answer(http, sandbox)
    assert 'data-testid="more-status"' in page
    response = await http.post("/check/more", data={"about": "status"})
    assert (response.status_code, response.headers["location"]) == (303, "/check")
    page = (await http.get("/check")).text
    assert "Short-term residence permit" in page
    assert re.search(r"<details(?![^>]*\bopen)[^>]*data-testid=\"check-answer\"", page)


@pytest.mark.parametrize("place", ["/check/close", "/finish", "/person", "/chat", "/chat/messages"])
async def test_what_ends_the_session(http: httpx2.AsyncClient, sandbox: str, place: str) -> None:
    await see_the_answer(http, sandbox)
    message = {"client_id": str(uuid4()), "text": "Is there a lawyer?"}
    if place == "/chat/messages":
        assert (await http.post(place, json=message)).status_code == 202
    else:
        assert (await http.post(place, data=message)).status_code == 303
    if place == "/finish":
        await begin(http, "en")
    response = await http.post("/check/more", data={"about": "status"})
    assert response.headers["location"] == "/check?about=status"
    assert 'data-testid="check-answer"' not in (await http.get("/check")).text
    assert step_of((await http.get("/check?about=status")).text) == "document"


async def test_a_second_touch_sends_nothing_twice(http: httpx2.AsyncClient, sandbox: str) -> None:
    """Neither a second SMS, nor the same code again: its refusal would take the place of the answer."""
    person = next(p for p in people(datetime.now(UTC)) if p.appointments)
    await begin(http, "en")
    await answer(http, person.document.value, "appointment")
    for typed in (person.number, person.factor_value):
        await answer(http, typed)
    for step in ("phone", "code"):
        typed = person.phone if step == "phone" else await last_code(sandbox)
        touch = {"step": step, "typed": typed}
        responses = await asyncio.gather(*(http.post("/check", data=touch) for _ in range(2)))
        assert [response.headers["location"] for response in responses] == ["/check", "/check"]
    assert 'data-testid="check-answer"' in (await http.get("/check")).text
    async with httpx2.AsyncClient(headers=OFFICE) as office:
        assert len((await office.get(f"{sandbox}/sandbox/sms")).json()) == 1


async def test_an_answer_that_comes_after_the_check_was_closed_is_shown_to_nobody(
    http: httpx2.AsyncClient, sandbox: str
) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.appointments)
    await begin(http, "en")
    await identify(http, person, "appointment")
    touch = {"step": "code", "typed": await last_code(sandbox)}
    late = asyncio.create_task(http.post("/check", data=touch))
    # Answers to a code are given on the beat of half a second.
    await asyncio.sleep(0.2)
    assert not late.done()
    await http.post("/check/close")
    assert (await late).status_code == 303
    assert 'data-testid="check-answer"' not in (await http.get("/check")).text


async def test_an_open_question_stays_while_something_is_asked_in_the_conversation(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    assert step_of(await answer(http, "TP_ID", "status")) == "number"
    await http.post("/chat", data={"client_id": str(uuid4()), "text": "Where is the number on my card?"})
    assert step_of((await http.get("/check")).text) == "number"


async def test_nothing_that_was_typed_is_stored_or_said(
    http: httpx2.AsyncClient, sandbox: str, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.permits)
    await begin(http, "tr")
    await identify(http, person, "status")
    await answer(http, await last_code(sandbox))
    secrets = [person.number, person.factor_value, person.phone, person.number[:6], person.phone[-5:]]
    output = "".join(capfd.readouterr())
    with psycopg.connect(settings.database_url) as db:
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) > 5
        rows = "".join(
            str(db.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(name))).fetchall())
            for (name,) in tables
        )
    cookies = str(dict(http.cookies))
    files = "".join(p.read_text(errors="replace") for p in settings.data_dir.rglob("*") if p.is_file())
    for secret in secrets:
        assert secret not in output
        assert secret not in rows
        assert secret not in cookies
        assert secret not in files
    assert "verification_attempts" in str(tables)


async def test_an_unknown_person_sees_the_same_as_one_with_a_wrong_code(http: httpx2.AsyncClient, sandbox: str) -> None:
    known = next(p for p in people(datetime.now(UTC)) if p.permits)
    pages = []
    for number in (known.number, "99000099900"):
        await begin(http, "en")
        await answer(http, known.document.value, "status")
        await answer(http, number)
        await answer(http, known.factor_value)
        page = await answer(http, known.phone)
        for _ in range(3):
            page = await answer(http, "000000")
        pages.append(re.sub(r'value="[0-9a-f-]{36}"', "", page))
    assert pages[0] == pages[1]
    assert "could not confirm your identity" in pages[0]
    assert "no appointment" not in pages[0]


async def test_cannot_check_now_is_said_and_never_looks_like_nothing_there(
    http: httpx2.AsyncClient, sandbox: str
) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.appointments)
    async with httpx2.AsyncClient(headers=OFFICE) as client:
        broken = await client.put(f"{sandbox}/sandbox/fault", json={"kind": "500"})
        assert broken.status_code == 204, broken.text
    await begin(http, "en")
    page = await identify(http, person, "appointment")
    assert "I cannot check now. This does not change your application." in page
    assert "There is no appointment" not in page
    assert 'data-testid="check-again"' in page
    assert 'data-testid="person"' in page


async def test_a_confirmed_person_tries_again_without_a_new_code(http: httpx2.AsyncClient, sandbox: str) -> None:
    await see_the_answer(http, sandbox)
    async with httpx2.AsyncClient(headers=OFFICE) as client:
        assert (await client.put(f"{sandbox}/sandbox/fault", json={"kind": "500"})).status_code == 204
        await http.post("/check/more", data={"about": "status"})
        page = (await http.get("/check")).text
        assert "I cannot check now. This does not change your application." in page
        # "Try again" would begin at the first question.
        assert 'data-testid="check-again"' not in page
        assert (await client.delete(f"{sandbox}/sandbox/fault")).status_code == 204
    await http.post("/check/more", data={"about": "status"})
    assert "Short-term residence permit" in (await http.get("/check")).text


@pytest.mark.parametrize("language", ["tr", "ar", "ps"])
async def test_every_step_of_it_is_accessible(screen: Page, sandbox: str, language: str) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.appointments and p.permits)

    async def look(name: str) -> None:
        assert await accessibility_violations(screen) == [], name
        await screenshot(screen, f"kiosk-check-{name}-{language}")

    await screen.locator(f'button[value="{language}"]').first.click()
    await screen.goto("/check?about=appointment")
    await look("document")
    await screen.locator(f'button[value="{person.document.value}"]').click()
    for step, typed in (("number", person.number), ("factor", person.factor_value), ("phone", person.phone)):
        await expect(screen.locator(f'[data-step="{step}"]')).to_be_visible()
        await expect(screen.get_by_test_id("check-typed")).to_be_focused()
        await look(step)
        await screen.get_by_test_id("check-typed").fill(typed)
        await screen.get_by_test_id("check-next").click()
    await expect(screen.locator('[data-step="code"]')).to_be_visible()
    await look("code")
    await screen.get_by_test_id("check-typed").fill(await last_code(sandbox))
    await screen.get_by_test_id("check-next").click()
    await screen.get_by_test_id("check-show").click()
    await look("answer")


async def test_an_unreadable_answer_asks_again_with_a_reason(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    await answer(http, "TP_ID", "status")
    page = await answer(http, "<b>12</b>")
    assert step_of(page) == "number"
    assert "does not have 11 digits" in page
    assert "<b>12" not in page


async def test_a_second_touch_answers_no_second_question(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    for _ in range(2):
        response = await http.post("/check", data={"step": "document", "typed": "TP_ID", "about": "status"})
        assert response.status_code == 303
    page = (await http.get("/check")).text
    assert step_of(page) == "number"
    assert 'data-testid="check-notice"' not in page


async def test_a_number_field_is_for_digits_and_is_not_remembered(http: httpx2.AsyncClient) -> None:
    await begin(http, "fa")
    page = await answer(http, "TP_ID", "status")
    field = re.search(r"<input[^>]*data-testid=\"check-typed\">", page)
    assert field
    for wanted in ('inputmode="numeric"', 'autocomplete="off"', 'dir="ltr"', "question__typed--covered"):
        assert wanted in field[0]
    assert 'value="' not in field[0]


async def test_a_try_is_counted_for_its_visit_and_for_the_kiosk(
    http: httpx2.AsyncClient, sandbox: str, settings: Settings
) -> None:
    person = next(p for p in people(datetime.now(UTC)) if p.permits)
    for _ in range(2):
        await begin(http, "en")
        await identify(http, person, "status")
    with psycopg.connect(settings.database_url) as db:
        rows = db.execute("SELECT origin_hash, device_hash, range_hash FROM verification_attempts").fetchall()
    visits, kiosks, neighbourhoods = (set(column) for column in zip(*rows, strict=True))
    assert (len(rows), len(visits), len(kiosks), len(neighbourhoods)) == (2, 2, 1, 1)
    assert None not in kiosks | neighbourhoods


async def test_finish_and_a_new_visit_drop_an_open_check(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    assert step_of(await answer(http, "TP_ID", "status")) == "number"
    token = http.cookies["rehber"]
    await http.post("/finish")
    await begin(http, "en")
    assert http.cookies["rehber"] != token
    assert step_of((await http.get("/check")).text) == ""


async def test_the_language_changes_in_the_middle(http: httpx2.AsyncClient) -> None:
    await begin(http, "en")
    assert step_of(await answer(http, "TP_ID", "status")) == "number"
    await http.post("/language", data={"code": "ar", "place": "/check"})
    page = (await http.get("/check")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert step_of(page) == "number"


async def test_a_check_that_nobody_touches_is_forgotten() -> None:
    checks = OpenChecks(idle_seconds=0.15)
    reply = Reply((), outcome=Outcome.EXPIRED)
    checks.keep("a", reply)
    checks.keep("b", reply)
    for _ in range(4):
        await asyncio.sleep(0.05)
        assert checks.find("a") is reply
    assert checks.find("b") is None
    await asyncio.sleep(0.3)
    assert len(checks) == 0
    checks.keep("c", reply)
    checks.drop("c")
    assert checks.find("c") is None


async def test_tries_are_counted_by_the_machine_and_not_by_its_address(
    service: Service, http: httpx2.AsyncClient
) -> None:
    """Several kiosks may stand behind one address of the network: each has its own limit."""
    several = people(datetime.now(UTC))[:3]
    for name, person in zip(("", "Hall 1", "Hall 2"), several, strict=True):
        if name:
            async with service.engine.begin() as db:
                secret = await add_kiosk(db, name)
            await http.get(f"/kiosk/{secret}")
        await begin(http, "en")
        await identify(http, person, "appointment")
    async with service.engine.connect() as db:
        devices = (await db.execute(select(verification_attempts.c.device_hash))).scalars().all()
    assert len(set(devices)) == len(devices) == 3
