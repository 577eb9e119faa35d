"""Signing in, step by step: a name and a password, then a code where the account has a second factor.

Owns how often one may guess, and half a sign-in: a token of its own which stands for a right password, lives ten
minutes and opens nothing but the next step. A session begins when the last step is done.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.caseapi.attempts import Counted, Limit, Try
from bot.cases import second_factor, sessions
from bot.cases.model import Staff
from bot.cases.rights import Role
from bot.cases.sessions import TOKEN_BYTES, fingerprint
from bot.cases.staff import canonical_name, verify
from bot.errors import CaseError
from bot.storage.attempts import StoredAttempts
from bot.storage.sealing import Seal
from bot.storage.tables import half_sign_ins, staff

HALF: Final = timedelta(minutes=10)
"""How long a right password waits for the code."""
_PAUSE: Final = timedelta(minutes=15)
OF_A_NAME: Final = Limit(failures=10, window=_PAUSE)
"""Ten wrong passwords for a name, or ten wrong codes for an account, then a pause."""
OF_AN_ADDRESS: Final = Limit(failures=100, subjects=100, window=_PAUSE)
"""One address may be a whole office behind a proxy: its limit is wide."""


class TooManyAttempts(CaseError):  # noqa: N818
    """A limit is reached: no password or code is looked at until some failures are older."""


class Next(StrEnum):
    """What comes after a right password."""

    DONE = "done"
    OFFER = "offer"  # signed in, and the second factor is offered for the first time
    CODE = "code"
    ENROL = "enrol"  # the office asks for a second factor and the account has none


@dataclass(frozen=True, slots=True)
class Step:
    """`token` is a session's with DONE and OFFER, and half a sign-in's with CODE and ENROL."""

    next: Next
    token: str


async def with_password(
    engine: AsyncEngine, seal: Seal, name: str, password: str, origin: str, *, required: bool
) -> Step | None:
    """The first step; None for a wrong name or password. Raises TooManyAttempts.

    The try is counted before the password is looked at, so that guesses sent at the same time count too. `origin` is
    the address it came from; like the name it is kept as a keyed hash only. `required`: nobody works without a second
    factor.
    """
    attempts = StoredAttempts(engine)
    attempt_id = await _reserve(attempts, seal, "staff", canonical_name(name), origin)
    person = await verify(engine, name, password)
    if person is None:
        return None
    await attempts.succeeded(attempt_id)
    async with engine.begin() as db:
        if await second_factor.is_on(db, person.id):
            return Step(Next.CODE, await _half(db, person))
        first = await second_factor.prepare(db, seal, person.id)
        if required:
            return Step(Next.ENROL, await _half(db, person))
        return Step(Next.OFFER if first else Next.DONE, await sessions.begin(db, person.id))


async def half_signed_in(db: AsyncConnection, token: str) -> Staff | None:
    """The person whose password was right, or None when that is unknown, too old or used."""
    row = (
        await db.execute(
            select(staff.c.id, staff.c.name, staff.c.role, staff.c.languages)
            .join(half_sign_ins, half_sign_ins.c.staff_id == staff.c.id)
            .where(
                half_sign_ins.c.token_hash == fingerprint(token),
                half_sign_ins.c.at > func.now() - HALF,
                staff.c.active,
            )
        )
    ).one_or_none()
    return None if row is None else Staff(row.id, row.name, Role(row.role), tuple(row.languages))


async def with_code(engine: AsyncEngine, seal: Seal, token: str, person: Staff, code: str, origin: str) -> str | None:
    """The second step: a new session's token, or None for a wrong code. Raises TooManyAttempts.

    `token` and `person` are those of `half_signed_in`.
    """
    attempts = StoredAttempts(engine)
    attempt_id = await _reserve(attempts, seal, "staff-code", str(person.id), origin)
    async with engine.begin() as db:
        if not await second_factor.accepts(db, seal, person.id, code):
            return None
        session = await finish(db, token)
    if session is not None:
        await attempts.succeeded(attempt_id)
    return session


async def finish(db: AsyncConnection, token: str) -> str | None:
    """Make a session of half a sign-in whose second step is done; None when it is gone."""
    staff_id = await db.scalar(
        delete(half_sign_ins)
        .where(half_sign_ins.c.token_hash == fingerprint(token), half_sign_ins.c.at > func.now() - HALF)
        .returning(half_sign_ins.c.staff_id)
    )
    return None if staff_id is None else await sessions.begin(db, staff_id)


async def forget_halves(db: AsyncConnection) -> None:
    """Delete what nobody can finish any more."""
    await db.execute(delete(half_sign_ins).where(half_sign_ins.c.at <= func.now() - HALF))


async def _half(db: AsyncConnection, person: Staff) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await db.execute(insert(half_sign_ins).values(token_hash=fingerprint(token), staff_id=person.id))
    return token


async def _reserve(attempts: StoredAttempts, seal: Seal, kind: str, name: str, origin: str) -> int:
    subject = Counted(seal.fingerprint(kind, name), OF_A_NAME)
    address = Counted(seal.fingerprint("staff-origin", origin), OF_AN_ADDRESS)
    attempt_id = await attempts.reserve(Try(subject, address))
    if attempt_id is None:
        raise TooManyAttempts("Too many wrong passwords or codes. Wait a quarter of an hour.")
    return attempt_id
