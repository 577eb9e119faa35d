"""Counts tries of the identity check for all processes: `bot.caseapi.attempts.AttemptLog` over PostgreSQL.

Numbers and origins arrive as keyed hashes and leave after a day (`bot.hub.jobs`).
"""

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.attempts import Limits, Tally
from bot.storage.tables import verification_attempts as tries

SUBJECT_LOCK = 3
ORIGIN_LOCK = 4


class StoredAttempts:
    """The attempt log. Each call is a transaction of its own, so that a turn that fails later does not undo a count."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def reserve(self, subject: bytes, origin: bytes, limits: Limits) -> int | None:
        async with self._engine.begin() as db:
            # Always in this order, so that two tries can not wait for each other.
            await _lock(db, SUBJECT_LOCK, subject)
            await _lock(db, ORIGIN_LOCK, origin)
            if not limits.admit(await _tally(db, subject, origin, limits)):
                return None
            row = await db.execute(
                tries.insert().values(subject_hash=subject, origin_hash=origin, succeeded=False).returning(tries.c.id)
            )
            return int(row.scalar_one())

    async def succeeded(self, attempt: int) -> None:
        async with self._engine.begin() as db:
            await db.execute(update(tries).where(tries.c.id == attempt).values(succeeded=True))

    async def withdraw(self, attempt: int) -> None:
        async with self._engine.begin() as db:
            await db.execute(delete(tries).where(tries.c.id == attempt))


async def _tally(db: AsyncConnection, subject: bytes, origin: bytes, limits: Limits) -> Tally:
    of_subject = tries.c.subject_hash == subject
    from_origin = tries.c.origin_hash == origin
    failed = ~tries.c.succeeded
    row = (
        await db.execute(
            select(
                func.count().filter(and_(of_subject, failed)).label("of_subject"),
                func.count().filter(and_(from_origin, failed)).label("from_origin"),
                func.count(tries.c.subject_hash.distinct()).filter(and_(from_origin, ~of_subject)).label("others"),
            ).where(tries.c.at > func.now() - limits.window, or_(of_subject, from_origin))
        )
    ).one()
    return Tally(row.of_subject, row.from_origin, row.others)


async def _lock(db: AsyncConnection, space: int, name: bytes) -> None:
    await db.execute(select(func.pg_advisory_xact_lock(space, func.hashtext(name.hex()))))
