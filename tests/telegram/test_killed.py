"""A real Telegram process that is killed: what was stored is stored once, what was not is offered again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.settings import Settings
from bot.storage.tables import conversations
from tests.emulator import EmulatorClient, Party
from tests.telegram.test_polling import stored, until_confirmed, until_stored


@asynccontextmanager
async def telegram_process(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot telegram`, killed at the end if it has not been before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "telegram",
        env={
            **os.environ,
            "REHBER_DATABASE_URL": settings.database_url,
            "REHBER_DATA_DIR": str(settings.data_dir),
            "TELEGRAM_BOT_TOKEN": settings.telegram_bot_token.get_secret_value(),
            "TELEGRAM_API_URL": settings.telegram_api_url,
        },
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_killed_before_the_commit_the_message_is_offered_again(
    service: Service, emulator: EmulatorClient, person: Party
) -> None:
    async with await psycopg.AsyncConnection.connect(service.settings.database_url) as holder:
        await holder.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        async with telegram_process(service.settings) as process:
            await emulator.until(lambda: emulator.journal("getUpdates"), seconds=20)
            await asyncio.sleep(0.3)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await holder.rollback()
    assert await stored(service) == []
    assert emulator.updates()[0].state == "pending"
    async with telegram_process(service.settings):
        await until_confirmed(emulator)
    assert await stored(service) == [("command", "start")]


async def test_killed_between_the_commit_and_the_confirmation_the_message_is_there_once(
    service: Service, emulator: EmulatorClient, person: Party
) -> None:
    async with telegram_process(service.settings) as process:
        await until_confirmed(emulator)
        # The poll that would confirm the next message never gets there.
        emulator.slow_down(60, "getUpdates", times=2)
        emulator.send_text(person.chat_id, "one")
        await until_stored(service, 2)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert emulator.updates()[-1].state == "pending"
    emulator.clear_faults()
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(conversations)) == 1
    async with telegram_process(service.settings):
        await until_confirmed(emulator)
        emulator.send_text(person.chat_id, "two")
        await until_stored(service, 3)
    assert await stored(service) == [("command", "start"), ("text", "one"), ("text", "two")]
