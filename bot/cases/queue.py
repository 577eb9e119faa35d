"""Reads the queue: every case that is not finished, as the staff's list shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.model import AFTER, HELD, IN_QUEUE, REOPENED_WITHIN, Priority, Staff, State
from bot.storage.tables import case_entries, cases, staff

FINISHED: Final = 20
"""How many finished cases the list shows."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A case in the list.

    `waited` is how long the applicant has waited: since the case was opened while nobody has it, since their oldest
    unanswered message while somebody has, None when nothing is unanswered. `holder` is None in the queue.
    `came_from` is the colleague from whom the holder has it, where it was handed or taken over. `offered_to` is the
    only one who may take it yet.
    """

    case_id: UUID
    conversation_id: UUID
    language: str
    topic: str | None
    priority: Priority
    state: State
    opened_at: datetime
    waited: timedelta | None
    holder: UUID | None
    holder_name: str | None
    came_from: UUID | None = None
    offered_to: UUID | None = None
    offered_name: str | None = None


async def queue(db: AsyncConnection, person: Staff) -> list[QueueItem]:
    """The open cases this person may take or has, and for their information those that colleagues have.

    Order: the queue by priority and waiting time, then the claimed ones by opening time.
    """
    statement = _items().where(cases.c.closed_at.is_(None))
    items = [_item(row) for row in await db.execute(statement)]
    return [item for item in items if person.may_take(item.language) or item.holder == person.id]


async def finished(db: AsyncConnection, person: Staff) -> list[QueueItem]:
    """The newest `FINISHED` finished cases that this person has closed, and officers of all; the last one first."""
    closed_at = cases.c.closed_at > func.now() - REOPENED_WITHIN
    statement = _items().where(closed_at, staff.c.id.is_not(None))
    if not person.may_step_in:
        statement = statement.where(staff.c.id == person.id)
    newest = statement.order_by(None).order_by(cases.c.closed_at.desc()).limit(FINISHED)
    return [_item(row) for row in await db.execute(newest)]


async def item(db: AsyncConnection, case_id: UUID) -> QueueItem | None:
    """One case as the list shows it, finished ones included; None when there is none."""
    row = (await db.execute(_items().where(cases.c.id == case_id))).one_or_none()
    return None if row is None else _item(row)


def _items() -> Select[tuple[object, ...]]:
    change = entries.last_change()
    replies = case_entries.alias("replies")
    answered = (
        select(func.max(replies.c.id))
        .where(
            replies.c.case_id == cases.c.id,
            replies.c.kind == "message",
            replies.c.author != "applicant",
            replies.c.audience != [],
        )
        .correlate(cases)
        .scalar_subquery()
    )
    unanswered_since = (
        select(func.min(case_entries.c.at))
        .where(
            case_entries.c.case_id == cases.c.id,
            case_entries.c.author == "applicant",
            case_entries.c.id > func.coalesce(answered, 0),
        )
        .correlate(cases)
        .scalar_subquery()
    )
    waiting_since = case((change.c.kind.in_(IN_QUEUE), cases.c.opened_at), else_=unanswered_since)
    return (
        select(
            cases,
            change.c.kind.label("change"),
            change.c.staff_id.label("holder"),
            change.c.from_id.label("giver"),
            staff.c.name.label("holder_name"),
            entries.is_offer(change).label("offer"),
            (func.now() - waiting_since).label("waited"),
        )
        .select_from(cases)
        .join(change, cases.c.id.is_not(None))
        .outerjoin(staff, staff.c.id == change.c.staff_id)
        .order_by(change.c.kind.in_(HELD), cases.c.priority.desc(), cases.c.opened_at)
    )


def _item(row: Row[tuple[object, ...]]) -> QueueItem:
    fields = row._mapping
    state = AFTER[fields["change"]]
    return QueueItem(
        case_id=fields["id"],
        conversation_id=fields["conversation_id"],
        language=fields["language"],
        topic=fields["topic"],
        priority=Priority(fields["priority"]),
        state=state,
        opened_at=fields["opened_at"],
        waited=None if state is State.CLOSED else fields["waited"],
        holder=None if state.in_queue else fields["holder"],
        holder_name=None if state.in_queue else fields["holder_name"],
        came_from=fields["giver"] if state is State.CLAIMED else None,
        offered_to=fields["holder"] if fields["offer"] else None,
        offered_name=fields["holder_name"] if fields["offer"] else None,
    )
