"""The trail of what the staff saw and did. Rows are written, never changed; they hold ids and no words of anybody."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import audit


async def record(
    db: AsyncConnection, staff_id: UUID, act: str, subject: str, *, unless_within: timedelta | None = None
) -> None:
    """Write one row in the transaction of the act itself: what is rolled back was not done.

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
