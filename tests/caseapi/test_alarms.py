"""What is an attack on many, seen by everybody's tries together, in the real database."""

from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.caseapi.alarms import (
    FEWEST_FAILURES,
    MOST_FAILURES,
    NUMBERS_OF_A_RANGE,
    TRIES_AFTER_THE_LOCK,
    Alarm,
    Signs,
    alarms,
)
from bot.caseapi.attempts import CHAT, KIOSK, NUMBER, Counted, Try
from bot.caseapi.identity import neighbourhood
from bot.storage.attempts import StoredAttempts
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import verification_attempts as tries

QUIET = Signs(numbers_of_range=0, failures=0, usual_failures=0.0, tries_after_lock=0)


@pytest.fixture(autouse=True)
def events() -> Iterator[list[MutableMapping[str, Any]]]:
    with structlog.testing.capture_logs() as logged:
        yield logged


def named(name: str) -> bytes:
    return name.encode().ljust(32, b".")


def of(number: str, chat: str = "", *, kiosk: str = "") -> Try:
    """A try of a number by somebody, who is new unless the chat is named."""
    return Try(
        Counted(named(number), NUMBER),
        Counted(named(chat or uuid4().hex[:30]), CHAT),
        Counted(named(kiosk), KIOSK) if kiosk else None,
        named(neighbourhood(number)),
    )


def scattered(n: int) -> str:
    """The n-th of many numbers of which no two are neighbours."""
    return f"99{n:05}0000"


async def sounding(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as db:
        rows = await db.scalars(
            select(alarms_table.c.kind).where(alarms_table.c.seen_at.is_(None)).order_by(alarms_table.c.kind)
        )
        return list(rows)


async def mark_seen(engine: AsyncEngine) -> None:
    async with engine.begin() as db:
        await db.execute(update(alarms_table).values(seen_at=func.now()))


async def let_pass(engine: AsyncEngine, span: timedelta) -> None:
    async with engine.begin() as db:
        await db.execute(update(tries).values(at=tries.c.at - span))
        await db.execute(
            update(alarms_table).values(
                raised_at=alarms_table.c.raised_at - span,
                last_at=alarms_table.c.last_at - span,
                seen_at=alarms_table.c.seen_at - span,
            )
        )


@pytest.mark.parametrize(
    ("number", "shared"),
    [
        ("99123456789", "9912345"),
        ("TEST-0021/26", "TEST-/26"),
        ("A12Z99999", "A12Z9"),
        ("AB12", "AB"),
        ("12", ""),
        ("ABCDEF", "AB"),
    ],
)
def test_neighbours_differ_in_their_last_digits(number: str, shared: str) -> None:
    assert neighbourhood(number) == shared


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (QUIET, set()),
        (Signs(NUMBERS_OF_A_RANGE - 1, 0, 0.0, 0), set()),
        (Signs(NUMBERS_OF_A_RANGE, 0, 0.0, 0), {Alarm.RANGE}),
        (Signs(0, FEWEST_FAILURES, 0.0, 0), set()),
        (Signs(0, FEWEST_FAILURES + 1, 0.0, 0), {Alarm.FAILURES}),
        (Signs(0, 60, 20.0, 0), set()),
        (Signs(0, 61, 20.0, 0), {Alarm.FAILURES}),
        (Signs(0, MOST_FAILURES + 1, 10_000.0, 0), {Alarm.FAILURES}),
        (Signs(0, 0, 0.0, TRIES_AFTER_THE_LOCK), {Alarm.PERSISTENCE}),
    ],
)
def test_where_an_alarm_begins(signs: Signs, expected: set[Alarm]) -> None:
    assert alarms(signs) == expected


async def test_ten_neighbours_from_ten_chats_are_an_alarm(
    log: StoredAttempts, engine: AsyncEngine, events: list[MutableMapping[str, Any]]
) -> None:
    for n in range(9):
        await log.reserve(of(f"9912345{n:04}"))
    await log.reserve(of("99123450000"))
    assert await sounding(engine) == []
    await log.reserve(of("99123459999"))
    assert await sounding(engine) == ["range"]
    assert events == [{"event": "check.alarm", "kind": "range", "log_level": "error"}]


