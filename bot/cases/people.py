"""The accounts of the office as their administrator sees them, and the end of all sessions of a person at once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import audit, holding, sessions
from bot.cases.model import Staff
from bot.cases.rights import Role
from bot.cases.staff import StaffError
from bot.cases.voice import Voice
from bot.storage.tables import second_factors, staff, staff_sessions


class PersonNotFound(StaffError):  # noqa: N818
    """There is no such account."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with their account. `consoles` counts open sessions, `second_factor` says whether a code is needed."""

    person: Staff
    active: bool
    consoles: int
    second_factor: bool


async def accounts(db: AsyncConnection) -> list[Account]:
    """All accounts by name, those that cannot sign in any more last."""
    open_sessions = (
        select(func.count())
        .where(staff_sessions.c.staff_id == staff.c.id, sessions.alive())
        .correlate(staff)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(staff, open_sessions.label("consoles"), second_factors.c.confirmed_at)
        .outerjoin(second_factors, second_factors.c.staff_id == staff.c.id)
        .order_by(staff.c.active.desc(), staff.c.name)
    )
    return [
        Account(
            Staff(row.id, row.name, Role(row.role), tuple(row.languages)),
            active=row.active,
            consoles=row.consoles if row.active else 0,
            second_factor=row.confirmed_at is not None,
        )
        for row in rows
    ]


async def end_sessions(db: AsyncConnection, voice: Voice, staff_id: UUID, by: Staff) -> None:
    """Sign a person out everywhere; their cases go back to the queue. Raises PersonNotFound."""
    row = (await db.execute(select(staff).where(staff.c.id == staff_id))).one_or_none()
    if row is None:
        raise PersonNotFound("There is no such person.")
    await sessions.end_all(db, staff_id)
    await holding.return_all(db, voice, Staff(row.id, row.name, Role(row.role), tuple(row.languages)))
    await audit.record(db, by.id, "person.sign-out", str(staff_id))
