"""The rows of a case: locking it, asking where it stands, appending to it.

Every change of a case happens under the lock of its row, so that a state read after `lock` stays true until the commit,
and a message can never slip into a case that is being closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import LateralFromClause

from bot.cases.model import AFTER, BELL, TO_STAFF, CaseNotFound, State
from bot.storage.database import ring
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases


@dataclass(frozen=True, slots=True)
class Case:
    """A case's row. `closed` is the index aid; the state itself is `Standing`."""

    id: UUID
    conversation_id: UUID
    language: str
    opened_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. `holder` is who has it, or who had it last when it is closed."""

    state: State
    holder: UUID | None


async def lock(db: AsyncConnection, case_id: UUID) -> Case:
    """Hold a case until the transaction ends. Raises CaseNotFound."""
    row = (await db.execute(select(cases).where(cases.c.id == case_id).with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise CaseNotFound("There is no such case. It may have been erased: go back to the queue.")
    return Case(row.id, row.conversation_id, row.language, row.opened_at, row.closed_at is not None)


def last_change() -> LateralFromClause:
    """For each row of `cases`: kind, staff_id and time of the entry that its state follows from."""
    return (
        select(case_entries.c.kind, case_entries.c.staff_id, case_entries.c.at)
        .where(case_entries.c.case_id == cases.c.id, case_entries.c.kind.in_(list(AFTER)))
        .order_by(case_entries.c.id.desc())
        .limit(1)
        .lateral("last_change")
    )


async def standing(db: AsyncConnection, case_id: UUID) -> Standing:
    """Where a case stands now. Under `lock` the answer stays true."""
    row = (
        await db.execute(
            select(case_entries.c.kind, case_entries.c.staff_id)
            .where(case_entries.c.case_id == case_id, case_entries.c.kind.in_(list(AFTER)))
            .order_by(case_entries.c.id.desc())
            .limit(1)
        )
    ).one()
    state = AFTER[row.kind]
    return Standing(state, None if state.in_queue else row.staff_id)


async def ordinal(db: AsyncConnection, conversation_id: UUID, opened_at: datetime) -> int:
    """Which of the conversation's cases the one opened at that time is, counted from 1."""
    earlier = select(func.count()).where(cases.c.conversation_id == conversation_id, cases.c.opened_at <= opened_at)
    return int(await db.scalar(earlier) or 1)


async def append(
    db: AsyncConnection,
    seal: Seal,
    case_id: UUID,
    kind: str,
    author: str,
    *,
    text: str = "",
    staff_id: UUID | None = None,
    audience: Sequence[str] = TO_STAFF,
    outbox_id: int | None = None,
) -> int:
    """Add an entry and ring. `text` is a person's words, or for a change of state its reason or outcome."""
    entry_id = (
        await db.execute(
            insert(case_entries)
            .values(
                case_id=case_id,
                kind=kind,
                author=author,
                staff_id=staff_id,
                audience=list(audience),
                sealed_text=seal.close(text) if text else None,
                outbox_id=outbox_id,
            )
            .returning(case_entries.c.id)
        )
    ).scalar_one()
    await ring(db, BELL, str(case_id))
    return int(entry_id)


async def mark_quiet(db: AsyncConnection, case_id: UUID) -> None:
    """From now on the bot is silent: a person has come."""
    await db.execute(update(cases).where(cases.c.id == case_id, ~cases.c.quiet).values(quiet=True))


async def mark_closed(db: AsyncConnection, case_id: UUID) -> None:
    """Keep the index aid in step with a `closed` entry: the conversation may have a new case after it."""
    await db.execute(update(cases).where(cases.c.id == case_id).values(closed_at=func.now()))
