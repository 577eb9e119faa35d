"""Deny by default: every route needs a session, every write our own page, every case a relation to it."""

from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import func, select
from starlette.routing import Mount

from bot.cases import staff, work
from bot.cases.model import Role
from bot.storage.tables import audit, case_entries
from kiosk.staff.app import OPEN_PATHS
from tests.cases.office import Office
from tests.web.staff.conftest import Client, SignedIn

WORDS = "كلمات لا يراها إلا المترجم"
NOBODY = UUID(int=1)
FORM = {
    "text": "x",
    "outcome": "helped",
    "name": "x",
    "password": "x",
    "code": "en",
    "colleague": str(NOBODY),
    "officer": str(NOBODY),
    "holder": str(NOBODY),
    "sure": "yes",
}


def routes(door: FastAPI) -> list[tuple[str, str]]:
    """(method, path) of everything the door answers to, its files apart."""
    found = [
        (method, route.path)
        for route in iter_route_contexts(door.routes)
        if route.path is not None and not isinstance(route.original_route, Mount)
        for method in sorted(route.methods or {"GET"})
    ]
    assert len(found) > 12, "the walk has found the routes"
    return found


async def entries(office: Office) -> int:
    async with office.service.engine.connect() as db:
        return int(await db.scalar(select(func.count()).select_from(case_entries)) or 0)


async def test_every_route_that_is_not_listed_needs_a_session(door: FastAPI, client: Client, office: Office) -> None:
    opened = await office.asks_for_person()
    await office.adds(opened.case_id, WORDS)
    before = await entries(office)
    open_paths = set()
    for method, path in routes(door):
        answer = await client.request(
            method,
            path.format(case_id=opened.case_id, alarm_id=1, staff_id=NOBODY),
            data=FORM if method == "POST" else None,
        )
        assert WORDS not in answer.text
        if answer.status_code == 303 and answer.headers["location"] == "/sign-in":
            continue
        open_paths.add(path)
    assert open_paths == OPEN_PATHS
    assert await entries(office) == before


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "'; DROP TABLE staff; --"])
async def test_a_made_up_session_opens_nothing(door: FastAPI, client: Client, office: Office, cookie: str) -> None:
    await office.console(await office.person("Ayşe", "ar"))
    for method, path in routes(door):
        if path in OPEN_PATHS:
            continue
        answer = await client.request(
            method,
            path.format(case_id=UUID(int=1), alarm_id=1, staff_id=NOBODY),
            headers={"Cookie": f"rehber_staff={cookie}"},
        )
        assert answer.status_code == 303, path


async def test_what_a_page_asks_for_by_itself_gets_a_401(client: Client) -> None:
    for headers in ({"Live-Refresh": "1"}, {"Accept": "text/event-stream"}):
        answer = await client.get("/live", headers=headers)
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.staff.test"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_every_write_from_another_site_is_refused(
    door: FastAPI, office: Office, signed_in: SignedIn, headers: dict[str, str]
) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    client = await signed_in(ayse)
    before = await entries(office)
    writing = [(method, path) for method, path in routes(door) if method not in {"GET", "HEAD"}]
    assert len(writing) > 7
    for method, path in writing:
        answer = await client.request(
            method, path.format(case_id=opened.case_id, alarm_id=1, staff_id=NOBODY), data=FORM, headers=headers
        )
        assert answer.status_code == 403, path
    assert await entries(office) == before
    assert (await client.get("/")).status_code == 200, "and the session is still there"


async def test_nothing_changes_by_reading(door: FastAPI, office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    client = await signed_in(ayse)
    before = await entries(office)
    for method, path in routes(door):
        if method == "POST":
            answer = await client.get(path.format(case_id=opened.case_id, alarm_id=1, staff_id=NOBODY), params=FORM)
            assert answer.status_code in ({200, 303} if ("GET", path) in routes(door) else {404, 405}), path
    assert await entries(office) == before


async def test_a_case_of_another_language_is_not_found_by_any_route(
    door: FastAPI, office: Office, signed_in: SignedIn
) -> None:
    opened = await office.asks_for_person(language="ar")
    await office.adds(opened.case_id, WORDS)
    client = await signed_in(await office.person("Farid", "fa"))
    assert str(opened.case_id) not in (await client.get("/")).text
    tried = 0
    for method, path in routes(door):
        if "{case_id}" not in path:
            continue
        tried += 1
        answer = await client.request(
            method,
            path.format(case_id=opened.case_id, alarm_id=1, staff_id=NOBODY),
            data=FORM if method == "POST" else None,
        )
        assert answer.status_code in {403, 404}, path
        assert WORDS not in answer.text
    assert tried >= 6


async def test_a_colleagues_case_is_listed_and_not_readable(office: Office, signed_in: SignedIn) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    opened = await office.asks_for_person()
    await office.adds(opened.case_id, WORDS)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    client = await signed_in(bilal)
    assert "Ayşe" in (await client.get("/")).text
    answer = await client.get(f"/cases/{opened.case_id}")
    assert answer.status_code == 403
    assert WORDS not in answer.text
    officer = await signed_in(await office.person("Deniz", role=Role.OFFICER))
    assert WORDS in (await officer.get(f"/cases/{opened.case_id}")).text


async def test_a_dismissed_person_is_out_at_once(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    assert (await client.get("/")).status_code == 200
    async with office.service.engine.begin() as db:
        await staff.dismiss(db, "Ayşe")
    assert (await client.get("/")).headers["location"] == "/sign-in"


async def test_every_view_and_every_act_is_written_down(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    opened = await office.asks_for_person()
    case = f"/cases/{opened.case_id}"
    await client.get(case)
    await client.get(case)
    await client.get(case, headers={"Live-Refresh": "1"})
    for act, form in (
        ("claim", {}),
        ("reply", {"text": "hello"}),
        ("note", {"text": "note"}),
        ("return", {}),
        ("claim", {}),
        ("close", {"outcome": "helped"}),
    ):
        assert (await client.post(f"{case}/{act}", data=form)).status_code == 303, act
    await client.post("/sign-out")
    async with office.service.engine.connect() as db:
        rows = (await db.execute(select(audit.c.act, audit.c.subject).order_by(audit.c.id))).all()
    assert [row.act for row in rows] == [
        "sign-in",
        "case.view",
        "case.view",
        "case.claim",
        "case.reply",
        "case.note",
        "case.return",
        "case.claim",
        "case.close",
        "sign-out",
    ]
    assert {row.subject for row in rows[1:-1]} == {str(opened.case_id)}


async def test_reading_only_by_refreshing_is_written_down_too(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    opened = await office.asks_for_person()
    for _ in range(3):
        answer = await client.get(f"/cases/{opened.case_id}", headers={"Live-Refresh": "1"})
        assert answer.status_code == 200
    async with office.service.engine.connect() as db:
        views = select(func.count()).select_from(audit).where(audit.c.act == "case.view")
        assert await db.scalar(views) == 1
