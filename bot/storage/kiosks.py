"""The office's kiosks: added and removed by command, known by a secret start address, alive while their pages beat.

Owns the rows of `kiosks`. They name machines and no person; nothing of a visit is stored with them. Of the secret there
is only its hash (SHA-256 is enough for 256 random bits). How long a kiosk may be silent is decided here, because the
page that beats, the door that listens and the console that looks must agree: `kiosk/public/static/heartbeat.js` beats
every 30 seconds, so that a dead kiosk is on the staff's screens within 90 (criterion A23 of the accessibility sheet).
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import RehberError
from bot.storage.tables import kiosks

BEAT_EVERY: Final = timedelta(seconds=30)
"""How often every page of a kiosk says that it is alive."""
WRITTEN_EVERY: Final = timedelta(seconds=20)
"""A page that was left after a moment has beaten too: nearer beats than this are not written."""
SILENT_AFTER: Final = timedelta(seconds=75)
"""One beat may be lost, and what was written may be older than the last beat: this is more than both together."""

START_PLACE: Final = "/kiosk"
"""A kiosk's start address is the public door's, this, a slash, and the kiosk's secret."""
SECRET_BYTES: Final = 32
LONGEST_NAME: Final = 80


class KioskError(RehberError):
    """A kiosk cannot be added or found as asked."""


class Sign(StrEnum):
    """What is known of a kiosk's life."""

    NOT_SEEN = "not-seen"
    ALIVE = "alive"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A machine, where it stands (its name), and when one of its pages was heard last."""

    id: UUID
    name: str
    seen_at: datetime | None
    sign: Sign


async def add_kiosk(db: AsyncConnection, name: str) -> str:
    """Add a kiosk and return its secret, which is stored nowhere. Raises KioskError when the name cannot be used."""
    spelled = _spelled(name)
    if not 0 < len(spelled) <= LONGEST_NAME:
        raise KioskError(f"A kiosk needs a name of at most {LONGEST_NAME} letters that says where it stands.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        async with db.begin_nested():
            await db.execute(insert(kiosks).values(id=uuid4(), name=spelled, secret_hash=_fingerprint(secret)))
    except IntegrityError as error:
        raise KioskError(f"There is already a kiosk named {spelled!r}: choose another name, or remove it.") from error
    return secret


async def remove_kiosk(db: AsyncConnection, name: str) -> None:
    """Forget a kiosk: its start address leads nowhere any more. Raises KioskError."""
    removed = await db.scalar(delete(kiosks).where(kiosks.c.name == _spelled(name)).returning(kiosks.c.id))
    if removed is None:
        raise KioskError(f"There is no kiosk named {name!r}.")


async def all_kiosks(db: AsyncConnection) -> list[Kiosk]:
    """Every kiosk, by its name."""
    columns = (kiosks.c.id, kiosks.c.name, kiosks.c.seen_at, _silent().label("silent"))
    rows = await db.execute(select(*columns).order_by(kiosks.c.name))
    return [Kiosk(row.id, row.name, row.seen_at, _sign(row.seen_at, silent=row.silent)) for row in rows]


async def silent_kiosks(db: AsyncConnection) -> list[Kiosk]:
    """The kiosks that were heard once and are not heard any more, by their names."""
    return [one for one in await all_kiosks(db) if one.sign is Sign.SILENT]


async def find_kiosk(db: AsyncConnection, secret: str) -> UUID | None:
    """Which kiosk has this secret, or None: it was removed, or never was."""
    found: UUID | None = await db.scalar(select(kiosks.c.id).where(kiosks.c.secret_hash == _fingerprint(secret)))
    return found


async def beat(db: AsyncConnection, secret: str) -> None:
    """A page of the kiosk with this secret is alive. Nothing happens when there is no such kiosk."""
    due = or_(kiosks.c.seen_at.is_(None), kiosks.c.seen_at < func.now() - WRITTEN_EVERY)
    await db.execute(update(kiosks).where(kiosks.c.secret_hash == _fingerprint(secret), due).values(seen_at=func.now()))


def _silent() -> ColumnElement[bool]:
    # The database's clock wrote `seen_at`, so it is the one to compare with.
    return kiosks.c.seen_at < func.now() - SILENT_AFTER


def _sign(seen_at: datetime | None, *, silent: bool) -> Sign:
    if seen_at is None:
        return Sign.NOT_SEEN
    return Sign.SILENT if silent else Sign.ALIVE


def _spelled(name: str) -> str:
    """The one spelling of a name: composed characters, single spaces, nothing that PostgreSQL cannot store."""
    return " ".join(unicodedata.normalize("NFC", name.replace("\0", "")).split())


def _fingerprint(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
