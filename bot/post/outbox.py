"""The outbox: what the service says, stored in the transaction that closes the turn, sent by its channel afterwards.

States: `queued → sending → sent | uncertain | blocked | failed`. `uncertain` means that the channel may or may not have
delivered the message: Telegram has no idempotency key, so nobody can know. Ids order a conversation's messages; the
kiosk's event stream is these rows.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, Executable, Select, Text, Uuid, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Button, Purpose, Utterance
from bot.storage.database import ring
from bot.storage.sealing import Seal, WrongKeyError
from bot.storage.tables import QUEUED, SENDING, choices, conversations, outbox

log = structlog.get_logger()

SPEAK_LOCK = 5
UNREADABLE_PAUSE_SECONDS = 60.0
TOKEN_BYTES = 15
"""20 characters of base64: far below the 64 bytes of Telegram's callback_data, far above what can be guessed."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20}")


def bell(channel: str) -> str:
    """The name of the bell that rings when something waits for a channel."""
    return f"outbox_{channel}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One stored utterance on its way out. `attempts` counts the sends that were started before."""

    outbox_id: int
    conversation_id: UUID
    address: str
    utterance: Utterance
    attempts: int


async def put(
    db: AsyncConnection,
    seal: Seal,
    conversation_id: UUID,
    channel: str,
    utterances: Iterable[Utterance],
    inbox_id: int | None = None,
) -> list[int]:
    """Queue utterances in their order. Their buttons' keys are exchanged for tokens of this conversation."""
    # Whoever reads "everything after this id" must never be shown a later id before an earlier one.
    await db.execute(select(func.pg_advisory_xact_lock(SPEAK_LOCK, func.hashtext(str(conversation_id)))))
    ids = []
    for utterance in utterances:
        tokened = replace(utterance, buttons=await offer(db, conversation_id, utterance.buttons))
        row = {
            "conversation_id": conversation_id,
            "inbox_id": inbox_id,
            "channel": channel,
            "purpose": utterance.purpose.value,
            "sealed_payload": seal.close(tokened.to_json()),
        }
        # A notice is said once for a message, however often its turn is tried.
        outbox_id = (
            await db.execute(insert(outbox).values(row).on_conflict_do_nothing().returning(outbox.c.id))
        ).scalar_one_or_none()
        if outbox_id is not None:
            ids.append(outbox_id)
    if ids:
        await ring(db, bell(channel), str(conversation_id))
    return ids


async def may_speak_first(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Keep everybody else from speaking in this conversation until the commit. False when somebody is doing so."""
    lock = func.pg_try_advisory_xact_lock(SPEAK_LOCK, func.hashtext(str(conversation_id)))
    return bool(await db.scalar(select(lock)))


async def meaning(db: AsyncConnection, conversation_id: UUID, token: str) -> str | None:
    """The key behind a button's token, or None when this conversation was never offered it."""
    if not _TOKEN.fullmatch(token):
        return None
    return await db.scalar(
        select(choices.c.key).where(choices.c.token == token, choices.c.conversation_id == conversation_id)
    )


async def offer(db: AsyncConnection, conversation_id: UUID, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """The same buttons with their keys exchanged for tokens that are good for this conversation."""
    keys = list(dict.fromkeys(button.key for button in buttons if button.key))
    if not keys:
        return buttons
    offered = await db.execute(
        _OFFER,
        {
            "tokens": [secrets.token_urlsafe(TOKEN_BYTES) for _ in keys],
            "keys": keys,
            "conversation_id": conversation_id,
        },
    )
    tokens = {row.key: row.token for row in offered}
    return tuple(replace(b, key="", token=tokens[b.key]) if b.key else b for b in buttons)


def _offer() -> Executable:
    new = select(
        func.unnest(bindparam("tokens", type_=ARRAY(Text))),
        bindparam("conversation_id", type_=Uuid),
        func.unnest(bindparam("keys", type_=ARRAY(Text))),
    )
    # The same choice keeps its token, so a conversation has as many rows as it has different choices.
    return (
        insert(choices)
        .from_select(["token", "conversation_id", "key"], new)
        .on_conflict_do_update(index_elements=["conversation_id", "key"], set_={"offered_at": func.now()})
        .returning(choices.c.key, choices.c.token)
    )


# Built once: to put these together takes longer than to run them.
_OFFER: Final = _offer()


async def claim(db: AsyncConnection, seal: Seal, channel: str) -> Parcel | None:
    """Lock the oldest message of a channel that may go now. The caller then starts or requeues it."""
    row = (await db.execute(_OLDEST, {"channel": channel})).one_or_none()
    return None if row is None else await _parcel(db, seal, row)


def _oldest_that_may_go() -> Select[Any]:
    older = outbox.alias("older")
    blocked = exists().where(
        older.c.conversation_id == outbox.c.conversation_id,
        older.c.state.in_([QUEUED, SENDING]),
        older.c.id < outbox.c.id,
    )
    return (
        select(outbox, conversations.c.sealed_address)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(
            outbox.c.channel == bindparam("channel"),
            outbox.c.state == QUEUED,
            outbox.c.due_at <= func.now(),
            ~blocked,
        )
        .order_by(outbox.c.id)
        .limit(1)
        .with_for_update(of=outbox, skip_locked=True, key_share=True)
    )


_OLDEST: Final = _oldest_that_may_go()


async def start(db: AsyncConnection, outbox_id: int) -> None:
    """Mark a message as `sending`. The caller commits before it sends, so that a crash leaves a trace."""
    await db.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id)
        .values(state="sending", sending_at=func.now(), attempts=outbox.c.attempts + 1)
    )


