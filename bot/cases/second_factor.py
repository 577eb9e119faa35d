"""The second factor of an account: codes of a phone (TOTP, RFC 6238: 30 seconds, 6 digits, SHA-1) and recovery codes.

Owns the secret, which is stored sealed, and what counts as a right code. How often one may guess is decided where
people sign in (`bot.cases.signing_in`).
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import audit
from bot.storage.sealing import Seal
from bot.storage.tables import recovery_codes, second_factors

ISSUER: Final = "Rehber"
DRIFT: Final = 1
"""Steps that a phone's clock may be wrong, in either direction (RFC 6238, section 5.2)."""
RECOVERY_CODES: Final = 10
_GROUPS, _GROUP = 4, 4
# Without letters and digits that look alike on paper. 16 of these are 79 bits.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a phone needs to make codes. `address` is the `otpauth:` address behind the picture, `key` is for typing."""

    address: str
    key: str


async def is_on(db: AsyncConnection, staff_id: UUID) -> bool:
    """Whether signing in to the account needs a code."""
    confirmed = select(second_factors.c.staff_id).where(
        second_factors.c.staff_id == staff_id, second_factors.c.confirmed_at.is_not(None)
    )
    return await db.scalar(confirmed) is not None


async def codes_left(db: AsyncConnection, staff_id: UUID) -> int:
    """How many recovery codes nobody has used yet."""
    left = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.staff_id == staff_id)
    return int(await db.scalar(left) or 0)


async def prepare(db: AsyncConnection, seal: Seal, staff_id: UUID) -> bool:
    """Give an account without a confirmed factor a new secret. Returns whether it never had one."""
    known = await db.scalar(select(second_factors.c.staff_id).where(second_factors.c.staff_id == staff_id))
    secret = seal.close(pyotp.random_base32())
    await db.execute(
        upsert(second_factors)
        .values(staff_id=staff_id, sealed_secret=secret)
        .on_conflict_do_update(
            index_elements=["staff_id"],
            set_={"sealed_secret": secret},
            where=second_factors.c.confirmed_at.is_(None),
        )
    )
    return known is None


async def enrolment(db: AsyncConnection, seal: Seal, staff_id: UUID, name: str) -> Enrolment | None:
    """What to show for an enrolment under way; None when there is none, or the factor is confirmed already."""
    sealed = await db.scalar(
        select(second_factors.c.sealed_secret).where(
            second_factors.c.staff_id == staff_id, second_factors.c.confirmed_at.is_(None)
        )
    )
    if sealed is None:
        return None
    secret = seal.open(sealed)
    return Enrolment(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER), _in_groups(secret))


async def confirm(db: AsyncConnection, seal: Seal, staff_id: UUID, code: str) -> tuple[str, ...] | None:
    """Turn the factor on with one code of the phone. Returns the recovery codes, which are stored as hashes only.

    None when the code is wrong, or nothing is being enrolled.
    """
    row = (
        await db.execute(
            select(second_factors)
            .where(second_factors.c.staff_id == staff_id, second_factors.c.confirmed_at.is_(None))
            .with_for_update()
        )
    ).one_or_none()
    step = None if row is None else _step_of(seal.open(row.sealed_secret), code)
    if step is None:
        return None
    await db.execute(
        update(second_factors)
        .where(second_factors.c.staff_id == staff_id)
        .values(confirmed_at=func.now(), last_step=step)
    )
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    rows = [{"staff_id": staff_id, "code_hash": _hash(seal, staff_id, one)} for one in codes]
    await db.execute(insert(recovery_codes), rows)
    await audit.record(db, staff_id, "second-factor.on", str(staff_id))
    return codes


async def accepts(db: AsyncConnection, seal: Seal, staff_id: UUID, code: str) -> bool:
    """Whether this is a right code, of the phone or for recovery. It is used up by that: nobody can give it again."""
    sealed = await db.scalar(
        select(second_factors.c.sealed_secret).where(
            second_factors.c.staff_id == staff_id, second_factors.c.confirmed_at.is_not(None)
        )
    )
    if sealed is None:
        return False
    step = _step_of(seal.open(sealed), code)
    if step is not None:
        # Of two requests with the same code, the second waits for the row and finds the step used.
        used = await db.scalar(
            update(second_factors)
            .where(
                second_factors.c.staff_id == staff_id,
                or_(second_factors.c.last_step.is_(None), second_factors.c.last_step < step),
            )
            .values(last_step=step)
            .returning(second_factors.c.staff_id)
        )
        return used is not None
    spent = await db.scalar(
        delete(recovery_codes)
        .where(recovery_codes.c.code_hash == _hash(seal, staff_id, code), recovery_codes.c.staff_id == staff_id)
        .returning(recovery_codes.c.staff_id)
    )
    if spent is None:
        return False
    await audit.record(db, staff_id, "second-factor.recovery", str(staff_id))
    return True


async def forget(db: AsyncConnection, staff_id: UUID) -> None:
    """The account has no second factor any more."""
    await db.execute(delete(recovery_codes).where(recovery_codes.c.staff_id == staff_id))
    await db.execute(delete(second_factors).where(second_factors.c.staff_id == staff_id))


def _step_of(secret: str, code: str) -> int | None:
    """The step whose code this is, near now; the earliest where two steps have the same code."""
    totp = pyotp.TOTP(secret)
    typed = "".join(code.split()).encode("utf-8", "replace")
    now = totp.timecode(datetime.now(UTC))
    steps = range(now - DRIFT, now + DRIFT + 1)
    # Compared without stopping at the first: how long it takes says nothing.
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed)]
    return found[0] if found else None


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _hash(seal: Seal, staff_id: UUID, code: str) -> bytes:
    # A keyed hash is enough: nobody tries out 79 random bits.
    letters = "".join(letter for letter in code.casefold() if letter.isalnum())
    return seal.fingerprint("recovery-code", str(staff_id), letters)


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
