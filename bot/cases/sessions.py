"""Staff sessions: their beginning, staying signed in, being ended from outside. Who may begin one: `signing_in`.

The token lives in the browser's cookie; the database has only its hash (SHA-256 is enough for 256 random bits).
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import audit
from bot.cases.model import Staff
from bot.cases.rights import Role
from bot.storage.tables import half_sign_ins, staff, staff_sessions

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
TOKEN_BYTES = 32


def alive() -> ColumnElement[bool]:
    """Whether a row of `staff_sessions` still counts: somebody has acted in it lately and it is not too old."""
    return and_(
        staff_sessions.c.acted_at > func.now() - IDLE,
        staff_sessions.c.created_at > func.now() - ABSOLUTE,
    )


async def begin(db: AsyncConnection, staff_id: UUID) -> str:
    """Open a session for somebody who has proved who they are. Returns its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await db.execute(insert(staff_sessions).values(token_hash=fingerprint(token), staff_id=staff_id))
    await audit.record(db, staff_id, "sign-in", str(staff_id))
    return token


async def resume(db: AsyncConnection, token: str, *, acted: bool) -> Staff | None:
    """The person whose session this is, or None when it is unknown, idle, too old or ended.

    Marks the console as open; with `acted` also that somebody is at it.
    """
    seen = {"seen_at": func.now(), "acted_at": func.now()} if acted else {"seen_at": func.now()}
    row = (
        await db.execute(
            update(staff_sessions)
            .where(
                staff_sessions.c.token_hash == fingerprint(token),
                staff_sessions.c.staff_id == staff.c.id,
                staff.c.active,
                alive(),
            )
            .values(seen)
            .returning(staff.c.id, staff.c.name, staff.c.role, staff.c.languages)
        )
    ).one_or_none()
    return None if row is None else Staff(row.id, row.name, Role(row.role), tuple(row.languages))


async def sign_out(db: AsyncConnection, token: str) -> None:
    await db.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == fingerprint(token)))


async def end_all(db: AsyncConnection, staff_id: UUID) -> None:
    """End every session of a person, and what they have begun of another one."""
    await db.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))
    await db.execute(delete(half_sign_ins).where(half_sign_ins.c.staff_id == staff_id))


async def forget_dead(db: AsyncConnection) -> None:
    """Delete sessions that nobody can resume."""
    await db.execute(delete(staff_sessions).where(~alive()))


def fingerprint(token: str) -> bytes:
    """How a token stands in the database."""
    return hashlib.sha256(token.encode()).digest()
