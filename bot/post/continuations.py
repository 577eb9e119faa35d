"""One-time codes with which a conversation goes on at another place: a visit at the kiosk on the person's own phone.

The code is 128 random bits and says nothing about anybody; only its keyed hash is stored. A used one is kept until its
time is over, so that the screen it was made on learns what became of its visit.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.post.conversations import Conversation
from bot.storage.sealing import Seal
from bot.storage.tables import continuations

LIFETIME: Final = timedelta(minutes=10)
CODE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a code leads to. Once it is `used`, that is the conversation that it was used by."""

    conversation_id: UUID
    used: bool


async def offer(db: AsyncConnection, seal: Seal, conversation_id: UUID) -> str:
    """A new code for this conversation: 32 hexadecimal digits. Earlier ones stay good as well."""
    code = secrets.token_hex(CODE_BYTES)
    await db.execute(
        insert(continuations).values(
            code_hash=_hash(seal, code), conversation_id=conversation_id, expires_at=func.now() + LIFETIME
        )
    )
    return code


async def find(db: AsyncConnection, seal: Seal, code: str) -> Continuation | None:
    """What a code leads to, or None for one that is unknown or whose time is over."""
    row = (
        await db.execute(
            select(continuations.c.conversation_id, continuations.c.used_at).where(
                continuations.c.code_hash == _hash(seal, code), continuations.c.expires_at > func.now()
            )
        )
    ).one_or_none()
    return None if row is None else Continuation(row.conversation_id, row.used_at is not None)


async def use(db: AsyncConnection, seal: Seal, code: str, left: Conversation, to_id: UUID) -> bool:
    """Use a code up. False when somebody was faster. The conversation that is `left` must be held."""
    used = await db.execute(
        update(continuations)
        .where(
            continuations.c.code_hash == _hash(seal, code),
            continuations.c.conversation_id == left.id,
            continuations.c.used_at.is_(None),
            continuations.c.expires_at > func.now(),
        )
        .values(
            conversation_id=to_id,
            used_at=func.now(),
            left_hash=seal.fingerprint(left.channel, left.address),
            # Counted anew: whoever used it in its last second has a screen to be told as well.
            expires_at=func.now() + LIFETIME,
        )
    )
    return bool(used.rowcount)


async def has_left(db: AsyncConnection, seal: Seal, channel: str, address: str) -> bool:
    """Whether the conversation that had this address went on at another place, not long ago."""
    found = select(continuations.c.code_hash).where(continuations.c.left_hash == seal.fingerprint(channel, address))
    return await db.scalar(found.limit(1)) is not None


async def forget_expired(db: AsyncConnection) -> None:
    await db.execute(delete(continuations).where(continuations.c.expires_at < func.now()))


def _hash(seal: Seal, code: str) -> bytes:
    return seal.fingerprint("continuation", code)
