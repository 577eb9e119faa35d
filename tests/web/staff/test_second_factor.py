"""Signing in with a code over HTTP, the accounts and the audit pages."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pyotp
from sqlalchemy import func, insert, select, update

from bot.bootstrap import Service
from bot.cases import work
from bot.cases.model import Role, State
from bot.cases.trail import PAGE
from bot.i18n.formats import OFFICE_ZONE
from bot.storage.tables import audit, second_factors
from kiosk.staff import create_staff_app
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import HOST, Client, Console, SignedIn

KEY = re.compile(r'data-testid="key">([A-Z2-7 ]+)<')
RECOVERY = re.compile(r'<li class="key">([a-z0-9-]+)</li>')


def code_now(key: str) -> str:
    return pyotp.TOTP(key.replace(" ", "")).at(datetime.now(UTC))


async def test_from_the_offer_to_the_code_at_the_next_sign_in(client: Client, office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    form = {"name": "Ayşe", "password": await office.password(ayse)}
    assert (await client.post("/sign-in", data=form)).headers["location"] == "/second-factor"
    page = (await client.get("/second-factor")).text
    key = KEY.findall(page)[0]
    assert page.count('class="code__drawing"') == 1
    wrong = await client.post("/second-factor", data={"code": "12345"})
    assert wrong.status_code == 401
    assert key in wrong.text, "the same key again, not another one"
    shown = await client.post("/second-factor", data={"code": code_now(key)})
    codes = RECOVERY.findall(shown.text)
    assert len(codes) == 10
    afterwards = (await client.get("/second-factor")).text
    assert not any(secret in afterwards for secret in [*codes, key])
    await client.post("/sign-out")

    answer = await client.post("/sign-in", data=form)
    assert answer.headers["location"] == "/sign-in/code"
    assert "rehber_staff=" not in answer.headers["set-cookie"]
    assert (await client.get("/")).headers["location"] == "/sign-in", "half a sign-in opens nothing"
    used = await client.post("/sign-in/code", data={"code": code_now(key)})
    assert used.status_code == 401, "the code that turned it on is used"
    right = await client.post("/sign-in/code", data={"code": codes[3]})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert (await client.get("/")).status_code == 200
    assert (await client.get("/sign-in/code")).headers["location"] == "/sign-in"


async def test_ten_wrong_codes_then_a_pause(client: Client, office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    form = {"name": "Ayşe", "password": await office.password(ayse)}
    await client.post("/sign-in", data=form)
    key = KEY.findall((await client.get("/second-factor")).text)[0]
    await client.post("/second-factor", data={"code": code_now(key)})
    async with office.service.engine.begin() as db:
        await db.execute(update(second_factors).values(last_step=0))
    await client.post("/sign-in", data=form)
    statuses = [(await client.post("/sign-in/code", data={"code": str(n)})).status_code for n in range(10)]
    assert statuses == [401] * 10
    assert (await client.post("/sign-in/code", data={"code": code_now(key)})).status_code == 429


async def test_where_it_is_required_the_code_comes_before_the_queue(service: Service, office: Office) -> None:
    settings = service.settings.model_copy(update={"staff_second_factor": "required"})
    door = create_staff_app(replace(service, settings=settings))
    ayse = await office.person("Ayşe", "ar")
    async with Client(transport=httpx2.ASGITransport(app=door), base_url=HOST) as client:
        await client.post("/sign-in", data={"name": "Ayşe", "password": await office.password(ayse)})
        for path in ("/", "/staff/content", "/live"):
            assert (await client.get(path)).headers["location"] == "/sign-in", path
        page = (await client.get("/second-factor")).text
        assert 'href="/">Not now' not in page
        assert (await client.post("/second-factor", data={"code": code_now(KEY.findall(page)[0])})).status_code == 200
        assert (await client.get("/")).status_code == 200


async def test_the_administrator_ends_all_sessions_of_a_person_at_once(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    opened = await office.asks_for_person()
    await client.post(f"/cases/{opened.case_id}/claim")
    administrator = await signed_in(await office.person("Deniz", role=Role.ADMINISTRATOR))
    assert "Ayşe" in (await administrator.get("/staff/people")).text
    answer = await administrator.post(f"/staff/people/{ayse.id}/sign-out")
    assert answer.headers["location"] == "/staff/people"
    assert (await client.get("/")).headers["location"] == "/sign-in"
    assert (await office.reads(opened.case_id, ayse)).case.state is State.WAITING
    async with office.service.engine.connect() as db:
        written = await db.scalar(select(audit.c.subject).where(audit.c.act == "person.sign-out"))
    assert written == str(ayse.id)


async def test_a_supervisor_puts_a_colleagues_case_back(office: Office, signed_in: SignedIn) -> None:
    ayse, lead = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.SUPERVISOR)
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    client = await signed_in(lead)
    assert 'id="take-back"' in (await client.get(f"/cases/{opened.case_id}")).text
    for _ in range(2):
        assert (await client.post(f"/cases/{opened.case_id}/take-back")).status_code == 303
    read = await office.reads(opened.case_id, lead)
    assert (read.case.state, read.entries[-1].staff_name) == (State.WAITING, "Deniz")
    assert [entry.kind for entry in read.entries].count("returned") == 1, "the second time there was nothing to do"


async def test_the_audit_is_read_by_day_person_and_act(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    rows = [{"staff_id": ayse.id, "act": "case.view", "subject": f"s{n}"} for n in range(PAGE + 5)]
    async with office.service.engine.begin() as db:
        await db.execute(insert(audit), rows)
        yesterday = func.now() - timedelta(days=1)
        await db.execute(insert(audit).values(staff_id=ayse.id, act="case.note", subject="old", at=yesterday))
    client = await signed_in(await office.person("Deniz", role=Role.DATA_OFFICER))

    async def acts(query: str) -> list[str]:
        answer = await client.get(f"/staff/audit{query}")
        assert answer.status_code == 200
        return re.findall(r'data-act="([a-z.-]+)"', answer.text)

    newest = await acts("")
    assert len(newest) == PAGE
    assert newest[:2] == ["sign-in", "case.note"]
    assert set(await acts(f"?who={ayse.id}&act=case.note")) == {"case.note"}
    assert "case.note" not in await acts(f"?day={datetime.now(OFFICE_ZONE).date()}")
    async with office.service.engine.connect() as db:
        first = await db.scalar(select(func.min(audit.c.id)))
    assert await acts(f"?before={first + 2}") == ["case.view"] * 2
    for wrong in ("?day=2026-13-01", "?who=x", "?before=0"):
        assert (await client.get(f"/staff/audit{wrong}")).status_code == 422, wrong
    assert (await acts("?act=audit.view"))[0] == "audit.view", "to look is written down too"


async def test_the_new_pages_are_accessible(office: Office, console: Console) -> None:
    await office.console(await office.person("Ayşe", "ar", "fa"))
    for locale, scheme in (("tr-TR", "light"), ("en-US", "dark")):
        language = locale[:2]
        for role, paths in (
            (Role.ADMINISTRATOR, ("/staff/people", "/second-factor")),
            (Role.DATA_OFFICER, ("/staff/audit", "/staff/content")),
        ):
            page = await console(await office.person(f"{role} {language}", role=role), locale=locale, scheme=scheme)
            for path in paths:
                await page.goto(path)
                assert await accessibility_violations(page) == [], path
                await screenshot(page, f"staff-{role}{path.replace('/', '-')}-{language}-{scheme}")
            if role is Role.DATA_OFFICER:
                continue
            await page.goto("/second-factor")
            await page.locator("#code").fill(code_now(await page.get_by_test_id("key").inner_text()))
            await page.locator("main form button").click()
            await page.locator(".recovery").wait_for()
            assert await accessibility_violations(page) == []
            await screenshot(page, f"staff-recovery-{language}-{scheme}")
