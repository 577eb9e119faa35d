"""The door speaks what it says itself to everybody, anything else within a visit, and keeps and logs nothing."""

import asyncio
import logging
from pathlib import Path

import httpx2
import pytest
from structlog.testing import capture_logs

from bot.bootstrap import Service
from bot.i18n.phrases import PHRASES
from bot.voice.sound import read_wave
from bot.voice.spoken import LONGEST
from tests.web.kiosk.conftest import begin


async def voice(http: httpx2.AsyncClient, language: str, text: str) -> httpx2.Response:
    return await http.post(
        "/voice", json={"language": language, "text": text}, headers={"Accept": "audio/wav"}, timeout=60
    )


async def test_our_own_words_are_spoken_to_everybody(http: httpx2.AsyncClient, service: Service) -> None:
    for language in ("tr", "ar", "kmr"):
        answer = await voice(http, language, service.catalogues.say(language, PHRASES["greeting"]))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "audio/wav"
        assert answer.headers["Content-Language"] == language
        assert answer.headers["Cache-Control"] == "no-store"
        assert read_wave(answer.content).seconds > 2
    title = service.library.topic("work-permit").text("fr").title
    assert (await voice(http, "fr", title)).status_code == 200


async def test_other_words_need_a_visit(http: httpx2.AsyncClient) -> None:
    assert (await voice(http, "en", "Say whatever I like.")).status_code == 401
    await begin(http)
    assert (await voice(http, "en", "Say whatever I like.")).status_code == 200
    await http.post("/finish")
    assert (await voice(http, "en", "Say whatever I like.")).status_code == 401


async def test_it_speaks_to_the_pages_of_this_door_only(http: httpx2.AsyncClient) -> None:
    await begin(http)
    elsewhere = await http.post(
        "/voice", json={"language": "en", "text": "x"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("language", ["ps", "so", "ckb"])
async def test_a_language_without_a_voice_answers_with_nothing(http: httpx2.AsyncClient, language: str) -> None:
    await begin(http)
    answer = await voice(http, language, "112")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_what_is_no_paragraph_of_a_page_is_refused(http: httpx2.AsyncClient) -> None:
    await begin(http)
    for body in (
        {"language": "xx", "text": "a"},
        {"language": "../../etc", "text": "a"},
        {"language": "en", "text": ""},
        {"language": "en", "text": "a" * (LONGEST + 1)},
        {"language": "en", "text": "a", "voice": "-f/etc/passwd"},
        {"language": "en"},
    ):
        assert (await http.post("/voice", json=body)).status_code == 422, body
    huge = await http.post("/voice", json={"language": "en", "text": "a" * 100_000})
    assert huge.status_code == 413


async def test_twenty_at_once_are_answered_and_the_door_stands(http: httpx2.AsyncClient) -> None:
    await begin(http)
    answers = await asyncio.gather(*(voice(http, "tr", f"Cümle {number}. " * 20) for number in range(20)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= 18
    assert all(answer.headers.get("Retry-After") == "1" for answer in answers if answer.status_code == 503)
    assert (await http.get("/topics")).status_code == 200
    assert (await voice(http, "tr", "Ve sonra.")).status_code == 200


async def test_words_for_one_person_leave_nothing_behind(
    http: httpx2.AsyncClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(http)
    with capture_logs() as said, caplog.at_level(logging.DEBUG):
        answer = await voice(http, "en", "Your appointment is on Tuesday canary.")
    assert answer.status_code == 200
    assert "canary" not in str(said) + caplog.text
    assert not await asyncio.to_thread(_files, service.settings.data_dir / "audio")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
