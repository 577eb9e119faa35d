"""Reads the audit, the newest first, a page at a time. It holds ids and acts, and no applicant's word."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n.formats import OFFICE_ZONE
from bot.storage.tables import audit, staff

PAGE: Final = 100
NEWEST: Final = 2**63 - 1
"""An id above every row's."""


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the audit. `name` is None for a command at the machine; `about` is a person whose account it concerns.

    `subject` is the id of what was seen or changed, or empty.
    """

    id: int
    at: datetime
    name: str | None
    act: str
    subject: str
    about: str | None


async def trail(
    db: AsyncConnection, *, day: date | None, staff_id: UUID | None, act: str | None, before: int = NEWEST
) -> list[Act]:
    """At most `PAGE` rows below the id `before`, of a day in the office's zone, a person, an act; None for any."""
    about = staff.alias("about")
    wanted = (
        select(audit, staff.c.name, about.c.name.label("about_name"))
        .outerjoin(staff, staff.c.id == audit.c.staff_id)
        .outerjoin(about, cast(about.c.id, Text) == audit.c.subject)
        .where(audit.c.id < before)
        .order_by(audit.c.id.desc())
        .limit(PAGE)
    )
    if day is not None:
        begins = datetime.combine(day, time(), OFFICE_ZONE)
        wanted = wanted.where(audit.c.at >= begins, audit.c.at < begins + timedelta(days=1))
    if staff_id is not None:
        wanted = wanted.where(audit.c.staff_id == staff_id)
    if act is not None:
        wanted = wanted.where(audit.c.act == act)
    rows = await db.execute(wanted)
    return [Act(row.id, row.at, row.name, row.act, row.subject, row.about_name) for row in rows]
