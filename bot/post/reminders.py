"""Reminders that wait for their hour: what will be said, when, and until when it is worth saying.

Owns the rows of `reminders` from plan to stop. Needs no case system: whoever works out a day may plan one, after the
person has given their consent (`bot.post.consents`). Saying them is `bot.hub.reminding`'s.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Purpose
from bot.post import consents, outbox, subscriptions
from bot.storage.sealing import Seal
from bot.storage.tables import reminders
from bot.storage.tables import subscriptions as subscriptions_table

WAITING: Final[ColumnElement[str]] = literal_column("'waiting'")
NOTHING: Final = b""
"""In the place of sealed details that are needed no more."""


class ReminderDetails(BaseModel):
    """What a reminder is about, without a language: the words are chosen when it is said.

    An appointment has `at` and the office's own words `unit` and `address`. A duty has its last `day` and the `topic`
    (a slug) that explains it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime | None = None
    unit: str = ""
    address: str = ""
    day: date | None = None
    topic: str = ""


async def plan(
    db: AsyncConnection,
    seal: Seal,
    conversation_id: UUID,
    what: str,
    details: ReminderDetails,
    due_at: datetime,
    ends_at: datetime,
    subscription_id: int | None = None,
) -> None:
    """Remind once at `due_at`; not any more from `ends_at` on. Both are aware. Planning the same again changes nothing.

    `what` is `kind:which` (`appointment:<hash>`, `clock:address`): two reminders of one `what` for the same moments are
    one. `subscription_id` is who would tell that an appointment has changed; planned with another one, the reminder
    says what is known by now.
    """
    sealed = seal.close(details.model_dump(mode="json"))
    row = {"sealed_details": sealed, "subscription_id": subscription_id}
    await db.execute(
        insert(reminders)
        .values(conversation_id=conversation_id, what=what, due_at=due_at, ends_at=ends_at, **row)
        .on_conflict_do_update(
            index_elements=["conversation_id", "what", "due_at", "ends_at"],
            index_where=reminders.c.state == WAITING,
            set_={**row, "made_at": func.now()},
            where=reminders.c.subscription_id.is_distinct_from(subscription_id),
        )
    )


async def are_on(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Whether anything may still be said: a reminder waits, or the case system would tell of news."""
    waiting = select(reminders.c.id).where(reminders.c.conversation_id == conversation_id, reminders.c.state == WAITING)
    return bool(await db.scalar(select(waiting.exists()))) or await subscriptions.exist(db, conversation_id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reminder that is due, not held by anybody yet."""

    id: int
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is being said. `in_doubt`: its details changed, or nobody would have told us if they had."""

    details: ReminderDetails
    in_doubt: bool


async def give_up(db: AsyncConnection) -> None:
    """Mark as missed what would help nobody any more."""
    await db.execute(
        update(reminders)
        .where(reminders.c.state == WAITING, reminders.c.due_at <= func.now(), reminders.c.ends_at <= func.now())
        .values(state="missed", sealed_details=NOTHING)
    )


async def next_due(db: AsyncConnection, after: int) -> Waiting | None:
    """The next reminder that is due, in the order of ids: one pass looks at each once."""
    row = (
        await db.execute(
            select(reminders.c.id, reminders.c.conversation_id)
            .where(
                reminders.c.state == WAITING,
                reminders.c.due_at <= func.now(),
                reminders.c.ends_at > func.now(),
                reminders.c.id > after,
            )
            .order_by(reminders.c.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else Waiting(row.id, row.conversation_id)


async def claim(db: AsyncConnection, seal: Seal, reminder_id: int) -> Due | None:
    """Hold a reminder that is still due until the commit; None when another worker has it, or it was stopped."""
    vouched = (
        select(subscriptions_table.c.id)
        .where(
            subscriptions_table.c.id == reminders.c.subscription_id,
            subscriptions_table.c.conversation_id == reminders.c.conversation_id,
            subscriptions_table.c.ends_at > func.now(),
            func.coalesce(subscriptions_table.c.changed_at < reminders.c.made_at, True),
        )
        .exists()
    )
    row = (
        await db.execute(
            select(reminders.c.sealed_details, (~vouched).label("in_doubt"))
            .where(
                reminders.c.id == reminder_id,
                reminders.c.state == WAITING,
                reminders.c.due_at <= func.now(),
                reminders.c.ends_at > func.now(),
            )
            .with_for_update(of=reminders, skip_locked=True)
        )
    ).one_or_none()
    return None if row is None else Due(ReminderDetails.model_validate(seal.open(row.sealed_details)), row.in_doubt)


async def said(db: AsyncConnection, reminder_id: int) -> None:
    """It stands in the outbox now; what it was made of is kept no longer."""
    await db.execute(
        update(reminders).where(reminders.c.id == reminder_id).values(state="said", sealed_details=NOTHING)
    )


async def with_something_to_come(db: AsyncConnection, conversation_ids: Collection[UUID]) -> set[UUID]:
    """Those of the conversations in which what was, or will be, reminded of is not over yet: news of it may come."""
    found = await db.scalars(
        select(reminders.c.conversation_id).where(
            reminders.c.conversation_id.in_(conversation_ids),
            reminders.c.state.in_(["waiting", "said"]),
            reminders.c.ends_at > func.now(),
        )
    )
    return set(found)


async def stop(db: AsyncConnection, conversation_id: UUID) -> None:
    """Withdraw every consent, stop every reminder, and let the subscriptions go. Stopping twice changes nothing.

    What the channel could not take yet is stopped too.
    """
    await consents.withdraw(db, conversation_id)
    await db.execute(
        update(reminders)
        .where(reminders.c.conversation_id == conversation_id, reminders.c.state == WAITING)
        .values(state="stopped", sealed_details=NOTHING)
    )
    await outbox.unsay(db, conversation_id, Purpose.REMINDER)
    await subscriptions.let_go(db, conversation_id)


async def now(db: AsyncConnection) -> datetime:
    """The database's clock: the only one that decides whether something is due."""
    moment: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return moment
