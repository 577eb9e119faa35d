"""The hub's side of hand-over: open a case, ask whether one is open, append what the applicant writes."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases import entries
from bot.cases.model import BELL, IN_QUEUE, TO_APPLICANT, Priority, Reason, Role
from bot.storage.database import ring
from bot.storage.sealing import Seal
from bot.storage.tables import case_entries, cases


@dataclass(frozen=True, slots=True)
class Opened:
    """`new` is False when the conversation had an open case already.

    `place` counts from 1 within the case's language; 0 means that a person has the case.
    """

    case_id: UUID
    new: bool
    place: int


async def open_case(
    db: AsyncConnection,
    seal: Seal,
    conversation_id: UUID,
    language: str,
    topic: str | None = None,
    priority: int = Priority.NORMAL,
    reason: str = Reason.ASKED,
    quiet: bool = True,
) -> Opened:
    """Ask for a person. A second request joins the open case and can raise its priority, never lower it.

    `quiet`: from now on the bot is silent. Otherwise it answers until somebody claims the case, and the case has a
    copy of what is written meanwhile.
    """
    while True:
        case_id = (
            await db.execute(
                insert(cases)
                .values(
                    id=uuid4(),
                    conversation_id=conversation_id,
                    language=language,
                    topic=topic,
                    priority=Priority(priority).value,
                    quiet=quiet,
                )
                .on_conflict_do_nothing(index_elements=["conversation_id"], index_where=cases.c.closed_at.is_(None))
                .returning(cases.c.id)
            )
        ).scalar_one_or_none()
        if case_id is not None:
            await entries.append(db, seal, case_id, "opened", "system", text=Reason(reason).value)
            return Opened(case_id, True, await place(db, case_id))
        joined = await open_case_of(db, conversation_id)
        # None: the case that stood in the way was closed in between, so the next insert goes through.
        if joined is not None:
            await _raise_priority(db, joined, Priority(priority))
            return Opened(joined, False, await place(db, joined))


async def open_case_of(db: AsyncConnection, conversation_id: UUID) -> UUID | None:
    """The conversation's open case. One look-up in a unique index: it stands on the way of every message."""
    return await db.scalar(
        select(cases.c.id).where(cases.c.conversation_id == conversation_id, cases.c.closed_at.is_(None))
    )


async def silences_the_bot(db: AsyncConnection, case_id: UUID) -> bool:
    """Whether a person speaks, or was asked to: always, but for a case that the bot opened and nobody has claimed."""
    return bool(await db.scalar(select(cases.c.quiet).where(cases.c.id == case_id)))


async def holds_silence(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Whether the bot is silent in this conversation. Until the commit nobody takes its case, and the answer holds."""
    case_id = await open_case_of(db, conversation_id)
    if case_id is None:
        return False
    await entries.lock(db, case_id)
    return await silences_the_bot(db, case_id)


async def add_applicant_message(db: AsyncConnection, seal: Seal, case_id: UUID, text: str) -> bool:
    """Append the applicant's words. False when the case was closed meanwhile: then the bot answers them."""
    case = await entries.lock(db, case_id)
    if case.closed:
        return False
    await entries.append(db, seal, case_id, "message", "applicant", text=text, audience=TO_APPLICANT)
    return True


async def say_unclear(db: AsyncConnection, seal: Seal, conversation_id: UUID, entry_id: int) -> bool:
    """The applicant did not understand this message of a person: noted once, however often it is said.

    False when the conversation has no such message, or its case is finished.
    """
    case_id = await db.scalar(
        select(case_entries.c.case_id)
        .join(cases, cases.c.id == case_entries.c.case_id)
        .where(
            case_entries.c.id == entry_id,
            case_entries.c.kind == "message",
            case_entries.c.author.in_([role.value for role in Role]),
            case_entries.c.audience != [],
            cases.c.conversation_id == conversation_id,
        )
    )
    if case_id is None or (await entries.lock(db, case_id)).closed:
        return False
    if await db.scalar(select(case_entries.c.id).where(case_entries.c.about_id == entry_id)) is None:
        await entries.append(db, seal, case_id, "unclear", "applicant", about_id=entry_id)
    return True


async def place(db: AsyncConnection, case_id: UUID) -> int:
    """How many of the same language are before this case, itself included; 0 when a person has it."""
    if not (await entries.standing(db, case_id)).state.in_queue:
        return 0
    change = entries.last_change()
    this = cases.alias("this")
    before = or_(
        cases.c.priority > this.c.priority,
        and_(cases.c.priority == this.c.priority, cases.c.opened_at <= this.c.opened_at),
    )
    count = await db.scalar(
        select(func.count())
        .select_from(cases)
        .join(change, cases.c.closed_at.is_(None))
        .join(this, this.c.id == case_id)
        .where(cases.c.language == this.c.language, change.c.kind.in_(IN_QUEUE), before)
    )
    return int(count or 1)


async def _raise_priority(db: AsyncConnection, case_id: UUID, priority: Priority) -> None:
    changed = await db.execute(
        update(cases).where(cases.c.id == case_id, cases.c.priority < priority.value).values(priority=priority.value)
    )
    if changed.rowcount:
        await ring(db, BELL, str(case_id))
