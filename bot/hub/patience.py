"""Tells people who wait that their message is saved: once a message, in their language, whatever makes them wait.

Owns the promise "a word within five seconds". It looks at the inbox, not at the turn, so it holds when Rasa is slow or
gone, when a turn hangs, and when there is more to do than workers.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.hub.language import language_of_text, language_without_text
from bot.hub.turn import renderer
from bot.model import Kind, Purpose
from bot.post import conversations, outbox
from bot.storage.tables import cases, inbox
from bot.storage.tables import outbox as outbox_table

MOST_AT_ONCE: Final = 50


async def say_please_wait(service: Service) -> int:
    """Write the notice for messages that have waited too long without one. Returns how many."""
    async with service.engine.begin() as db:
        rows = (await db.execute(_waiting_without_notice(service.settings.notice_after_seconds))).all()
        for row in rows:
            await _notice(service, db, row.id, row.conversation_id, row.kind, row.sealed_payload, row.language_hint)
    return len(rows)


def _waiting_without_notice(seconds: float):  # type: ignore[no-untyped-def]  # SQLAlchemy's type says nothing more
    noticed = (
        select(outbox_table.c.id)
        .where(outbox_table.c.inbox_id == inbox.c.id, outbox_table.c.purpose == Purpose.NOTICE.value)
        .exists()
    )
    with_a_person = (
        select(cases.c.id)
        .where(cases.c.conversation_id == inbox.c.conversation_id, cases.c.closed_at.is_(None))
        .exists()
    )
    return (
        select(inbox)
        .where(
            inbox.c.state == "received",
            inbox.c.received_at < func.now() - timedelta(seconds=seconds),
            ~noticed,
            ~with_a_person,
        )
        .order_by(inbox.c.id)
        .limit(MOST_AT_ONCE)
    )


async def _notice(
    service: Service,
    db: AsyncConnection,
    inbox_id: int,
    conversation_id: object,
    kind: str,
    sealed: bytes,
    hint: str | None,
) -> None:
    talk = await conversations.load(db, service.seal, conversation_id)  # type: ignore[arg-type]
    default = service.settings.default_language
    if kind == Kind.TEXT.value:
        language = language_of_text(service.registry, talk, service.seal.open(sealed)["text"], hint, default)
    else:
        language = language_without_text(service.registry, talk, hint, default)
    words = renderer(service, talk.channel, language)
    notice = words.say("please-wait", buttons=[words.person(), words.button("menu", "menu")], purpose=Purpose.NOTICE)
    await outbox.put(db, service.seal, talk.id, talk.channel, [notice], inbox_id)
