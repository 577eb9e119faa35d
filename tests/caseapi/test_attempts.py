"""Tries are counted together by all processes, in the real database."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.caseapi.attempts import CHAT, KIOSK, NUMBER, Counted, Limit, Try
from bot.storage.attempts import REFUSED_KEPT, StoredAttempts
from bot.storage.tables import verification_attempts as tries

NUMBERS = [bytes([n]) * 32 for n in range(1, 60)]
CHATS = [bytes([n]) * 32 for n in range(100, 250)]
HALL = b"hall" * 8
WIDE = Limit(failures=1000)


def of(number: bytes, chat: bytes, limit: Limit = CHAT, *, device: Limit | None = None) -> Try:
    return Try(Counted(number, NUMBER), Counted(chat, limit), Counted(HALL, device) if device else None)


async def let_pass(engine: AsyncEngine, span: timedelta) -> None:
    async with engine.begin() as db:
        await db.execute(update(tries).values(at=tries.c.at - span))


async def test_many_at_once_do_not_outrun_the_count(log: StoredAttempts) -> None:
    made = await asyncio.gather(*(log.reserve(of(NUMBERS[0], chat)) for chat in CHATS[:50]))
    assert sum(attempt is not None for attempt in made) == 5
    assert await log.reserve(of(NUMBERS[1], CHATS[0])) is not None


async def test_one_chat_at_once(log: StoredAttempts) -> None:
    made = await asyncio.gather(*(log.reserve(of(number, CHATS[0])) for number in NUMBERS))
    # The fourth number would have three others beside it.
    assert sum(attempt is not None for attempt in made) == 3


async def test_a_chat_fails_five_times(log: StoredAttempts) -> None:
    for number in (0, 1, 0, 1, 0):
        assert await log.reserve(of(NUMBERS[number], CHATS[0])) is not None
    assert await log.reserve(of(NUMBERS[1], CHATS[0])) is None
    assert await log.reserve(of(NUMBERS[1], CHATS[1])) is not None


async def test_a_kiosk_fails_twenty_times_an_hour_however_many_visits_it_has(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    visits = zip(NUMBERS, CHATS, strict=False)
    made = await asyncio.gather(*(log.reserve(of(*visit, device=KIOSK)) for visit in list(visits)[:40]))
    assert sum(attempt is not None for attempt in made) == 20
    # A chat is not a visit at this kiosk.
    assert await log.reserve(of(NUMBERS[50], CHATS[50])) is not None
    await let_pass(engine, timedelta(minutes=59))
    assert await log.reserve(of(NUMBERS[51], CHATS[51], device=KIOSK)) is None
    await let_pass(engine, timedelta(minutes=2))
    assert await log.reserve(of(NUMBERS[52], CHATS[52], device=KIOSK)) is not None


async def test_two_devices_and_numbers_at_once_never_wait_for_each_other_for_ever(log: StoredAttempts) -> None:
    """Every mixture of the same few names, at once: with locks in any other than a fixed order some would deadlock."""
    mixed = [
        Try(Counted(NUMBERS[n % 3], WIDE), Counted(CHATS[n % 5], WIDE), Counted(CHATS[(n + 1) % 5], WIDE))
        for n in range(150)
    ]
    made = await asyncio.gather(*(log.reserve(attempt) for attempt in mixed))
    assert None not in made


async def test_success_and_withdrawal_do_not_count(log: StoredAttempts) -> None:
    for _ in range(8):
        attempt = await log.reserve(of(NUMBERS[0], CHATS[0]))
        assert attempt is not None
        await log.succeeded(attempt)
    for _ in range(8):
        attempt = await log.reserve(of(NUMBERS[0], CHATS[0]))
        assert attempt is not None
        await log.withdraw(attempt)
    for _ in range(5):
        assert await log.reserve(of(NUMBERS[0], CHATS[0])) is not None
    assert await log.reserve(of(NUMBERS[0], CHATS[0])) is None


async def test_a_lock_ends_with_its_day_however_often_it_was_tried_meanwhile(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    for _ in range(5):
        assert await log.reserve(of(NUMBERS[0], CHATS[0], WIDE)) is not None
    await let_pass(engine, timedelta(hours=23, minutes=59))
    for _ in range(9):
        assert await log.reserve(of(NUMBERS[0], CHATS[0], WIDE)) is None
    await let_pass(engine, timedelta(minutes=2))
    assert await log.reserve(of(NUMBERS[0], CHATS[0], WIDE)) is not None


async def test_what_is_not_admitted_does_not_fill_the_table(log: StoredAttempts, engine: AsyncEngine) -> None:
    for number in range(300):
        await log.reserve(of(NUMBERS[number % 50], CHATS[0]))
    async with engine.connect() as db:
        refused = await db.scalar(select(func.count()).where(~tries.c.admitted))
    assert refused == REFUSED_KEPT
