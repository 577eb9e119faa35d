"""A kiosk's start address, its device cookie and its heartbeat, over HTTP and from a real page."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import func, select, update

from bot.bootstrap import Service
from bot.storage.kiosks import (
    BEAT_EVERY,
    SILENT_AFTER,
    WRITTEN_EVERY,
    KioskError,
    Sign,
    add_kiosk,
    all_kiosks,
    beat,
    remove_kiosk,
    silent_kiosks,
)
from bot.storage.tables import kiosks
from kiosk.public.device import Devices
from kiosk.staff.kiosk_watch import LOOK_EVERY_SECONDS

MOST = timedelta(seconds=90)
"""A dead kiosk is on the staff's screens within this (criterion A23)."""


async def add(service: Service, name: str = "Hall 1") -> str:
    async with service.engine.begin() as db:
        return await add_kiosk(db, name)


async def signs(service: Service) -> dict[str, Sign]:
    async with service.engine.connect() as db:
        return {one.name: one.sign for one in await all_kiosks(db)}


async def ago(service: Service, seconds: float) -> None:
    """Move the last beat into the past."""
    async with service.engine.begin() as db:
        await db.execute(update(kiosks).values(seen_at=func.now() - timedelta(seconds=seconds)))


async def seen_at(service: Service) -> Any:
    async with service.engine.connect() as db:
        return await db.scalar(select(kiosks.c.seen_at))


def test_the_figures_keep_ninety_seconds() -> None:
    """Death is never before the last beat; from there silence, the watcher's look and the page's own fetch."""
    assert SILENT_AFTER + timedelta(seconds=LOOK_EVERY_SECONDS + 5) <= MOST
    # A live page is never silent: what is written may lag behind the last beat by one that was left out.
    assert BEAT_EVERY + WRITTEN_EVERY < SILENT_AFTER
    assert 2 * BEAT_EVERY < SILENT_AFTER, "one beat may be lost"


