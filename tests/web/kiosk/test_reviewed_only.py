"""`REHBER_OFFER_DRAFTS=false` at the kiosk: the wall has no language that nobody reviewed, and takes none."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

import bot.bootstrap
from bot.bootstrap import Service, build_service
from bot.settings import Settings
from kiosk.public.kiosk import LANGUAGE_COOKIE
from tests.reviewed import reviewed_project
from tests.web.kiosk.conftest import begin


@pytest.fixture
async def service(
    settings: Settings, catalogues: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    monkeypatch.setattr(bot.bootstrap, "ROOT", reviewed_project(tmp_path))
    built = build_service(settings.model_copy(update={"offer_drafts": False}), connections=5)
    yield built
    await built.engine.dispose()


async def test_the_wall_has_the_reviewed_languages_alone(http: httpx2.AsyncClient) -> None:
    page = (await http.get("/")).text
    assert re.findall(r'<button[^>]*name="code"[^>]*value="(\w+)"', page) == ["tr", "ar"]
    for code in ("fa", "en", "prs"):
        assert (await http.post("/language", data={"code": code})).status_code == 422
    await begin(http, "ar")
    assert (await http.get("/chat")).headers["content-language"] == "ar"


async def test_a_language_that_was_reviewed_before_is_remembered_no_more(http: httpx2.AsyncClient) -> None:
    http.cookies.set(LANGUAGE_COOKIE, "fa")
    page = await http.get("/")
    assert page.status_code == 200
    assert page.headers["content-language"] == "tr"
