"""Conversations: who talks on which channel, in which language. Addresses are kept sealed, found by a keyed hash."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tracker
from bot.storage.sealing import Seal
from bot.storage.tables import conversations

ASKED: Final = "asked"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person on one channel. `language` is None until it is chosen or detected.

    `focus` is the topic that is talked about. `paper` is the paper the person says to have (`bot.content.papers`),
    `ASKED` right after the question, `UNKNOWN` when it was not answered, None before it was asked.
    """

    id: UUID
    channel: str
    address: str
    language: str | None
    language_chosen: bool
    last_keys: tuple[str, ...]
    misunderstood: int
    focus: str | None = None
    paper: str | None = None


async def find_or_open(db: AsyncConnection, seal: Seal, channel: str, address: str) -> UUID:
    """The conversation's id for an address; a new conversation at its first message.

    The conversation cannot be erased before the caller commits: what is stored with it is not lost.
    """
    address_hash = seal.fingerprint(channel, address)
    found = await db.scalar(
        select(conversations.c.id)
        .where(conversations.c.channel == channel, conversations.c.address_hash == address_hash)
        .with_for_update(read=True, key_share=True)
    )
    if found is not None:
        return UUID(str(found))
    return await open_new(db, seal, channel, address)


async def open_new(db: AsyncConnection, seal: Seal, channel: str, address: str) -> UUID:
    """The id of the conversation that the address has from now on."""
    # Two first messages at once: the second insert changes nothing but returns the row that won.
    statement = (
        insert(conversations)
        .values(
            id=uuid4(),
            channel=channel,
            address_hash=seal.fingerprint(channel, address),
            sealed_address=seal.close(address),
        )
        .on_conflict_do_update(index_elements=["channel", "address_hash"], set_={"last_at": func.now()})
        .returning(conversations.c.id)
    )
    return UUID(str((await db.execute(statement)).scalar_one()))


async def find(db: AsyncConnection, seal: Seal, channel: str, address: str) -> UUID | None:
    """The conversation's id for an address, or None when there is none (any more)."""
    found = await db.scalar(
        select(conversations.c.id).where(
            conversations.c.channel == channel, conversations.c.address_hash == seal.fingerprint(channel, address)
        )
    )
    return None if found is None else UUID(str(found))


async def load(db: AsyncConnection, seal: Seal, conversation_id: UUID) -> Conversation:
    return _read(seal, (await db.execute(select(conversations).where(conversations.c.id == conversation_id))).one())


async def shut(db: AsyncConnection, seal: Seal, conversation_id: UUID) -> Conversation | None:
    """Let nothing more come into the conversation until the commit. None when it is gone."""
    held = select(conversations).where(conversations.c.id == conversation_id).with_for_update()
    row = (await db.execute(held)).one_or_none()
    return None if row is None else _read(seal, row)


def _read(seal: Seal, row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        channel=row.channel,
        address=seal.open(row.sealed_address),
        language=row.language,
        language_chosen=row.language_chosen,
        last_keys=tuple(row.last_keys or ()),
        misunderstood=row.misunderstood,
        focus=row.focus,
        paper=None if row.sealed_paper is None else seal.open(row.sealed_paper),
    )


async def hold(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Keep the conversation from being erased until the commit. False when that is happening already."""
    held = select(conversations.c.id).where(conversations.c.id == conversation_id)
    return await db.scalar(held.with_for_update(read=True, key_share=True, skip_locked=True)) is not None


async def remember(db: AsyncConnection, conversation_id: UUID, **values: Any) -> None:
    """Write what the turn learned: columns of the table by name."""
    await db.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(last_at=func.now(), **values)
    )


async def erase(db: AsyncConnection, conversation_id: UUID) -> None:
    """Delete the conversation with everything that hangs on it. The next message opens a new one."""
    await tracker.forget(db, [conversation_id])
    await db.execute(conversations.delete().where(conversations.c.id == conversation_id))
