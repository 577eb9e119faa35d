"""Counts the signs of an attack beside each try, and opens the alarms that `bot.caseapi.alarms` finds in them.

Every count ends at the number that decides, so a try costs the same in an attack as on a quiet day. One row of `alarms`
is open for each kind; what goes on moves its `last_at`. A log line says the kind and nothing about anybody.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.alarms import MOST_FAILURES, TIMES_THE_USUAL, TRIES_AFTER_THE_LOCK, WINDOW, Alarm, Signs, alarms
from bot.caseapi.attempts import DAY, Try
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import verification_attempts as tries

log = structlog.get_logger()

_USUAL_EVERY_SECONDS: Final = 60.0
_SAME_ALARM: Final = timedelta(minutes=1)
"""How often a row that is open is touched again: an attack has many tries a second and one row."""
_ROWS_OF_A_RANGE: Final = 200
_HOURS_BEFORE: Final = DAY / WINDOW - 1


def _since(alarm: Alarm) -> ColumnElement[bool]:
    """From when on signs count: what somebody has seen is not an alarm once more."""
    seen = select(func.max(alarms_table.c.seen_at)).where(alarms_table.c.kind == alarm.value).scalar_subquery()
    return func.greatest(func.now() - WINDOW, seen)


def _numbers_of_range() -> ScalarSelect[int]:
    latest = (
        select(tries.c.subject_hash)
        .where(tries.c.range_hash == bindparam("neighbourhood"), ~tries.c.succeeded, tries.c.at > _since(Alarm.RANGE))
        .order_by(tries.c.at.desc())
        .limit(_ROWS_OF_A_RANGE)
        .subquery()
    )
    return select(func.count(latest.c.subject_hash.distinct())).scalar_subquery()


def _failures(most: int, when: ColumnElement[bool]) -> ScalarSelect[int]:
    failed = select(tries.c.id).where(when, ~tries.c.succeeded, tries.c.range_hash.is_not(None)).limit(most)
    return select(func.count()).select_from(failed.subquery()).scalar_subquery()


def _after_lock(of: ColumnElement[bool]) -> ScalarSelect[int]:
    refused = select(tries.c.id).where(of, ~tries.c.admitted, tries.c.at > _since(Alarm.PERSISTENCE))
    return select(func.count()).select_from(refused.limit(TRIES_AFTER_THE_LOCK).subquery()).scalar_subquery()


# Built once: an attack asks this a thousand times a second.
_SIGNS: Final = select(
    _numbers_of_range(),
    _failures(MOST_FAILURES + 1, tries.c.at > _since(Alarm.FAILURES)),
    func.greatest(
        _after_lock(tries.c.origin_hash == bindparam("origin")), _after_lock(tries.c.device_hash == bindparam("device"))
    ),
    select(func.array_agg(alarms_table.c.kind))
    .where(alarms_table.c.seen_at.is_(None), alarms_table.c.last_at > func.now() - _SAME_ALARM)
    .scalar_subquery(),
)


@dataclass(slots=True)
class _Usual:
    """Failures of an hour in the day before, looked up once a minute: it changes slowly and is long to count."""

    failures: float = 0.0
    until: float = 0.0


class Watch:
    """One for a process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._usual = _Usual()

    async def look(self, db: AsyncConnection, attempt: Try) -> frozenset[Alarm]:
        """The alarms to sound after this try, in its transaction. Staff who sign in have no neighbourhood and none."""
        if attempt.neighbourhood is None:
            return frozenset()
        if time.monotonic() > self._usual.until:
            self._usual = _Usual(await _usual(db), time.monotonic() + _USUAL_EVERY_SECONDS)
        asked = {
            "neighbourhood": attempt.neighbourhood,
            "origin": attempt.origin.name,
            "device": attempt.device.name if attempt.device else b"",
        }
        row = (await db.execute(_SIGNS, asked)).one()
        found = alarms(Signs(row[0], row[1], self._usual.failures, row[2]))
        return found - {Alarm(kind) for kind in row[3] or ()}

    async def sound(self, found: frozenset[Alarm]) -> None:
        """Open these alarms, or say that they go on."""
        for alarm in sorted(found):
            async with self._engine.begin() as db:
                is_new = await db.scalar(
                    insert(alarms_table)
                    .values(kind=alarm.value)
                    .on_conflict_do_update(
                        index_elements=["kind"],
                        index_where=alarms_table.c.seen_at.is_(None),
                        set_={"last_at": func.now()},
                    )
                    # How PostgreSQL tells a row that was made from one that was changed.
                    .returning(literal_column("xmax = 0"))
                )
            if is_new:
                log.error("check.alarm", kind=alarm.value)


async def _usual(db: AsyncConnection) -> float:
    """Of the day without its last hour; counted no further than to where `MOST_FAILURES` decides."""
    most = int(MOST_FAILURES / TIMES_THE_USUAL * _HOURS_BEFORE) + 1
    before = tries.c.at.between(func.now() - DAY, func.now() - WINDOW)
    return float((await db.execute(select(_failures(most, before)))).scalar_one()) / _HOURS_BEFORE
