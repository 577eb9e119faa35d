"""The trail of what the staff saw and did: ids, and no words of anybody.

Rows are added and never changed or deleted: a trigger of the database refuses it (migration 0007), also to a defect or
an intruder in this program. Whoever owns the database can still drop the trigger.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import audit

ONE_VIEW: Final = timedelta(minutes=15)
"""A page that refreshes itself is the same view for this long; after that it is written down again."""


async def record(
    db: AsyncConnection, staff_id: UUID | None, act: str, subject: str, *, unless_within: timedelta | None = None
) -> None:
    """Write one row in the transaction of the act itself: what is rolled back was not done.

    `staff_id` is None for an act by command, at the machine itself.
    With `unless_within` the row is left out when the same one was written less than that ago.
    """
    if unless_within is not None:
        same = select(audit.c.id).where(
            audit.c.staff_id == staff_id,
            audit.c.act == act,
            audit.c.subject == subject,
            audit.c.at > func.now() - unless_within,
        )
        if await db.scalar(same.limit(1)) is not None:
            return
    await db.execute(insert(audit).values(staff_id=staff_id, act=act, subject=subject))


async def record_view(db: AsyncConnection, staff_id: UUID, act: str, subject: str, *, again: bool) -> None:
    """Write down that a page was read. `again`: the page has fetched itself, nobody has opened it."""
    await record(db, staff_id, act, subject, unless_within=ONE_VIEW if again else None)
