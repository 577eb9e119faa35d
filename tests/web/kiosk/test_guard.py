"""Requests that change something come from the kiosk's own pages, and are small."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.requests import Request

from bot.bootstrap import Service
from bot.storage import tables
from kiosk.app import create_public_app
from kiosk.web.guard import MOST_BODY_BYTES, SAFE_METHODS, refusal
from tests.web.kiosk.conftest import begin


def writing_routes(router: Any) -> list[str]:
    """The paths of all routes that may change something, of included routers too."""
    paths = []
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            paths += writing_routes(included)
        elif set(getattr(route, "methods", None) or ()) - SAFE_METHODS:
            paths.append(route.path)
    return paths


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "same"},
]


async def test_no_other_page_can_write(service: Service, door: str) -> None:
    paths = writing_routes(create_public_app(service))
    assert {"/language", "/person", "/finish", "/chat", "/chat/messages", "/check"} <= set(paths)
    async with httpx2.AsyncClient(base_url=door) as client:
        for foreign in FOREIGN:
            headers = {name: door if value == "same" else value for name, value in foreign.items()}
            for path in paths:
                response = await client.post(path, data={"code": "en"}, headers=headers)
                assert response.status_code == 403, (path, foreign)
                assert "set-cookie" not in response.headers
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(tables.conversations)) == 0


async def test_own_pages_and_programs_can_write(door: str) -> None:
    own: list[dict[str, str]] = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}]
    async with httpx2.AsyncClient(base_url=door) as client:
        for headers in own:
            assert (await client.post("/language", data={"code": "en"}, headers=headers)).status_code == 303


async def test_nothing_changes_by_looking(service: Service, http: httpx2.AsyncClient) -> None:
    for path in writing_routes(create_public_app(service)):
        response = await http.get(path)
        assert response.status_code in (303, 401, 404, 405), path
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(tables.conversations)) == 0


async def test_a_body_that_says_it_is_too_large_is_not_read(http: httpx2.AsyncClient) -> None:
    await begin(http, "ar")
    response = await http.post("/chat", content=b"x" * (MOST_BODY_BYTES + 1))
    assert response.status_code == 413
    assert 'lang="ar"' in response.text


async def test_a_body_that_hides_its_size_is_cut(http: httpx2.AsyncClient) -> None:
    await begin(http)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b'{"text": "' + b"x" * 1024

    response = await http.post("/chat/messages", content=endless(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


@pytest.mark.parametrize("length", [b"-1", b"1e3", "٣".encode(), b""])
def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    request = Request({"type": "http", "method": "GET", "headers": [(b"content-length", length)]})
    assert refusal(request) == 400
