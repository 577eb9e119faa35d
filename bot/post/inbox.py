"""The inbox: a message is here, committed, before its channel says that it has it.

Owns the rows of `inbox` from arrival to close. A message is known by its channel's own id, so that the same message
delivered twice is one row. Ids are handed out under the conversation's append lock, so that their order is the order of
commits and a later message is never visible before an earlier one of the same conversation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, Row, Select, Text, Uuid, all_, and_, bindparam, cast, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Kind, Message
from bot.post import conversations, taking_back
from bot.storage.database import ring
from bot.storage.sealing import Seal, WrongKeyError
from bot.storage.tables import RECEIVED, inbox

log = structlog.get_logger()

BELL = "inbox"
APPEND_LOCK = 1
TURN_LOCK = 2
UNREADABLE_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one arrival: `inbox_id` is None when this message was known already."""

    conversation_id: UUID
    inbox_id: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The message whose turn it is. `text` and `argument` are None once they have been erased."""

    inbox_id: int
    conversation_id: UUID
    channel: str
    kind: Kind
    text: str
    argument: str
    language_hint: str | None
    attempts: int
    waited_seconds: float

    @property
    def own_words(self) -> str:
        """What the person typed as a message of theirs: the text, or the words below a picture."""
        return {Kind.TEXT: self.text, Kind.UNREADABLE: self.argument}.get(self.kind) or ""


async def receive(db: AsyncConnection, seal: Seal, messages: Iterable[Message]) -> list[Receipt]:
    """Store messages in their order. The caller commits, and only then tells the channel that it has them."""
    receipts = []
    for message in messages:
        conversation_id = await conversations.find_or_open(db, seal, message.channel, message.address)
        await _lock(db, APPEND_LOCK, conversation_id)
        statement = (
            insert(inbox)
            .values(
                conversation_id=conversation_id,
                channel=message.channel,
                channel_message_id=message.channel_message_id,
                channel_reference=message.reference or None,
                kind=message.kind.value,
                sealed_payload=seal.close(message.to_json()),
                language_hint=message.language_hint,
            )
            .on_conflict_do_nothing(index_elements=["channel", "channel_message_id"])
            .returning(inbox.c.id)
        )
        inbox_id = (await db.execute(statement)).scalar_one_or_none()
        receipts.append(Receipt(conversation_id, inbox_id))
        if inbox_id is not None:
            await ring(db, BELL, str(conversation_id))
        elif message.reference:
            await db.execute(taking_back.join(message.channel, message.channel_message_id, message.reference))
    return receipts


async def claim(db: AsyncConnection, seal: Seal) -> Waiting | None:
    """Take the oldest unanswered message whose conversation is free, for as long as this transaction lives.

    A worker that dies lets go of its row at once, because the lock is the database's. A button or a command may pass
    an older message that waits for Rasa to come back: it needs no Rasa.
    """
    row = await _take(db)
    if row is None:
        return None
    try:
        payload = seal.open(row.sealed_payload)
    except WrongKeyError:
        # The right key may come back: nothing is thrown away, and nobody else has to wait for it.
        log.exception("inbox.sealed_with_another_key", inbox_id=row.id)
        await postpone(db, row.id, UNREADABLE_PAUSE_SECONDS)
        return None
    return Waiting(
        inbox_id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        kind=Kind(row.kind),
        text=payload["text"],
        argument=payload["argument"],
        language_hint=row.language_hint,
        attempts=row.attempts,
        waited_seconds=float(row.waited),
    )


async def _take(db: AsyncConnection) -> Row[Any] | None:
    """Lock a row and its conversation. A row whose conversation has a turn is passed, and the next one is tried."""
    busy: list[UUID] = []
    while True:
        row: Row[Any] | None = (await db.execute(_OLDEST, {"busy": busy})).one_or_none()
        if row is None or row.free:
            return row
        # Its lock stays with this transaction: a button that passed an older message waits for one turn more.
        busy.append(row.conversation_id)


def _oldest_that_may_go() -> Select[Any]:
    older = inbox.alias("older")
    blocked = exists().where(
        older.c.conversation_id == inbox.c.conversation_id,
        older.c.state == RECEIVED,
        older.c.id < inbox.c.id,
        ~and_(inbox.c.kind.in_([Kind.CHOICE.value, Kind.COMMAND.value]), older.c.attempts > 0),
    )
    oldest = (
        select(inbox, func.extract("epoch", func.now() - inbox.c.received_at).label("waited"))
        .where(
            inbox.c.state == RECEIVED,
            inbox.c.due_at <= func.now(),
            ~blocked,
            inbox.c.conversation_id != all_(bindparam("busy", type_=ARRAY(Uuid))),
        )
        .order_by(inbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
        .subquery()
    )
    turn_lock = func.pg_try_advisory_xact_lock(TURN_LOCK, func.hashtext(cast(oldest.c.conversation_id, Text)))
    return select(oldest, turn_lock.label("free"))


# Built once: to put it together takes longer than to run it.
_OLDEST: Final = _oldest_that_may_go()


async def may_take_turn(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Keep everybody else from taking a turn in this conversation until the commit. False when somebody takes one."""
    lock = func.pg_try_advisory_xact_lock(TURN_LOCK, func.hashtext(str(conversation_id)))
    return bool(await db.scalar(select(lock)))


async def close(
    db: AsyncConnection, inbox_id: int, state: str, *, keep_text: bool = True, take_back: bool = False
) -> None:
    """End a message as `answered`, `handed_over` or `notified`.

    What was typed into a form is erased here; with `take_back` its channel is asked to delete it from the chat too.
    """
    values: dict[str, object] = {"state": state, "closed_at": func.now()}
    if not keep_text:
        values["sealed_payload"] = None
    if take_back:
        await ring(db, taking_back.BELL, str(inbox_id))
    else:
        values["channel_reference"] = None
    await db.execute(update(inbox).where(inbox.c.id == inbox_id).values(values))


async def postpone(db: AsyncConnection, inbox_id: int, seconds: float) -> None:
    """Try this message again after `seconds`; it keeps its place before later ones."""
    await db.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id)
        .values(attempts=inbox.c.attempts + 1, due_at=func.now() + timedelta(seconds=seconds))
    )


async def hold_turn(db: AsyncConnection, conversation_id: UUID) -> None:
    """Wait until no turn of this conversation is under way, and let none begin before the commit."""
    await _lock(db, TURN_LOCK, conversation_id)


async def _lock(db: AsyncConnection, space: int, conversation_id: UUID) -> None:
    await db.execute(select(func.pg_advisory_xact_lock(space, func.hashtext(str(conversation_id)))))
