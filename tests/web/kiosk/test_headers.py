"""Every answer of the kiosk is safe to show: nothing foreign, nothing inline, nothing kept."""

import re

import httpx2
from fastapi import FastAPI

from bot.bootstrap import Service
from bot.settings import Settings
from kiosk.app import create_public_app
from kiosk.web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, TRUSTED_TYPES
from kiosk.web.own_files import static_place
from tests.web.conftest import Serve
from tests.web.kiosk.conftest import begin

PAGES = ["/", "/?then=person", "/?left=erased", "/chat", "/check", "/check?about=status", "/no-such-page"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son[a-z]+=|javascript:|data:", re.IGNORECASE)


async def test_every_answer_carries_the_headers(http: httpx2.AsyncClient) -> None:
    refused = await http.get("/chat/events", headers={"Accept": "text/event-stream"})
    await begin(http)
    for response in (refused, *[await http.get(path) for path in (*PAGES, "/health/live")]):
        sent = {name: response.headers.get(name) for name in SECURITY_HEADERS}
        assert sent == dict(SECURITY_HEADERS), response.url


async def test_no_page_has_inline_script_or_style(http: httpx2.AsyncClient) -> None:
    await begin(http)
    for path in PAGES:
        body = (await http.get(path)).text
        assert "<html" in body, path
        assert INLINE.findall(body) == [], path


async def test_pages_load_only_own_files(http: httpx2.AsyncClient) -> None:
    await begin(http)
    addresses = set()
    for path in PAGES:
        found = re.findall(r'(?:src|href|action)="([^"]*)"', (await http.get(path)).text)
        assert found, path
        addresses |= set(found)
    assert [address for address in addresses if not re.match(r"[/#](?!/)", address)] == []
    files = {address for address in addresses if address.startswith("/static/")}
    assert len(files) > 3
    for address in files:
        assert (await http.get(address)).status_code == 200, address


def test_the_policy_allows_nothing_by_default_and_no_inline_code() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == " ".join(TRUSTED_TYPES)
    assert "'" not in rules["trusted-types"], "neither default nor duplicates"
    assert rules["worker-src"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


async def test_own_files_are_kept_by_their_address_and_pages_are_not_kept(http: httpx2.AsyncClient) -> None:
    for place, kept in ((static_place(), "public, max-age=31536000, immutable"), ("/static/old", "no-store")):
        assert (await http.get(f"{place}/public/kiosk.css")).headers["cache-control"] == kept
    assert (await http.get(f"{static_place()}/public/none.css")).headers["cache-control"] == "no-store"
    assert (await http.get("/")).headers["cache-control"] == "no-store"


async def test_a_defect_is_a_page_with_the_headers(service: Service, serve: Serve) -> None:
    app: FastAPI = create_public_app(service)

    @app.get("/defect")
    async def defect() -> None:
        raise RuntimeError("a secret that nobody may read")

    async with httpx2.AsyncClient(base_url=await serve(app)) as client:
        response = await client.get("/defect", headers={"Cookie": "rehber_language=ar"})
    assert response.status_code == 500
    assert 'lang="ar" dir="rtl"' in response.text
    assert "secret" not in response.text
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_the_session_cookie_is_out_of_reach(http: httpx2.AsyncClient) -> None:
    response = await http.post("/language", data={"code": "fa"})
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("rehber="))
    value, *attributes = cookie.lower().split("; ")
    assert len(value.removeprefix("rehber=")) == 43
    assert {"httponly", "samesite=strict", "path=/"} <= set(attributes)
    assert not any(a.startswith(("max-age", "expires", "domain")) for a in attributes)


async def test_behind_https_cookies_are_bound_to_this_host(settings: Settings, service: Service, serve: Serve) -> None:
    from dataclasses import replace

    secure = replace(service, settings=settings.model_copy(update={"https": True}))
    url = await serve(create_public_app(secure))
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        response = await client.post("/language", data={"code": "en"})
    cookies = response.headers.get_list("set-cookie")
    assert any(c.startswith("__Host-rehber=") for c in cookies)
    assert all("secure" in c.lower() for c in cookies)
    assert "max-age" in response.headers["strict-transport-security"]


async def test_health(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/health/live")).json() == {"status": "live"}
    assert (await http.get("/health/ready")).json() == {"status": "ready"}
