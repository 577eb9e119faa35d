"""What leaves a chat again: what a person typed into an identity check at once, its questions and its result later.

Owns which rows are due, and that a row is done with only when the channel says so: the channel deletes within the
transaction that holds the rows, so whoever dies between leaves them to the next. What the questions and the result said
leaves the outbox with them; what was typed is gone from the inbox since its turn was closed (`bot.post.inbox.close`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, all_, func, literal, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Purpose, Utterance
from bot.storage.sealing import Seal
from bot.storage.tables import conversations, inbox, outbox

BELL: Final = "taking_back"
"""Rings when somebody typed into a check."""

SHOWN_FOR: Final = timedelta(minutes=10)
"""As long as a check may last: a question that is gone was not waiting for an answer any more."""

SEPARATOR: Final = ","
"""Between the channel's names of the messages that one row stands for: a long answer, an album."""

ERASED: Final = "erased"
"""Stands in place of a channel's name for a message that has been taken back."""

PURPOSES: Final = (Purpose.PRIVATE, Purpose.FORM)

# Written into the statements as they stand: a plan for all parameters could not use the indexes of these rows.
_ERASED: Final[ColumnElement[str]] = literal_column(f"'{ERASED}'")
_PURPOSES: Final[list[ColumnElement[str]]] = [literal_column(f"'{purpose}'") for purpose in PURPOSES]
TYPED: Final = (inbox.c.state != literal_column("'received'")) & (inbox.c.channel_reference != _ERASED)


@dataclass(frozen=True, slots=True)
class Due:
    """Messages to delete: the rows, the channel's names of them, and whose they are. Held until the transaction ends.

    A row may have no name: when its delivery was in doubt, nobody knows which message it became, if any.
    """

    rows: tuple[int, ...]
    names: tuple[str, ...]
    conversation_id: UUID
    address: str


async def said(db: AsyncConnection, seal: Seal, channel: str) -> Due | None:
    """The oldest question or result of a check whose time is over."""
    row = (
        await db.execute(
            select(outbox.c.id, outbox.c.channel_reference, outbox.c.conversation_id, conversations.c.sealed_address)
            .join(conversations, conversations.c.id == outbox.c.conversation_id)
            .where(
                outbox.c.channel == channel,
                outbox.c.purpose.in_(_PURPOSES),
                outbox.c.closed_at < func.now() - SHOWN_FOR,
                outbox.c.channel_reference.is_distinct_from(_ERASED),
            )
            .order_by(outbox.c.id)
            .limit(1)
            .with_for_update(of=outbox, skip_locked=True, key_share=True)
        )
    ).one_or_none()
    if row is None:
        return None
    address = seal.open(row.sealed_address)
    return Due((row.id,), _names(row.channel_reference), row.conversation_id, address)


async def forget_said(db: AsyncConnection, seal: Seal, due: Due) -> None:
    """What was said has left the chat; now its words leave the outbox."""
    rows = await db.execute(select(outbox.c.id, outbox.c.sealed_payload).where(outbox.c.id.in_(due.rows)))
    for row in rows.all():
        await db.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(sealed_payload=without_words(seal, row.sealed_payload), channel_reference=ERASED)
        )


async def typed(db: AsyncConnection, seal: Seal, channel: str) -> Due | None:
    """What one person typed into a check and what still stands in their chat."""
    oldest = (
        select(inbox.c.conversation_id)
        .where(inbox.c.channel == channel, TYPED)
        .order_by(inbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    conversation_id = await db.scalar(oldest)
    if conversation_id is None:
        return None
    rows = (
        await db.execute(
            select(inbox.c.id, inbox.c.channel_reference)
            .where(inbox.c.conversation_id == conversation_id, TYPED)
            .order_by(inbox.c.id)
            .with_for_update(skip_locked=True, key_share=True)
        )
    ).all()
    sealed = (
        await db.execute(select(conversations.c.sealed_address).where(conversations.c.id == conversation_id))
    ).scalar_one()
    names = [name for row in rows for name in _names(row.channel_reference)]
    return Due(tuple(row.id for row in rows), tuple(names), conversation_id, seal.open(sealed))


async def forget_typed(db: AsyncConnection, due: Due) -> None:
    """What was typed has left the chat."""
    await db.execute(update(inbox).where(inbox.c.id.in_(due.rows)).values(channel_reference=ERASED))


def join(channel: str, channel_message_id: str, name: str) -> Executable:
    """One more message of something that is one row: the next picture of an album, also after the first was taken back.

    Changes nothing where the row is closed and stays in the chat, or knows this name already.
    """
    joined = func.concat(inbox.c.channel_reference, SEPARATOR, name)
    known = func.string_to_array(inbox.c.channel_reference, SEPARATOR)
    return (
        update(inbox)
        .where(
            inbox.c.channel == channel,
            inbox.c.channel_message_id == channel_message_id,
            inbox.c.channel_reference.is_not(None),
            literal(name) != all_(known),
        )
        .values(channel_reference=func.replace(joined, f"{ERASED}{SEPARATOR}", ""))
    )


def without_words(seal: Seal, sealed_payload: bytes) -> bytes:
    """The same utterance with nothing in it, sealed."""
    said = Utterance.from_json(seal.open(sealed_payload))
    return seal.close(Utterance(said.language, said.direction, (), purpose=said.purpose).to_json())


def _names(reference: str | None) -> tuple[str, ...]:
    return tuple(name for name in (reference or "").split(SEPARATOR) if name)
