"""Tries are counted together by all processes, in the real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.caseapi.attempts import CHAT, KIOSK, Limits
from bot.storage.attempts import StoredAttempts
from bot.storage.database import make_engine

NUMBERS = [bytes([n]) * 32 for n in range(1, 10)]
CHATS = [bytes([n]) * 32 for n in range(100, 150)]


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[StoredAttempts]:
    engine = make_engine(database_url, connections=10)
    yield StoredAttempts(engine)
    await engine.dispose()


async def test_many_at_once_do_not_outrun_the_count(log: StoredAttempts) -> None:
    tries = await asyncio.gather(*(log.reserve(NUMBERS[0], chat, KIOSK) for chat in CHATS))
    assert sum(attempt is not None for attempt in tries) == 5
    assert await log.reserve(NUMBERS[1], CHATS[0], KIOSK) is not None


async def test_one_chat_at_once(log: StoredAttempts) -> None:
    tries = await asyncio.gather(*(log.reserve(number, CHATS[0], CHAT) for number in NUMBERS))
    # The fourth number would have three others beside it.
    assert sum(attempt is not None for attempt in tries) == 3


async def test_success_and_withdrawal_do_not_count(log: StoredAttempts) -> None:
    for _ in range(8):
        attempt = await log.reserve(NUMBERS[0], CHATS[0], CHAT)
        assert attempt is not None
        await log.succeeded(attempt)
    for _ in range(8):
        attempt = await log.reserve(NUMBERS[0], CHATS[0], CHAT)
        assert attempt is not None
        await log.withdraw(attempt)
    for _ in range(5):
        assert await log.reserve(NUMBERS[0], CHATS[0], CHAT) is not None
    assert await log.reserve(NUMBERS[0], CHATS[0], CHAT) is None


async def test_a_lock_ends_with_its_window(log: StoredAttempts) -> None:
    short = Limits(failures_from_origin=5, other_subjects_from_origin=3, window=timedelta(milliseconds=400))
    for _ in range(5):
        assert await log.reserve(NUMBERS[0], CHATS[0], CHAT) is not None
    assert await log.reserve(NUMBERS[0], CHATS[0], CHAT) is None
    await asyncio.sleep(0.5)
    assert await log.reserve(NUMBERS[0], CHATS[0], short) is not None
