"""Tells people who wait that their message is saved: once a message, in their language, whatever makes them wait.

Owns the promise "a word within five seconds". It looks at the inbox, not at the turn, so it holds when Rasa is slow or
gone, when a turn hangs, and when there is more to do than workers.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases.opening import open_case_of
from bot.hub import kept
from bot.hub.language import language_of, language_without_text
from bot.hub.render import renderer
from bot.model import Kind, Purpose
from bot.post import conversations, outbox
from bot.storage.sealing import WrongKeyError
from bot.storage.tables import RECEIVED, cases, forms, inbox
from bot.storage.tables import outbox as outbox_table

log = structlog.get_logger()

MOST_AT_ONCE: Final = 50


async def say_please_wait(service: Service) -> int:
    """Write the notice for messages that have waited too long without one. Returns how many."""
    async with service.engine.connect() as db:
        late = (await db.execute(_late(service.settings.notice_after_seconds))).all()
    told = [await _tell(service, row.id, row.conversation_id) for row in late]
    return sum(told)


async def _tell(service: Service, inbox_id: int, conversation_id: UUID) -> bool:
    """The notice for one message, in a transaction of its own. False when it is not needed any more.

    It cannot come after an answer or a hand-over that is written meanwhile: every turn that ends in words speaks last.
    """
    async with service.engine.begin() as db:
        if not await outbox.may_speak_first(db, conversation_id) or not await conversations.hold(db, conversation_id):
            return False
        if not await _hold_case(db, conversation_id):
            return False
        row = (await db.execute(_still_waiting(inbox_id))).one_or_none()
        if row is None:
            return False
        try:
            await _write(service, db, row)
        except WrongKeyError:
            log.exception("patience.sealed_with_another_key", inbox_id=inbox_id)
            return False
    return True


async def _hold_case(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Keep the open case, where there is one, from being claimed. False when that may be happening."""
    case_id = await open_case_of(db, conversation_id)
    if case_id is None:
        return True
    held = select(cases.c.id).where(cases.c.id == case_id)
    return await db.scalar(held.with_for_update(key_share=True, skip_locked=True)) is not None


async def _write(service: Service, db: AsyncConnection, row: Row[Any]) -> None:
    talk = await conversations.load(db, service.seal, row.conversation_id)
    default = service.settings.default_language
    if row.in_check:
        language = language_without_text(service.registry, talk, row.language_hint, default)
    else:
        said = service.seal.open(row.sealed_payload)
        kind = Kind(row.kind)
        language = language_of(service.registry, talk, kind, said["text"], said["argument"], row.language_hint, default)
    words = renderer(service, talk.channel, language)
    buttons = [words.person(), words.button("menu", "menu")]
    notice = words.say("please-wait", buttons=buttons, purpose=Purpose.NOTICE)
    await outbox.put(db, service.seal, talk.id, talk.channel, [notice], row.id)


def _late(seconds: float) -> Select[Any]:
    return (
        select(inbox.c.id, inbox.c.conversation_id)
        .where(inbox.c.received_at < func.now() - timedelta(seconds=seconds), *_unanswered_and_untold())
        .order_by(inbox.c.id)
        .limit(MOST_AT_ONCE)
    )


def _still_waiting(inbox_id: int) -> Select[Any]:
    in_check = (
        select(forms.c.conversation_id)
        .where(forms.c.conversation_id == inbox.c.conversation_id, kept.takes_words())
        .exists()
    )
    return select(inbox, in_check.label("in_check")).where(inbox.c.id == inbox_id, *_unanswered_and_untold())


def _unanswered_and_untold() -> tuple[ColumnElement[bool], ...]:
    told = (
        select(outbox_table.c.id)
        .where(
            outbox_table.c.inbox_id == inbox.c.id, outbox_table.c.purpose == literal_column(f"'{Purpose.NOTICE.value}'")
        )
        .exists()
    )
    with_a_person = (
        select(cases.c.id)
        .where(cases.c.conversation_id == inbox.c.conversation_id, cases.c.closed_at.is_(None), cases.c.quiet)
        .exists()
    )
    return inbox.c.state == RECEIVED, ~told, ~with_a_person
