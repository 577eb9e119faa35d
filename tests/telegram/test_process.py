"""The whole Telegram process: up in one go, silent about what it must not say, down without a loss."""

import asyncio
import io
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
import telegram
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.channels.telegram.api import open_bot
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.process import work
from bot.errors import SettingsError
from bot.model import Block, BlockKind, Utterance
from bot.post import conversations, outbox
from bot.settings import Settings
from bot.storage.tables import inbox
from bot.storage.tables import outbox as outbox_table
from tests.emulator import EmulatorClient, Party


@asynccontextmanager
async def working(service: Service, bot: telegram.Bot) -> AsyncIterator[asyncio.Event]:
    """The process's jobs for the length of a block; gives the event that ends them."""
    stopping = asyncio.Event()
    task = asyncio.create_task(work(service, bot, stopping))
    try:
        yield stopping
    finally:
        stopping.set()
        await asyncio.wait_for(task, 10)


async def answer(service: Service, chat_id: int, words: str) -> None:
    utterance = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, words),))
    async with service.engine.begin() as db:
        talk = await conversations.find_or_open(db, service.seal, "telegram", str(chat_id))
        await outbox.put(db, service.seal, talk, "telegram", [utterance])


async def count(service: Service) -> int:
    async with service.engine.connect() as db:
        return int(await db.scalar(select(func.count()).select_from(inbox)) or 0)


async def until_received(service: Service, number: int, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while await count(service) < number:  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)


async def in_state(service: Service, state: str) -> int:
    async with service.engine.connect() as db:
        query = select(func.count()).select_from(outbox_table).where(outbox_table.c.state == state)
        return int(await db.scalar(query) or 0)


async def test_messages_come_in_and_answers_go_out(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    async with working(service, bot):
        await until_received(service, 1)
        await answer(service, person.chat_id, "Welcome")
        (message,) = await emulator.arrived(person.chat_id)
    assert message.text == "Welcome"


async def test_the_menu_has_the_commands_in_every_offered_language(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient
) -> None:
    # Telegram takes two letters; the others see the default.
    offered = [language.code for language in service.registry.offered() if len(language.code) == 2]
    async with working(service, bot):
        await emulator.until(lambda: len(emulator.journal("setMyCommands")) > len(offered) or None)
    for code in offered:
        commands = await bot.get_my_commands(language_code=code)
        expected = [service.catalogues.say(code, words) for words in COMMANDS.values()]
        assert [command.command for command in commands] == list(COMMANDS)
        assert [command.description for command in commands] == expected
    assert await bot.get_my_commands() == await bot.get_my_commands(language_code=service.settings.default_language)


async def test_a_job_that_fails_is_started_again_and_the_others_go_on(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    emulator.answer_status(500, "setMyCommands")
    async with working(service, bot):
        await until_received(service, 1)
        await emulator.until(lambda: len(emulator.journal("setMyCommands")) > 4 or None)


async def test_a_webhook_process_serves_what_it_registers(
    service: Service, settings: Settings, bot: telegram.Bot, emulator: EmulatorClient, person: Party, port: int
) -> None:
    webhook = settings.model_copy(
        update={
            "telegram_mode": "webhook",
            "telegram_webhook_port": port,
            "telegram_webhook_url": f"http://127.0.0.1:{port}/hook",
        }
    )
    served = Service(webhook, service.engine, service.seal, service.library, service.catalogues)
    async with working(served, bot):
        await until_received(service, 1)
        emulator.send_text(person.chat_id, "two")
        await until_received(service, 2)
    assert emulator.journal("getUpdates") == []


async def test_neither_token_nor_words_nor_chats_reach_a_log(
    service: Service, settings: Settings, emulator: EmulatorClient, person: Party, caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    caplog.set_level(logging.DEBUG)
    try:
        async with open_bot(settings, answer_seconds=1.0) as bot:
            assert emulator.token not in repr(bot)
            emulator.answer_status(500, "setMyCommands")
            emulator.reset_connection("getUpdates")
            emulator.answer_status(401)
            emulator.answer_status(400, chat_id=person.chat_id)
            emulator.send_raw({"message": {"text": "a secret of a person"}})
            async with working(service, bot):
                emulator.send_text(person.chat_id, "a secret of a person")
                await until_received(service, 2)
                for words in ("a secret answer", "another secret answer"):
                    await answer(service, person.chat_id, words)
                await emulator.until(lambda: len(emulator.journal("sendMessage")) or None)
    finally:
        structlog.reset_defaults()
    # The test's own client of the emulator talks as it likes.
    said = written.getvalue() + "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx2", "httpcore2"))
    )
    assert "telegram.received" in said
    for hidden in (emulator.token, emulator.token.partition(":")[2], "secret", str(person.chat_id), "Test"):
        assert hidden not in said


@pytest.mark.parametrize("token", ["", "nonsense", "123", "a:b", "123:abc def"])
async def test_a_token_that_is_none_stops_the_start_and_is_not_repeated(settings: Settings, token: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN") as error:
        async with open_bot(settings.model_copy(update={"telegram_bot_token": SecretStr(token)})):
            pass
    assert not token or token not in ("nonsense", "123:abc def") or token not in str(error.value)


async def test_sigterm_ends_the_process_and_leaves_no_message_in_doubt(
    service: Service, emulator: EmulatorClient, person: Party
) -> None:
    settings = service.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "telegram",
        env={
            **os.environ,
            "REHBER_DATABASE_URL": settings.database_url,
            "REHBER_DATA_DIR": str(settings.data_dir),
            "TELEGRAM_BOT_TOKEN": emulator.token,
            "TELEGRAM_API_URL": emulator.url,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await until_received(service, 1, seconds=30)
        emulator.slow_down(1)
        await answer(service, person.chat_id, "one")
        async with asyncio.timeout(10):
            while not await in_state(service, "sending"):  # noqa: ASYNC110 - the database has no event to wait for
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert emulator.token.encode() not in errors
    assert [message.text for message in emulator.delivered(person.chat_id)] == ["one"]
    assert await in_state(service, "sent") == 1
