"""Staff sessions: signing in with limited failures, staying signed in, being ended from outside.

The token lives in the browser's cookie; the database has only its hash (SHA-256 is enough for 256 random bits).
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.attempts import Counted, Limit, Try
from bot.cases import audit
from bot.cases.model import Role, Staff
from bot.cases.staff import canonical_name, verify
from bot.errors import CaseError
from bot.storage.attempts import StoredAttempts
from bot.storage.sealing import Seal
from bot.storage.tables import staff, staff_sessions

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
TOKEN_BYTES = 32
_PAUSE: Final = timedelta(minutes=15)
OF_A_NAME: Final = Limit(failures=10, window=_PAUSE)
"""Ten wrong passwords for a name, then a pause."""
OF_AN_ADDRESS: Final = Limit(failures=100, subjects=100, window=_PAUSE)
"""One address may be a whole office behind a proxy: its limit is wide."""


class TooManyAttempts(CaseError):  # noqa: N818
    """A limit is reached: no password is looked at until some failures are older."""


def alive() -> ColumnElement[bool]:
    """Whether a row of `staff_sessions` still counts: somebody has acted in it lately and it is not too old."""
    return and_(
        staff_sessions.c.acted_at > func.now() - IDLE,
        staff_sessions.c.created_at > func.now() - ABSOLUTE,
    )


async def sign_in(engine: AsyncEngine, seal: Seal, name: str, password: str, origin: str) -> str | None:
    """A new session's token, or None for a wrong name or password. Raises TooManyAttempts.

    The try is counted before the password is looked at, so that guesses sent at the same time count too. `origin` is
    the address it came from; like the name it is kept as a keyed hash only.
    """
    attempts = StoredAttempts(engine)
    subject = Counted(seal.fingerprint("staff", canonical_name(name)), OF_A_NAME)
    address = Counted(seal.fingerprint("staff-origin", origin), OF_AN_ADDRESS)
    attempt_id = await attempts.reserve(Try(subject, address))
    if attempt_id is None:
        raise TooManyAttempts("Too many wrong passwords for this name. Wait a quarter of an hour.")
    person = await verify(engine, name, password)
    if person is None:
        return None
    await attempts.succeeded(attempt_id)
    async with engine.begin() as db:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await db.execute(insert(staff_sessions).values(token_hash=_fingerprint(token), staff_id=person.id))
        await audit.record(db, person.id, "sign-in", str(person.id))
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
                staff_sessions.c.token_hash == _fingerprint(token),
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
    await db.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == _fingerprint(token)))


async def forget_dead(db: AsyncConnection) -> None:
    """Delete sessions that nobody can resume."""
    await db.execute(delete(staff_sessions).where(~alive()))


def _fingerprint(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
