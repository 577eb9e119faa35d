"""The people of the office: added, dismissed and given new passwords by command, never over the web.

Owns the rows of `staff` and the hashing of passwords (Argon2id with the parameters of RFC 9106, second recommended
option, which are argon2-cffi's defaults). Passwords are made here and shown once.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.cases import audit, second_factor, sessions
from bot.cases.model import Staff
from bot.cases.rights import Role
from bot.errors import CaseError
from bot.storage.tables import staff

P = ParamSpec("P")
T = TypeVar("T")

PASSWORD_BYTES = 15
"""20 characters: far above what can be guessed, short enough to type once."""

# One hash takes 64 MiB and a tenth of a second: two at a time leave the process able to answer everybody else.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
_HASHER = PasswordHasher()


class StaffError(CaseError):
    """A person cannot be added or found as asked."""


def canonical_name(name: str) -> str:
    """The one spelling of a name: composed characters, single spaces, nothing that PostgreSQL cannot store."""
    return " ".join(unicodedata.normalize("NFC", name.replace("\0", "")).split())


async def add_staff(db: AsyncConnection, name: str, role: Role, languages: Iterable[str]) -> str:
    """Add a person and return the password, which is stored nowhere. Raises StaffError when the name is taken."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    row = {
        "id": uuid4(),
        "name": canonical_name(name),
        "role": role.value,
        "languages": sorted(set(languages)),
        "password_hash": await _hash(password),
    }
    try:
        async with db.begin_nested():
            await db.execute(insert(staff).values(row))
    except IntegrityError as error:
        raise StaffError(f"There is already a person named {row['name']!r}: choose another name.") from error
    return password


async def renew_password(db: AsyncConnection, name: str) -> str:
    """Give a person a new password, make them active and end all their sessions. Raises StaffError."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    await _change(db, name, active=True, password_hash=await _hash(password))
    return password


async def dismiss(db: AsyncConnection, name: str) -> None:
    """End a person's access. Their entries and audit rows stay. Raises StaffError."""
    await _change(db, name, active=False)


async def reset_second_factor(db: AsyncConnection, name: str) -> None:
    """For a lost phone: the account has no second factor until its person sets one up again. Raises StaffError.

    Ends all their sessions, because nobody knows who has the phone.
    """
    staff_id = await _find(db, name)
    await second_factor.forget(db, staff_id)
    await sessions.end_all(db, staff_id)
    await audit.record(db, None, "second-factor.reset", str(staff_id))


async def verify(engine: AsyncEngine, name: str, password: str) -> Staff | None:
    """The person of this name and password, or None. Takes as long for a name that does not exist."""
    async with engine.connect() as db:
        wanted = select(staff).where(staff.c.name == canonical_name(name), staff.c.active)
        row = (await db.execute(wanted)).one_or_none()
    # The connection is back in the pool while the password waits for its turn at the hashing threads.
    if not await _in_thread(_matches, None if row is None else row.password_hash, password) or row is None:
        return None
    return Staff(row.id, row.name, Role(row.role), tuple(row.languages))


async def _change(db: AsyncConnection, name: str, **values: object) -> None:
    staff_id = await _find(db, name)
    await db.execute(update(staff).where(staff.c.id == staff_id).values(**values))
    await sessions.end_all(db, staff_id)


async def _find(db: AsyncConnection, name: str) -> UUID:
    staff_id: UUID | None = await db.scalar(select(staff.c.id).where(staff.c.name == canonical_name(name)))
    if staff_id is None:
        raise StaffError(f"There is nobody named {name!r}.")
    return staff_id


async def _hash(password: str) -> str:
    return await _in_thread(_HASHER.hash, password)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _hash_of_nobody(), password) and password_hash is not None
    except VerifyMismatchError:
        return False


@cache
def _hash_of_nobody() -> str:
    # Without something to compare with, an unknown name would be answered faster than a known one.
    return _HASHER.hash(secrets.token_urlsafe(PASSWORD_BYTES))


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, partial(work, *args, **kwargs))
