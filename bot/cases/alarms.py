"""The alarms over identity checks, as the staff see them: open until an officer says that it was seen.

What an alarm is stands in `bot.caseapi.alarms`. Nothing here names a number, a chat or a kiosk, because nothing of
that is stored: hashes only, for a day.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.caseapi.alarms import Alarm
from bot.cases import audit
from bot.cases.model import OfficersOnly, Staff
from bot.cases.rights import Right
from bot.storage.tables import alarms


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """What goes on, since when, and when it was noticed last (to the minute)."""

    id: int
    alarm: Alarm
    raised_at: datetime
    last_at: datetime


async def open_alarms(db: AsyncConnection) -> list[OpenAlarm]:
    """Alarms that nobody has seen, the oldest first."""
    rows = await db.execute(
        select(alarms.c.id, alarms.c.kind, alarms.c.raised_at, alarms.c.last_at)
        .where(alarms.c.seen_at.is_(None))
        .order_by(alarms.c.id)
    )
    return [OpenAlarm(row.id, Alarm(row.kind), row.raised_at, row.last_at) for row in rows]


async def mark_seen(db: AsyncConnection, alarm_id: int, person: Staff) -> None:
    """An officer takes note. What goes on afterwards is a new alarm. Raises OfficersOnly."""
    if not person.may(Right.ALARMS):
        raise OfficersOnly("An alarm is closed by an officer.")
    marked = await db.scalar(
        update(alarms)
        .where(alarms.c.id == alarm_id, alarms.c.seen_at.is_(None))
        .values(seen_at=func.now(), staff_id=person.id)
        .returning(alarms.c.id)
    )
    # Two officers at once, or the page of yesterday: it is seen, and was written down then.
    if marked is not None:
        await audit.record(db, person.id, "alarm.seen", str(alarm_id))
