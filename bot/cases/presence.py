"""Who is at a console, and what happens to the cases of somebody who is not any more.

An open console gives a sign of life every few seconds (`sessions.resume`). A case whose holder shows none for `GONE`
goes back to the queue, never silently to the bot.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries, holding
from bot.cases.model import HELD, Reason
from bot.cases.rights import Right, roles_with
from bot.cases.sessions import alive
from bot.cases.voice import Voice
from bot.storage.tables import cases, staff, staff_sessions

GONE = timedelta(minutes=5)


def at_console() -> ColumnElement[bool]:
    """Whether a row of `staff_sessions` is an open console."""
    return alive() & (staff_sessions.c.seen_at > func.now() - GONE)


async def is_present(db: AsyncConnection, staff_id: UUID) -> bool:
    """Whether the person has an open console."""
    found = select(staff_sessions.c.staff_id).where(staff_sessions.c.staff_id == staff_id, at_console())
    return await db.scalar(found.limit(1)) is not None


async def anybody_for(db: AsyncConnection, language: str) -> bool:
    """Whether somebody who may take cases of this language is at a console: without, no short wait is promised."""
    found = await db.scalar(
        select(staff.c.id)
        .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
        .where(
            staff.c.active,
            or_(
                and_(literal(language) == any_(staff.c.languages), staff.c.role.in_(roles_with(Right.CASES))),
                staff.c.role.in_(roles_with(Right.EVERY_CASE)),
            ),
            at_console(),
        )
        .limit(1)
    )
    return found is not None


async def return_vanished(db: AsyncConnection, voice: Voice) -> list[UUID]:
    """Put the cases of everybody who is gone back into the queue and tell the applicants. Returns the cases."""
    change = entries.last_change()
    present = exists().where(staff_sessions.c.staff_id == change.c.staff_id, at_console())
    rows = (
        await db.execute(
            select(cases.c.id, change.c.staff_id)
            .join(change, cases.c.closed_at.is_(None))
            .where(change.c.kind.in_(HELD), ~present)
            .order_by(cases.c.id)
        )
    ).all()
    return [row.id for row in rows if await holding.return_for(db, voice, row.id, row.staff_id, Reason.VANISHED)]
