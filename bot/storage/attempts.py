"""Counts tries of the identity check for all processes: `bot.caseapi.attempts.AttemptLog` over PostgreSQL.

Numbers and origins arrive as keyed hashes and leave after a day (`bot.hub.jobs`). A try that is not admitted is written
down too, for the alarms; of one origin or device at most `REFUSED_KEPT` an hour, so that nobody fills the table.
"""

from typing import Final

from sqlalchemy import ColumnElement, Interval, ScalarSelect, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.alarms import TRIES_AFTER_THE_LOCK, WINDOW
from bot.caseapi.attempts import Counted, Tally, Try, admits
from bot.storage.alarms import Watch
from bot.storage.tables import verification_attempts as tries

SUBJECT_LOCK: Final = 3
ORIGIN_LOCK: Final = 4

REFUSED_KEPT: Final = TRIES_AFTER_THE_LOCK + 5
"""Enough for the alarm that counts them."""

_NO_DEVICE: Final = b""


def _failures(of: ColumnElement[bool], window: str) -> ScalarSelect[int]:
    recent = tries.c.at > func.now() - bindparam(window, type_=Interval)
    return select(func.count()).where(of, tries.c.admitted, ~tries.c.succeeded, recent).scalar_subquery()


def _refused(of: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(of, ~tries.c.admitted, tries.c.at > func.now() - WINDOW).scalar_subquery()


# The statements are built once: an attack asks them a thousand times a second.
_OF_SUBJECT: Final = tries.c.subject_hash == bindparam("subject")
_FROM_ORIGIN: Final = tries.c.origin_hash == bindparam("origin")
_FROM_DEVICE: Final = tries.c.device_hash == bindparam("device")
_OTHERS: Final = (
    select(func.count(tries.c.subject_hash.distinct()))
    .where(
        _FROM_ORIGIN,
        ~_OF_SUBJECT,
        tries.c.admitted,
        tries.c.at > func.now() - bindparam("origin_window", type_=Interval),
    )
    .scalar_subquery()
)
_TALLY: Final = select(
    _failures(_OF_SUBJECT, "subject_window"),
    _failures(_FROM_ORIGIN, "origin_window"),
    _OTHERS,
    _failures(_FROM_DEVICE, "device_window"),
    func.greatest(_refused(_FROM_ORIGIN), _refused(_FROM_DEVICE)),
)
_WRITE: Final = insert(tries).returning(tries.c.id)


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
            found = await self._watch.look(db, attempt)
        await self._watch.sound(found)
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
    device = attempt.device or Counted(_NO_DEVICE, attempt.origin.limit)
    asked = {
        "subject": attempt.subject.name,
        "subject_window": attempt.subject.limit.window,
        "origin": attempt.origin.name,
        "origin_window": attempt.origin.limit.window,
        "device": device.name,
        "device_window": device.limit.window,
    }
    row = (await db.execute(_TALLY, asked)).one()
    return Tally(*row[:4]), row[4]


async def _write(db: AsyncConnection, attempt: Try, *, admitted: bool) -> int:
    row = {
        "subject_hash": attempt.subject.name,
        "origin_hash": attempt.origin.name,
        "device_hash": attempt.device.name if attempt.device else None,
        "range_hash": attempt.neighbourhood,
        "admitted": admitted,
        "succeeded": False,
    }
    return int((await db.execute(_WRITE, row)).scalar_one())
