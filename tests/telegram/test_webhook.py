"""Only Telegram may post, and it is told that a message arrived once that is true."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
import telegram
from pydantic import SecretStr
from sqlalchemy import select

from bot.bootstrap import Service
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.webhook import MOST_BYTES, SECRET_HEADER, Webhook, WebhookServer
from bot.errors import SettingsError
from bot.settings import Settings
from bot.storage.tables import inbox
from tests.emulator import EmulatorClient, Party
from tests.telegram.conftest import WEBHOOK_SECRET

PLACE = "/telegram/hook"
RIGHT = {SECRET_HEADER: WEBHOOK_SECRET}


def update(text: str = "hello", number: int = 5) -> dict[str, Any]:
    person = {"id": 900, "is_bot": False, "first_name": "Test"}
    chat = {"id": 900, "type": "private", "first_name": "Test"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": person, "text": text},
    }


async def texts(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        sealed = await db.scalars(select(inbox.c.sealed_payload).order_by(inbox.c.id))
        return [service.seal.open(row)["text"] for row in sealed]


@pytest.fixture
def webhook(service: Service, settings: Settings, bot: telegram.Bot, intake: Intake, port: int) -> Webhook:
    here = settings.model_copy(update={"telegram_webhook_url": f"http://127.0.0.1:{port}{PLACE}"})
    return Webhook(here, service.engine, bot, intake, Courtesy(bot))


@pytest.fixture
async def door(webhook: Webhook, port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running webhook."""
    server = WebhookServer(webhook.app, "127.0.0.1", port)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    await task


async def test_an_update_with_the_secret_is_stored_before_the_answer(door: httpx.AsyncClient, service: Service) -> None:
    answer = await door.post(PLACE, json=update(), headers=RIGHT)
    assert answer.status_code == 200
    assert await texts(service) == ["hello"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: "wrong"},
        {SECRET_HEADER: WEBHOOK_SECRET[:-1]},
        {SECRET_HEADER: WEBHOOK_SECRET + "x"},
        {SECRET_HEADER: WEBHOOK_SECRET.upper()},
        {SECRET_HEADER: "x" * 20_000},
        {SECRET_HEADER: "şifre".encode()},
        {"Authorization": WEBHOOK_SECRET},
    ],
)
async def test_without_the_secret_nothing_is_taken(
    door: httpx.AsyncClient, service: Service, headers: dict[str, Any]
) -> None:
    answer = await door.post(PLACE, json=update(), headers=headers)
    assert answer.status_code == 403
    assert answer.content == b""
    assert await texts(service) == []


async def test_other_methods_and_places_lead_nowhere(door: httpx.AsyncClient) -> None:
    assert (await door.get(PLACE, headers=RIGHT)).status_code == 405
    assert (await door.post("/other", json=update(), headers=RIGHT)).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"update_id": 5, "message": 7}']
)
async def test_what_is_no_update_is_left_behind_so_that_telegram_goes_on(
    door: httpx.AsyncClient, service: Service, body: bytes
) -> None:
    assert (await door.post(PLACE, content=body, headers=RIGHT)).status_code == 200
    assert (await door.post(PLACE, json=update("next"), headers=RIGHT)).status_code == 200
    assert await texts(service) == ["next"]


async def test_an_update_of_megabytes_is_left_behind_too(door: httpx.AsyncClient, service: Service) -> None:
    huge = update("x" * (2 * MOST_BYTES), 4)
    assert (await door.post(PLACE, json=huge, headers=RIGHT)).status_code == 200
    assert (await door.post(PLACE, json=update("next"), headers=RIGHT)).status_code == 200
    assert await texts(service) == ["next"]


async def test_a_stranger_cannot_keep_the_door_busy_with_a_body_without_end(door: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 1 << 16
            yield b" " * (1 << 16)

    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        answer = await door.post(PLACE, content=endless(), headers={SECRET_HEADER: "wrong"})
        assert answer.status_code == 403
    assert sent < 16 * MOST_BYTES


async def test_while_the_database_cannot_store_nothing_is_acknowledged(
    door: httpx.AsyncClient, service: Service
) -> None:
    async with await psycopg.AsyncConnection.connect(service.settings.database_url) as holder:
        await holder.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(httpx.ReadTimeout):
            await door.post(PLACE, json=update(), headers=RIGHT, timeout=0.5)
        await holder.rollback()
    async with await psycopg.AsyncConnection.connect(service.settings.database_url) as breaker:
        await breaker.execute("ALTER TABLE inbox RENAME TO inbox_away")
        await breaker.commit()
        assert (await door.post(PLACE, json=update("one", 6), headers=RIGHT)).status_code == 503
        await breaker.execute("ALTER TABLE inbox_away RENAME TO inbox")
        await breaker.commit()
    assert (await door.post(PLACE, json=update("one", 6), headers=RIGHT)).status_code == 200
    assert (await texts(service))[-1] == "one"


async def test_telegram_posts_here_once_it_is_registered(
    door: httpx.AsyncClient, webhook: Webhook, service: Service, emulator: EmulatorClient, person: Party
) -> None:
    await webhook.register()
    emulator.send_text(person.chat_id, "one")
    emulator.send_text(person.chat_id, "two")
    async with asyncio.timeout(10):
        while len(await texts(service)) < 3:  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
    assert await texts(service) == ["start", "one", "two"]
    registered = emulator.journal("setWebhook")[0].params
    assert registered["secret_token"] == WEBHOOK_SECRET
    assert json.loads(registered["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    await emulator.until(lambda: emulator.journal("sendChatAction", person.chat_id))


@pytest.mark.parametrize(
    "wrong",
    [
        {"telegram_webhook_secret": SecretStr("")},
        {"telegram_webhook_secret": SecretStr("short")},
        {"telegram_webhook_url": ""},
        {"telegram_webhook_url": "rehber"},
    ],
)
def test_settings_that_would_leave_the_door_open_stop_the_start(
    service: Service, settings: Settings, bot: telegram.Bot, intake: Intake, wrong: dict[str, Any]
) -> None:
    good = {"telegram_webhook_url": "https://rehber.example/hook"}
    with pytest.raises(SettingsError, match=next(iter(wrong)).upper()):
        Webhook(settings.model_copy(update=good | wrong), service.engine, bot, intake, Courtesy(bot))
