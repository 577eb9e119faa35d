"""The rows of a case: locking it, asking where it stands, appending to it.

Every change of a case happens under the lock of its row, so that a state read after `lock` stays true until the commit,
and a message can never slip into a case that is being closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import LateralFromClause

from bot.cases.model import AFTER, BELL, OFFERED_FOR, TO_STAFF, CaseNotFound, State
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
    """Where a case stands. `holder` is who has it, or who had it last when it is closed.

    `offered_to` is the only one who may take it out of the queue yet.
    """

    state: State
    holder: UUID | None
    offered_to: UUID | None = None


async def lock(db: AsyncConnection, case_id: UUID) -> Case:
    """Hold a case until the transaction ends. Raises CaseNotFound."""
    row = (await db.execute(select(cases).where(cases.c.id == case_id).with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise CaseNotFound("There is no such case. It may have been erased: go back to the queue.")
    return Case(row.id, row.conversation_id, row.language, row.opened_at, row.closed_at is not None)


def last_change() -> LateralFromClause:
    """For each row of `cases`: kind, people and time of the entry that its state follows from."""
    return (
        select(case_entries.c.kind, case_entries.c.staff_id, case_entries.c.from_id, case_entries.c.at)
        .where(case_entries.c.case_id == cases.c.id, case_entries.c.kind.in_(list(AFTER)))
        .order_by(case_entries.c.id.desc())
        .limit(1)
        .lateral("last_change")
    )


async def standing(db: AsyncConnection, case_id: UUID) -> Standing:
    """Where a case stands now. Under `lock` the answer stays true."""
    row = (
        await db.execute(
            select(case_entries.c.kind, case_entries.c.staff_id, is_offer().label("offer"))
            .where(case_entries.c.case_id == case_id, case_entries.c.kind.in_(list(AFTER)))
            .order_by(case_entries.c.id.desc())
            .limit(1)
        )
    ).one()
    state = AFTER[row.kind]
    return Standing(state, None if state.in_queue else row.staff_id, row.staff_id if row.offer else None)


async def missed_by(db: AsyncConnection, case_id: UUID) -> UUID | None:
    """The colleague for whom the case waited in vain; None where it waits for nobody, or still does."""
    change = last_change()
    missed = select(change.c.staff_id).select_from(cases).join(change, cases.c.id == case_id)
    late = and_(change.c.kind == "offered", ~is_offer(change))
    return await db.scalar(missed.where(late))


def is_offer(change: FromClause = case_entries) -> ColumnElement[bool]:
    """Whether the case still waits for one colleague alone. The time counts, not the sweeper that tells of it."""
    return and_(change.c.kind == "offered", change.c.at > func.now() - OFFERED_FOR)


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
    from_id: UUID | None = None,
    audience: Sequence[str] = TO_STAFF,
    about_id: int | None = None,
) -> int:
    """Add an entry and ring. `text` is a person's words, or for a change of state its reason or outcome.

    Returns the entry's id. `from_id` is the colleague who gave the case to the entry's person, lost it to them or
    invited them; `about_id` is the message that an `unclear` speaks of.
    """
    entry_id = (
        await db.execute(
            insert(case_entries)
            .values(
                case_id=case_id,
                kind=kind,
                author=author,
                staff_id=staff_id,
                from_id=from_id,
                audience=list(audience),
                sealed_text=seal.close(text) if text else None,
                about_id=about_id,
            )
            .returning(case_entries.c.id)
        )
    ).scalar_one()
    await ring(db, BELL, str(case_id))
    return int(entry_id)


async def said_as(db: AsyncConnection, entry_id: int, outbox_id: int) -> None:
    """What the applicant is told on account of the entry: its delivery is the entry's."""
    await db.execute(update(case_entries).where(case_entries.c.id == entry_id).values(outbox_id=outbox_id))


async def mark_quiet(db: AsyncConnection, case_id: UUID) -> None:
    """From now on the bot is silent: a person has come."""
    await db.execute(update(cases).where(cases.c.id == case_id, ~cases.c.quiet).values(quiet=True))


async def mark_closed(db: AsyncConnection, case_id: UUID) -> None:
    """Keep the index aid in step with a `closed` entry: the conversation may have a new case after it."""
    await db.execute(update(cases).where(cases.c.id == case_id).values(closed_at=func.now()))


async def mark_open(db: AsyncConnection, case_id: UUID) -> None:
    """Keep the index aid in step with a `reopened` entry. Raises IntegrityError when there is another open case."""
    await db.execute(update(cases).where(cases.c.id == case_id).values(closed_at=None, quiet=True))