async def hold(db: AsyncConnection, outbox_id: int) -> bool:
    """Keep the row locked while it is being sent: a row in `sending` that nobody holds was left by a dead process.

    False when it was taken for such a row meanwhile, or erased: it must not be sent.
    """
    held = select(outbox.c.id).where(outbox.c.id == outbox_id, outbox.c.state == "sending")
    return await db.scalar(held.with_for_update(key_share=True)) is not None


async def abandoned(db: AsyncConnection, seal: Seal, channel: str) -> Parcel | None:
    """A message that a process was sending when it died."""
    row = (
        await db.execute(
            select(outbox, conversations.c.sealed_address)
            .join(conversations, conversations.c.id == outbox.c.conversation_id)
            .where(
                outbox.c.channel == channel,
                outbox.c.state == SENDING,
                outbox.c.sending_at < func.now() - timedelta(seconds=2),
            )
            .order_by(outbox.c.id)
            .limit(1)
            .with_for_update(of=outbox, skip_locked=True, key_share=True)
        )
    ).one_or_none()
    return None if row is None else await _parcel(db, seal, row)


async def settle(db: AsyncConnection, outbox_id: int, state: str, reference: str | None = None) -> None:
    """Write the final state: `sent`, `uncertain`, `blocked` or `failed`, with the channel's own id if it gave one."""
    await db.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id)
        .values(state=state, closed_at=func.now(), channel_reference=reference)
    )


async def requeue(db: AsyncConnection, outbox_id: int, seconds: float) -> None:
    """Send again after `seconds`. Only for what was surely not delivered, or may be seen twice."""
    await db.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id)
        .values(state="queued", due_at=func.now() + timedelta(seconds=seconds))
    )


async def since(db: AsyncConnection, seal: Seal, conversation_id: UUID, last_id: int) -> list[tuple[int, Utterance]]:
    """What was said in a conversation after `last_id`, in order, whatever its state: the kiosk's replay."""
    rows = await db.execute(
        select(outbox.c.id, outbox.c.sealed_payload)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.id > last_id)
        .order_by(outbox.c.id)
    )
    return [(row.id, Utterance.from_json(seal.open(row.sealed_payload))) for row in rows]


async def is_waiting(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Whether something was said that nobody has seen yet."""
    found = select(outbox.c.id).where(outbox.c.conversation_id == conversation_id, outbox.c.state == QUEUED)
    return await db.scalar(found.limit(1)) is not None


async def unsay(db: AsyncConnection, conversation_id: UUID, purpose: Purpose) -> None:
    """Take out what waits with this purpose. What is on its way by now stays."""
    waiting = (
        select(outbox.c.id)
        .where(
            outbox.c.conversation_id == conversation_id, outbox.c.purpose == purpose.value, outbox.c.state == "queued"
        )
        .with_for_update(skip_locked=True)
    )
    await db.execute(delete(outbox).where(outbox.c.id.in_(waiting)))


async def mark_shown(db: AsyncConnection, conversation_id: UUID, up_to: int) -> None:
    """The person's screen has everything up to this id (channels that are read, not sent to)."""
    await db.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.id <= up_to, outbox.c.state == "queued")
        .values(state="sent", closed_at=func.now())
    )


async def _parcel(db: AsyncConnection, seal: Seal, row: Any) -> Parcel | None:
    try:
        utterance, address = Utterance.from_json(seal.open(row.sealed_payload)), seal.open(row.sealed_address)
    except WrongKeyError:
        # The right key may come back: nothing is thrown away, and nobody else has to wait for it.
        log.exception("outbox.sealed_with_another_key", outbox_id=row.id)
        await requeue(db, row.id, UNREADABLE_PAUSE_SECONDS)
        return None
    return Parcel(row.id, row.conversation_id, address, utterance, row.attempts)


def may_be_sent_twice(purpose: Purpose) -> bool:
    """An interpreter's words carry a reference by which a second copy is known; everything else must not be doubled."""
    return purpose is Purpose.PERSON
