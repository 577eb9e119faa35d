"""Reminders that wait for their hour: what will be said, when, and until when it is worth saying.

Owns the rows of `reminders` from plan to stop. Needs no case system: whoever works out a day may plan one, after the
person has given their consent (`bot.post.consents`). Saying them is `bot.hub.reminding`'s.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.post import consents, subscriptions
from bot.storage.sealing import Seal
from bot.storage.tables import reminders

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

    `what` is `kind` or `kind:which` (`appointment`, `clock:address`): two reminders of one `what` for the same moments
    are one. `subscription_id` is who would tell that an appointment has changed.
    """
    sealed = seal.close(details.model_dump(mode="json"))
    await db.execute(
        insert(reminders)
        .values(
            conversation_id=conversation_id,
            what=what,
            sealed_details=sealed,
            subscription_id=subscription_id,
            due_at=due_at,
            ends_at=ends_at,
        )
        .on_conflict_do_nothing(
            index_elements=["conversation_id", "what", "due_at", "ends_at"],
            index_where=reminders.c.state == "waiting",
        )
    )


async def are_on(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Whether anything may still be said: a reminder waits, or the case system would tell of news."""
    waiting = select(reminders.c.id).where(
        reminders.c.conversation_id == conversation_id, reminders.c.state == "waiting"
    )
    return bool(await db.scalar(select(waiting.exists()))) or await subscriptions.exist(db, conversation_id)


async def stop(db: AsyncConnection, conversation_id: UUID) -> None:
    """Withdraw every consent, stop every reminder, and let the subscriptions go. Stopping twice changes nothing."""
    await consents.withdraw(db, conversation_id)
    await db.execute(
        update(reminders)
        .where(reminders.c.conversation_id == conversation_id, reminders.c.state == "waiting")
        .values(state="stopped", sealed_details=NOTHING)
    )
    await subscriptions.let_go(db, conversation_id)


async def now(db: AsyncConnection) -> datetime:
    """The database's clock: the only one that decides whether something is due."""
    moment: datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return moment
