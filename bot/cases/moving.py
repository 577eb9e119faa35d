"""A case goes with its applicant: what was opened in one conversation goes on in another one of the same person.

Whoever has waited keeps the place. Where both conversations have an open case, the two become one, which counts from
the earlier request and is as urgent as the more urgent of them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.model import HELD, JOINED
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases


@dataclass(frozen=True, slots=True)
class _Open:
    """An open case, held."""

    id: UUID
    conversation_id: UUID
    language: str
    topic: str | None
    priority: int
    quiet: bool
    opened_at: datetime
    claimed: bool


async def hold_open(db: AsyncConnection, *conversation_ids: UUID) -> list[UUID]:
    """Keep the open cases of these conversations from changing until the commit. Returns them.

    Everybody holds a case before its conversation: call this before the conversations are touched.
    """
    ids = await db.scalars(
        select(cases.c.id).where(cases.c.conversation_id.in_(conversation_ids), cases.c.closed_at.is_(None))
    )
    # In this order, as everybody who holds several.
    return [case_id for case_id in sorted(ids) if not (await entries.lock(db, case_id)).closed]


async def move(db: AsyncConnection, seal: Seal, from_id: UUID, to_id: UUID, channel: str) -> UUID | None:
    """All cases of the one conversation belong to the other from now on, and the staff see that it is on `channel`.

    Returns the open case, None when neither had one. Hold them first.
    """
    found = {case.conversation_id: case for case in await _open_cases(db, from_id, to_id)}
    moving, there = found.get(from_id), found.get(to_id)
    if moving and there:
        await _join(db, seal, *_which_stays(moving, there), language=moving.language)
    await db.execute(update(cases).where(cases.c.conversation_id == from_id).values(conversation_id=to_id))
    case_id = await db.scalar(select(cases.c.id).where(cases.c.conversation_id == to_id, cases.c.closed_at.is_(None)))
    if case_id is not None and moving:
        await entries.append(db, seal, case_id, "moved", "system", text=channel)
    return case_id


async def _open_cases(db: AsyncConnection, *conversation_ids: UUID) -> list[_Open]:
    change = entries.last_change()
    rows = await db.execute(
        select(cases, change.c.kind.label("change"))
        .join(change, cases.c.closed_at.is_(None))
        .where(cases.c.conversation_id.in_(conversation_ids))
    )
    return [
        _Open(
            row.id,
            row.conversation_id,
            row.language,
            row.topic,
            row.priority,
            row.quiet,
            row.opened_at,
            row.change in HELD,
        )
        for row in rows
    ]


def _which_stays(moving: _Open, there: _Open) -> tuple[_Open, _Open]:
    """The case that stays and the one that is joined to it: nobody who works on a case loses it to one that waits."""
    if moving.claimed != there.claimed:
        return (moving, there) if moving.claimed else (there, moving)
    return (moving, there) if moving.opened_at <= there.opened_at else (there, moving)


async def _join(db: AsyncConnection, seal: Seal, stays: _Open, joined: _Open, *, language: str) -> None:
    """`language` is what the person chose last: the queue is in that, until somebody has the case."""
    await db.execute(
        update(case_entries)
        .where(case_entries.c.case_id == joined.id, case_entries.c.kind.in_(["message", "unclear"]))
        .values(case_id=stays.id)
    )
    await entries.append(db, seal, joined.id, "closed", "system", text=JOINED)
    await entries.mark_closed(db, joined.id)
    await db.execute(
        update(cases)
        .where(cases.c.id == stays.id)
        .values(
            opened_at=min(stays.opened_at, joined.opened_at),
            priority=max(stays.priority, joined.priority),
            quiet=stays.quiet or joined.quiet,
            topic=stays.topic or joined.topic,
            language=stays.language if stays.claimed else language,
        )
    )
