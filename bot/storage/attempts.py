"""Counts tries of the identity check for all processes: `bot.caseapi.attempts.AttemptLog` over PostgreSQL.

Numbers and origins arrive as keyed hashes and leave after a day (`bot.hub.jobs`). A try that is not admitted is written
down too, for the alarms; of one origin or device at most `REFUSED_KEPT` an hour, so that nobody fills the table.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.alarms import TRIES_AFTER_THE_LOCK, WINDOW
from bot.caseapi.attempts import Counted, Tally, Try, admits
from bot.storage.alarms import Watch
from bot.storage.tables import verification_attempts as tries

SUBJECT_LOCK = 3
ORIGIN_LOCK = 4

REFUSED_KEPT: Final = TRIES_AFTER_THE_LOCK + 5
"""Enough for the alarm that counts them."""


class StoredAttempts:
    """The attempt log. Each call is a transaction of its own, so that a turn that fails later does not undo a count."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._watch = Watch(engine)

    async def reserve(self, attempt: Try) -> int | None:
        async with self._engine.begin() as db:
            await _lock(db, attempt)
            tally, refused = await _tally(db, attempt)
            admitted = admits(attempt, tally)
            number = await _write(db, attempt, admitted=admitted) if admitted or refused < REFUSED_KEPT else None
            seen = await self._watch.look(db, attempt)
        await self._watch.sound(seen)
        return number if admitted else None

    async def succeeded(self, attempt: int) -> None:
        async with self._engine.begin() as db:
            await db.execute(update(tries).where(tries.c.id == attempt).values(succeeded=True))

    async def withdraw(self, attempt: int) -> None:
        async with self._engine.begin() as db:
            await db.execute(delete(tries).where(tries.c.id == attempt))


async def _lock(db: AsyncConnection, attempt: Try) -> None:
    """Let no other try of the same subject, origin or device be counted until this transaction ends."""
    names = [(SUBJECT_LOCK, attempt.subject.name), (ORIGIN_LOCK, attempt.origin.name)]
    if attempt.device:
        names.append((ORIGIN_LOCK, attempt.device.name))
    # Everybody takes them in this order, so that two tries can not wait for each other.
    keys = sorted((space, int.from_bytes(name[:4], signed=True)) for space, name in names)
    await db.execute(select(*(func.pg_advisory_xact_lock(space, key) for space, key in keys)))


async def _tally(db: AsyncConnection, attempt: Try) -> tuple[Tally, int]:
    """The tally, and how many tries that were not admitted are kept of the origin or device."""
    of_subject = tries.c.subject_hash == attempt.subject.name
    from_origin = tries.c.origin_hash == attempt.origin.name
    device = attempt.device or Counted(b"", attempt.origin.limit)
    from_device = tries.c.device_hash == device.name
    others = (
        select(func.count(tries.c.subject_hash.distinct()))
        .where(from_origin, ~of_subject, tries.c.admitted, _within(attempt.origin.limit.window))
        .scalar_subquery()
    )
    row = (
        await db.execute(
            select(
                _failures(attempt.subject, of_subject).scalar_subquery(),
                _failures(attempt.origin, from_origin).scalar_subquery(),
                others,
                _failures(device, from_device).scalar_subquery(),
                func.greatest(_refused(from_origin).scalar_subquery(), _refused(from_device).scalar_subquery()),
            )
        )
    ).one()
    return Tally(*row[:4]), row[4]


def _failures(counted: Counted, of: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(of, tries.c.admitted, ~tries.c.succeeded, _within(counted.limit.window))


def _refused(of: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(of, ~tries.c.admitted, _within(WINDOW))


def _within(window: timedelta) -> ColumnElement[bool]:
    return tries.c.at > func.now() - window


async def _write(db: AsyncConnection, attempt: Try, *, admitted: bool) -> int:
    row = await db.execute(
        tries.insert()
        .values(
            subject_hash=attempt.subject.name,
            origin_hash=attempt.origin.name,
            device_hash=attempt.device.name if attempt.device else None,
            range_hash=attempt.neighbourhood,
            admitted=admitted,
            succeeded=False,
        )
        .returning(tries.c.id)
    )
    return int(row.scalar_one())
