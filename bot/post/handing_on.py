"""Hands a conversation on to another one of the same person: what was said, what waits, and what was not yet seen.

All in the caller's transaction: either everything is there or nothing has moved. Cases are not its business
(`bot.cases.moving`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Button, Kind, Utterance
from bot.post import conversations, outbox
from bot.post import inbox as inbox_rows
from bot.post.conversations import Conversation
from bot.storage.database import ring
from bot.storage.sealing import Seal
from bot.storage.tables import QUEUED, case_entries, choices, inbox, turns
from bot.storage.tables import outbox as outbox_table

Fitted = Callable[[Iterable[Utterance]], list[Utterance]]
"""The same utterances, none longer than the channel takes."""


async def hand_on(db: AsyncConnection, seal: Seal, old: Conversation, to: Conversation, fitted: Fitted) -> None:
    """Everything of `old` belongs to `to` from now on, and `old` is gone.

    No turn of `old` may be under way, and `old` must be held (`conversations.shut`). What its screen has shown is not
    said again; what waited for it goes out by the channel of `to`.
    """
    keys = await _keys(db, old.id)
    await _hand_on_heard(db, seal, old.id, to.id, await _tokens(db, to.id, keys))
    await db.execute(update(turns).where(turns.c.conversation_id == old.id).values(conversation_id=to.id))
    await _say_unseen(db, seal, old.id, to, keys, fitted)
    await db.execute(update(outbox_table).where(outbox_table.c.conversation_id == old.id).values(conversation_id=to.id))
    await conversations.erase(db, old.id)
    # Whoever shows the old one looks and finds that it is gone.
    await ring(db, outbox.bell(old.channel), str(old.id))
    await ring(db, inbox_rows.BELL, str(to.id))


async def _keys(db: AsyncConnection, conversation_id: UUID) -> dict[str, str]:
    """What the buttons of a conversation mean, by token."""
    rows = await db.execute(select(choices.c.token, choices.c.key).where(choices.c.conversation_id == conversation_id))
    return {row.token: row.key for row in rows}


async def _tokens(db: AsyncConnection, to_id: UUID, keys: Mapping[str, str]) -> dict[str, str]:
    """The new token of each old one: the same choice may have been offered there before."""
    offered = await outbox.offer(db, to_id, tuple(Button("", key=key) for key in keys.values()))
    return {token: button.token for token, button in zip(keys, offered, strict=True)}


async def _hand_on_heard(db: AsyncConnection, seal: Seal, old_id: UUID, to_id: UUID, tokens: Mapping[str, str]) -> None:
    await db.execute(update(inbox).where(inbox.c.conversation_id == old_id).values(conversation_id=to_id))
    pressed = await db.execute(
        select(inbox.c.id, inbox.c.sealed_payload).where(
            inbox.c.conversation_id == to_id, inbox.c.kind == Kind.CHOICE.value, inbox.c.sealed_payload.is_not(None)
        )
    )
    for row in pressed.all():
        payload = seal.open(row.sealed_payload)
        if new := tokens.get(payload["text"]):
            sealed = seal.close({**payload, "text": new})
            await db.execute(update(inbox).where(inbox.c.id == row.id).values(sealed_payload=sealed))


async def _say_unseen(
    db: AsyncConnection, seal: Seal, old_id: UUID, to: Conversation, keys: Mapping[str, str], fitted: Fitted
) -> None:
    """What no screen has shown yet is said where the person is now, in its order."""
    unseen = await db.execute(
        select(outbox_table.c.id, outbox_table.c.inbox_id, outbox_table.c.sealed_payload)
        .where(outbox_table.c.conversation_id == old_id, outbox_table.c.state == QUEUED)
        .order_by(outbox_table.c.id)
        .with_for_update()
    )
    for row in unseen.all():
        said = Utterance.from_json(seal.open(row.sealed_payload))
        buttons = tuple(replace(b, key=keys.get(b.token, ""), token="") for b in said.buttons)
        entries = list(await db.scalars(select(case_entries.c.id).where(case_entries.c.outbox_id == row.id)))
        await db.execute(delete(outbox_table).where(outbox_table.c.id == row.id))
        ids = await outbox.put(db, seal, to.id, to.channel, fitted([replace(said, buttons=buttons)]), row.inbox_id)
        if ids:
            await db.execute(update(case_entries).where(case_entries.c.id.in_(entries)).values(outbox_id=ids[-1]))
