"""A conversation read back: what the person sent and what was said, in the order in which it happened.

Owns reading only. A channel whose page can be opened again (the kiosk) shows this, then follows the outbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Kind, Utterance
from bot.storage.sealing import Seal
from bot.storage.tables import conversations, inbox, outbox


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person sent. `text` is a button's token where `kind` is a choice. `waiting`: no turn closed it yet."""

    inbox_id: int
    kind: Kind
    text: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What the service or a person of the office said. Its buttons carry tokens."""

    outbox_id: int
    utterance: Utterance


_Placed = tuple[tuple[datetime, int, int], Heard | Said]
"""A line and where it stands: time, then question before answer, then id."""


async def transcript(db: AsyncConnection, seal: Seal, conversation_id: UUID) -> list[Heard | Said]:
    """The whole conversation, oldest first. Messages whose words have been erased are left out."""
    heard = await db.execute(
        select(inbox.c.id, inbox.c.kind, inbox.c.sealed_payload, inbox.c.state, inbox.c.received_at)
        .where(inbox.c.conversation_id == conversation_id, inbox.c.sealed_payload.is_not(None))
        .order_by(inbox.c.id)
    )
    lines: list[_Placed] = [
        (
            (row.received_at, 0, row.id),
            Heard(row.id, Kind(row.kind), seal.open(row.sealed_payload)["text"], row.state == "received"),
        )
        for row in heard
    ]
    # A turn's transaction may have begun a moment before its message arrived; an answer still stands below it.
    said_at = func.greatest(outbox.c.queued_at, inbox.c.received_at)
    said = await db.execute(
        select(outbox.c.id, outbox.c.sealed_payload, said_at.label("said_at"))
        .select_from(outbox.outerjoin(inbox, inbox.c.id == outbox.c.inbox_id))
        .where(outbox.c.conversation_id == conversation_id)
        .order_by(outbox.c.id)
    )
    answers: list[_Placed] = [
        ((row.said_at, 1, row.id), Said(row.id, Utterance.from_json(seal.open(row.sealed_payload)))) for row in said
    ]
    return [line for _, line in sorted([*lines, *answers], key=lambda placed: placed[0])]


async def newest(db: AsyncConnection, conversation_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The id of the last thing said in each conversation, 0 for nothing yet. One that was erased is not in it."""
    last = select(func.max(outbox.c.id)).where(outbox.c.conversation_id == conversations.c.id).scalar_subquery()
    rows = await db.execute(
        select(conversations.c.id, func.coalesce(last, 0)).where(conversations.c.id.in_(list(conversation_ids)))
    )
    return {row[0]: row[1] for row in rows}