async def test_the_start_address_makes_the_browser_this_kiosk(service: Service, http: httpx2.AsyncClient) -> None:
    secret = await add(service)
    answer = await http.get(f"/kiosk/{secret}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert secret not in (await http.get("/")).text
    assert await signs(service) == {"Hall 1": Sign.NOT_SEEN}
    assert (await http.post("/heartbeat")).status_code == 204
    assert await signs(service) == {"Hall 1": Sign.ALIVE}


async def test_the_secret_is_stored_as_a_hash(service: Service) -> None:
    secret = await add(service)
    async with service.engine.connect() as db:
        row = (await db.execute(select(kiosks))).one()
    assert secret not in repr(row)
    assert secret.encode() not in row.secret_hash


@pytest.mark.parametrize("secret", ["x", "A" * 43, "../../etc/passwd", "%00", "' OR 1=1 --", "heartbeat"])
async def test_an_unknown_address_says_so(service: Service, http: httpx2.AsyncClient, secret: str) -> None:
    await add(service)
    answer = await http.get(f"/kiosk/{secret}")
    assert answer.status_code == 404
    assert "rehber_kiosk" not in answer.headers.get("set-cookie", "")


async def test_a_technician_reads_what_is_wrong(service: Service, http: httpx2.AsyncClient) -> None:
    secret = await add(service)
    async with service.engine.begin() as db:
        await remove_kiosk(db, "Hall  1")
    page = (await http.get(f"/kiosk/{secret}")).text
    assert 'data-testid="unknown-kiosk"' in page
    http.cookies.set("rehber_kiosk", secret)
    assert (await http.post("/heartbeat")).status_code == 204, "a removed kiosk works on, unnoted"


async def test_names_are_one_and_exist(service: Service) -> None:
    await add(service)
    async with service.engine.begin() as db:
        for wrong in ("Hall 1", " Hall  1 ", "", "x" * 81):
            with pytest.raises(KioskError):
                await add_kiosk(db, wrong)
        with pytest.raises(KioskError):
            await remove_kiosk(db, "Hall 2")


async def test_silence_is_counted_from_the_last_beat(service: Service) -> None:
    secret = await add(service)
    async with service.engine.begin() as db:
        await beat(db, secret)
    for seconds, sign in ((70, Sign.ALIVE), (76, Sign.SILENT)):
        await ago(service, seconds)
        assert await signs(service) == {"Hall 1": sign}
    async with service.engine.connect() as db:
        assert [one.name for one in await silent_kiosks(db)] == ["Hall 1"]
    async with service.engine.begin() as db:
        await beat(db, secret)
    assert await signs(service) == {"Hall 1": Sign.ALIVE}


async def test_near_beats_are_not_written(service: Service, http: httpx2.AsyncClient) -> None:
    http.cookies.set("rehber_kiosk", await add(service))
    await http.post("/heartbeat")
    await ago(service, 15)
    before = await seen_at(service)
    await http.post("/heartbeat")
    assert await seen_at(service) == before
    await ago(service, 25)
    await http.post("/heartbeat")
    assert await seen_at(service) > before


async def test_a_browser_that_is_no_kiosk_writes_nothing(service: Service, http: httpx2.AsyncClient) -> None:
    await add(service)
    for cookie in ("", "x", "A" * 43):
        http.cookies.set("rehber_kiosk", cookie)
        assert (await http.post("/heartbeat")).status_code == 204
    assert await signs(service) == {"Hall 1": Sign.NOT_SEEN}
    elsewhere = {"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "cross-site"}
    assert (await http.post("/heartbeat", headers=elsewhere)).status_code == 403


async def test_the_device_stays_when_a_visit_ends(service: Service, http: httpx2.AsyncClient) -> None:
    secret = await add(service)
    await http.get(f"/kiosk/{secret}")
    await http.post("/language", data={"code": "en"})
    answer = await http.post("/finish")
    assert "cookies" not in answer.headers["clear-site-data"]
    assert http.cookies.get("rehber_kiosk") == secret
    assert http.cookies.get("rehber") is None


async def test_every_page_beats_and_death_is_seen(service: Service, chromium: Browser, door: str) -> None:
    """A real page on the wall and in a visit; when its browser is killed, the clock alone makes it silent."""
    context = await chromium.new_context(base_url=door)
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    async with page.expect_response("**/heartbeat") as wall:
        await page.goto(f"/kiosk/{await add(service)}")
    assert (await wall.value).status == 204
    assert page.url == f"{door}/"
    await ago(service, 60)
    async with page.expect_response("**/heartbeat"):
        await page.get_by_test_id("language-en").click()
    assert await signs(service) == {"Hall 1": Sign.ALIVE}
    assert "rehber: alive" in said
    await ago(service, 30)
    await context.close()
    at_death = await seen_at(service)
    await asyncio.sleep(1)
    assert await seen_at(service) == at_death
    await ago(service, SILENT_AFTER.total_seconds() + 1)
    assert await signs(service) == {"Hall 1": Sign.SILENT}


async def test_behind_https_the_cookie_is_the_hosts_own(service: Service) -> None:
    secure = replace(service, settings=service.settings.model_copy(update={"https": True}))
    assert Devices(secure).cookie.name == "__Host-rehber_kiosk"


async def test_a_kiosk_is_added_listed_and_removed_by_command(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REHBER_DATABASE_URL", service.settings.database_url)
    monkeypatch.setenv("REHBER_PUBLIC_URL", "https://rehber.example/")
    name = f"Hall {uuid4().hex[:4]}"

    def command(*words: str) -> tuple[int, str]:
        ended = subprocess.run([sys.executable, "-m", "bot", "kiosk", *words], stdout=subprocess.PIPE, check=False)
        return ended.returncode, ended.stdout.decode()

    code, said = await asyncio.to_thread(command, "add", name)
    assert code == 0
    assert "https://rehber.example/kiosk/" in said
    assert await asyncio.to_thread(command, "list") == (0, f"{name}\tnot-seen\n")
    assert (await asyncio.to_thread(command, "remove", name))[0] == 0
    assert (await asyncio.to_thread(command, "remove", name))[0] == 1
    assert await signs(service) == {}
