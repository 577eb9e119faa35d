"""Signing in and out over HTTP, and the console's language."""

from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from bot.bootstrap import Service
from bot.cases.model import State
from kiosk.staff import create_staff_app
from kiosk.web.own_files import static_place
from tests.cases.office import Office
from tests.web.staff.conftest import HOST, Client, SignedIn


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(client: Client, office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    answer = await client.post("/sign-in", data={"name": "Ayşe", "password": await office.password(ayse)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/second-factor"), "which is offered once"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("rehber_staff=")
    for part in ("httponly", "samesite=strict", "path=/"):
        assert part in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie
    assert "Ayşe" in (await client.get("/")).text


async def test_behind_https_the_cookie_is_bound_to_the_host(service: Service, office: Office) -> None:
    secure = replace(service, settings=service.settings.model_copy(update={"https": True}))
    ayse = await office.person("Ayşe", "ar")
    transport = httpx2.ASGITransport(app=create_staff_app(secure))
    async with Client(transport=transport, base_url="https://staff.test") as client:
        answer = await client.post("/sign-in", data={"name": "Ayşe", "password": await office.password(ayse)})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-rehber_staff=")
    assert "Secure" in cookie


async def test_a_wrong_password_and_an_unknown_name_look_the_same(client: Client, office: Office) -> None:
    await office.person("Ayşe", "ar")
    answers = [await client.post("/sign-in", data={"name": name, "password": "wrong"}) for name in ("Ayşe", "Zehra")]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].text.replace("Ayşe", "") == answers[1].text.replace("Zehra", "")
    assert "set-cookie" not in answers[0].headers


@pytest.mark.parametrize("name", ["\x00", "\ud800", "x" * 200, "x" * 201, "' OR 1=1 --", "%", ""])
async def test_no_name_breaks_the_door(client: Client, name: str) -> None:
    typed = name.encode("utf-8", "surrogatepass")
    body = b"password=x&name=" + b"".join(b"%%%02x" % byte for byte in typed)
    answer = await client.post("/sign-in", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code in {401, 422}


async def test_after_ten_wrong_passwords_comes_a_pause(client: Client, office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    statuses = [
        (await client.post("/sign-in", data={"name": "Ayşe", "password": str(n)})).status_code for n in range(11)
    ]
    assert statuses == [401] * 10 + [429]
    right = await client.post("/sign-in", data={"name": "Ayşe", "password": await office.password(ayse)})
    assert right.status_code == 429


async def test_the_name_that_was_typed_comes_back_as_text(client: Client) -> None:
    answer = await client.post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


async def test_signing_out_ends_the_session_and_gives_the_cases_back(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    opened = await office.asks_for_person()
    await client.post(f"/cases/{opened.case_id}/claim")
    token = client.cookies["rehber_staff"]
    answer = await client.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["clear-site-data"] == '"storage"'
    again = await client.get("/", headers={"Cookie": f"rehber_staff={token}"})
    assert again.headers["location"] == "/sign-in"
    assert (await office.reads(opened.case_id, ayse)).case.state is State.WAITING


async def test_signing_out_at_one_desk_leaves_the_cases_of_the_other(office: Office, door: FastAPI) -> None:
    ayse = await office.person("Ayşe", "ar")
    password = await office.password(ayse)
    desk, hall = [await office.signs_in(ayse, password) for _ in range(2)]
    opened = await office.asks_for_person()
    async with Client(transport=httpx2.ASGITransport(app=door), base_url=HOST) as client:
        await client.post(f"/cases/{opened.case_id}/claim", headers={"Cookie": f"rehber_staff={desk}"})
        await client.post("/sign-out", headers={"Cookie": f"rehber_staff={hall}"})
        assert (await office.reads(opened.case_id, ayse)).case.state is State.CLAIMED
        await client.post("/sign-out", headers={"Cookie": f"rehber_staff={desk}"})
    assert (await office.reads(opened.case_id, ayse)).case.state is State.WAITING


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "tr"), ("tr-TR,tr;q=0.9,en;q=0.5", "tr"), ("en-GB,en;q=0.9", "en"), ("ar", "tr"), ("*;;,=", "tr")],
)
async def test_the_console_speaks_turkish_unless_the_browser_prefers_english(
    client: Client, accepted: str, language: str
) -> None:
    answer = await client.get("/sign-in", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["content-language"] == language


async def test_a_chosen_language_stays(client: Client) -> None:
    answer = await client.post("/language", data={"code": "en", "to": "/sign-in"})
    assert answer.headers["location"] == "/sign-in"
    page = await client.get("/sign-in", headers={"Accept-Language": "tr"})
    assert '<html lang="en"' in page.text


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "/live", "/sign-in\n/x"])
async def test_the_language_form_leads_nowhere_else(client: Client, to: str) -> None:
    answer = await client.post("/language", data={"code": "xx", "to": to})
    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers


async def test_every_answer_has_the_safe_headers(client: Client) -> None:
    for path in ("/sign-in", "/", "/cases/none", "/nowhere", f"{static_place()}/staff/console.js"):
        headers = (await client.get(path)).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY"
    assert (await client.get("/sign-in")).headers["cache-control"] == "no-store"
    assert HOST.startswith("http:"), "without HTTPS nobody is told to insist on it"
    assert "strict-transport-security" not in headers