async def test_people_who_succeed_and_numbers_that_are_no_neighbours_are_none(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    for n in range(25):
        await log.reserve(of(scattered(n)))
        attempt = await log.reserve(of(f"9912345{n:04}"))
        assert attempt is not None
        await log.succeeded(attempt)
    assert await sounding(engine) == []


async def test_a_range_is_seen_also_from_a_chat_that_is_locked(log: StoredAttempts, engine: AsyncEngine) -> None:
    for n in range(10):
        await log.reserve(of(f"9912345{n:04}", "one chat"))
    assert "range" in await sounding(engine)


async def test_more_failures_than_usual_are_an_alarm_and_usual_ones_are_not(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    async with engine.begin() as db:
        # Twenty an hour, all day: sixty in the last hour are three times that and no more.
        rows = [{"minutes": 60 + 3 * n} for n in range(23 * 20)]
        for row in rows:
            await db.execute(
                insert(tries).values(
                    subject_hash=b"before",
                    origin_hash=b"before",
                    range_hash=named(str(row["minutes"])),
                    succeeded=False,
                    at=func.now() - timedelta(minutes=row["minutes"], seconds=5),
                )
            )
    for n in range(60):
        await log.reserve(of(scattered(n)))
    assert await sounding(engine) == []
    for n in range(60, 63):
        await log.reserve(of(scattered(n)))
    assert await sounding(engine) == ["failures"]


async def test_staff_who_mistype_their_password_are_no_attack_on_applicants(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    for n in range(FEWEST_FAILURES + 5):
        await log.reserve(Try(Counted(named(f"staff {n}"), NUMBER), Counted(named(f"door {n}"), CHAT)))
    assert await sounding(engine) == []


@pytest.mark.parametrize("kiosk", ["", "kiosk:hall"])
async def test_who_goes_on_after_the_lock_is_an_alarm(log: StoredAttempts, engine: AsyncEngine, kiosk: str) -> None:
    """Of one chat; or of one kiosk, at which every try is a new visit."""
    chat = "" if kiosk else "one chat"
    admitted = 20 if kiosk else 3
    for n in range(admitted + TRIES_AFTER_THE_LOCK - 1):
        await log.reserve(of(scattered(n), chat, kiosk=kiosk))
    assert "persistence" not in await sounding(engine)
    await log.reserve(of(scattered(999), chat, kiosk=kiosk))
    assert "persistence" in await sounding(engine)


async def test_one_alarm_of_a_kind_is_open_and_it_moves(
    log: StoredAttempts, engine: AsyncEngine, events: list[MutableMapping[str, Any]]
) -> None:
    for n in range(15):
        await log.reserve(of(f"9912345{n:04}"))
    await let_pass(engine, timedelta(minutes=5))
    await log.reserve(of("99123459999"))
    async with engine.connect() as db:
        (row,) = (await db.execute(select(alarms_table))).all()
    assert row.last_at - row.raised_at > timedelta(minutes=4)
    assert len(events) == 1


async def test_what_was_seen_is_not_an_alarm_again_and_what_goes_on_is(
    log: StoredAttempts, engine: AsyncEngine
) -> None:
    for n in range(10):
        await log.reserve(of(f"9912345{n:04}"))
    await mark_seen(engine)
    for n in range(10, 19):
        await log.reserve(of(f"9912345{n:04}"))
    assert await sounding(engine) == []
    await log.reserve(of("99123459999"))
    assert await sounding(engine) == ["range"]


async def test_an_hour_later_it_is_forgotten(log: StoredAttempts, engine: AsyncEngine) -> None:
    for n in range(9):
        await log.reserve(of(f"9912345{n:04}"))
    await let_pass(engine, timedelta(minutes=61))
    await log.reserve(of("99123459999"))
    assert await sounding(engine) == []


async def test_an_attack_makes_no_try_slower(log: StoredAttempts, engine: AsyncEngine) -> None:
    """The plan of the count after thirty thousand tries of an hour: indexes, and no more rows than decide."""
    async with engine.begin() as db:
        n = func.generate_series(1, 30_000).column_valued("n")
        await db.execute(
            insert(tries).from_select(
                ["subject_hash", "origin_hash", "range_hash", "admitted", "succeeded"],
                select(
                    func.decode(func.md5(n.concat("")), "hex"),
                    func.decode(func.md5(n.concat("o")), "hex"),
                    func.convert_to("range", "utf8"),
                    n % 2 == 0,
                    n < 0,
                ),
            )
        )
    async with engine.connect() as db:
        await db.exec_driver_sql("ANALYZE verification_attempts")
    before = await _rows_read(engine)
    for number in range(20):
        await log.reserve(Try(Counted(named(str(number)), NUMBER), Counted(named("c"), CHAT), None, b"range"))
    assert (await _rows_read(engine) - before) / 20 < 2000


async def _rows_read(engine: AsyncEngine) -> int:
    async with engine.connect() as db:
        await db.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        await db.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
        read = await db.exec_driver_sql(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'verification_attempts'"
        )
        return int(read.scalar_one())
