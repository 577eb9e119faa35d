"""What the service says unasked: reminders whose hour has come, and that there is news. The jobs call it.

Each is said in a transaction of its own that also notes that it was said: a worker that dies says nothing twice and
forgets nothing. Only the database's clock decides. Locks are taken in the order conversation, case, reminder, so that
neither a turn nor an erasure and this can wait for each other.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi.client import CaseClient
from bot.caseapi.errors import CannotCheck
from bot.cases import entries
from bot.cases.model import State
from bot.cases.opening import holds_silence, open_case_of
from bot.hub import reminder_words
from bot.hub.render import Renderer, renderer
from bot.i18n.formats import OFFICE_ZONE
from bot.model import Utterance
from bot.post import conversations, outbox, reminders, subscriptions
from bot.post.conversations import Conversation
from bot.storage.tables import conversations as conversations_table

log = structlog.get_logger()

AT_ONCE: Final = 50
"""Messages of a kind in one pass of ten seconds; the channel's own pace does the rest."""
ENDED_AT_ONCE: Final = 5
"""Subscriptions ended in one pass: nobody waits for it, and the case system may be slow."""
DAYTIME: Final = range(8, 22)
"""Hours in the office's zone in which news may be told."""


async def say_due(service: Service, at_most: int = AT_ONCE) -> int:
    """Say the reminders that are due, and give up those whose time is over. Returns how many were said."""
    if not service.settings.reminders:
        return 0
    async with service.engine.begin() as db:
        await reminders.give_up(db)
    said, last = 0, 0
    while said < at_most:
        async with service.engine.begin() as db:
            due = await reminders.next_due(db, after=last)
            if due is None:
                break
            last = due.id
            try:
                async with db.begin_nested():
                    said += await _say(service, db, due.id, due.conversation_id)
            except Exception as error:
                # One that cannot be said must not keep back the others; it is tried again until its time is over. Its
                # name is all that is logged: the error's words may hold the details.
                log.error("reminder.failed", reminder_id=due.id, error=type(error).__name__)
    return said


async def tell_news(service: Service, at_most: int = AT_ONCE) -> int:
    """Tell conversations that there is news: by day, once in 24 hours, and never beside a person of the office."""
    if not service.settings.reminders:
        return 0
    told, last = 0, UUID(int=0)
    while told < at_most:
        async with service.engine.begin() as db:
            if not _is_daytime(await reminders.now(db)):
                break
            conversation_id = await subscriptions.next_with_news(db, after=last)
            if conversation_id is None:
                break
            last = conversation_id
            try:
                async with db.begin_nested():
                    told += await _tell(service, db, conversation_id)
            except Exception as error:
                log.error("news.failed", error=type(error).__name__)
    return told


async def end_subscriptions(service: Service, client: CaseClient, at_most: int = ENDED_AT_ONCE) -> int:
    """Ask the case system to end what nobody wants any more. What it could not hear now, it is asked again later."""
    ended = 0
    while ended < at_most:
        async with service.engine.begin() as db:
            ending = await subscriptions.next_to_end(db, service.seal)
        if ending is None:
            break
        try:
            await client.unsubscribe(ending.reference)
        except CannotCheck:
            # The client has said why; a case system in trouble is not asked for the others at once.
            break
        async with service.engine.begin() as db:
            await subscriptions.ended(db, ending.id)
        ended += 1
    return ended


async def _say(service: Service, db: AsyncConnection, reminder_id: int, conversation_id: UUID) -> bool:
    if not await conversations.hold(db, conversation_id) or await _somebody_speaks(db, conversation_id):
        return False
    due = await reminders.claim(db, service.seal, reminder_id)
    if due is None:
        return False
    talk = await conversations.load(db, service.seal, conversation_id)
    words = _words(service, talk)
    # The office may have changed its settings since this was promised.
    in_doubt = due.in_doubt or not service.settings.hears_of_changes
    await _put(service, db, talk, reminder_words.reminder(words, due.details, in_doubt=in_doubt))
    await reminders.said(db, reminder_id)
    return True


async def _tell(service: Service, db: AsyncConnection, conversation_id: UUID) -> bool:
    # News can wait for the person who was called.
    if not await conversations.hold(db, conversation_id) or await holds_silence(db, conversation_id):
        return False
    # Of two workers one tells, and the other then sees that it was told.
    if not await outbox.may_speak_first(db, conversation_id):
        return False
    if not await subscriptions.take_news(db, conversation_id):
        return False
    talk = await conversations.load(db, service.seal, conversation_id)
    await _put(service, db, talk, reminder_words.news(_words(service, talk)))
    return True


async def _somebody_speaks(db: AsyncConnection, conversation_id: UUID) -> bool:
    """Whether a person has the case. In the queue nobody speaks yet, and an appointment does not wait for the queue."""
    case_id = await open_case_of(db, conversation_id)
    if case_id is None:
        return False
    await entries.lock(db, case_id)
    return (await entries.standing(db, case_id)).state is State.CLAIMED


def _words(service: Service, talk: Conversation) -> Renderer:
    return renderer(service, talk.channel, talk.language or service.settings.default_language)


async def _put(service: Service, db: AsyncConnection, talk: Conversation, utterance: Utterance) -> None:
    words = _words(service, talk)
    await outbox.put(db, service.seal, talk.id, talk.channel, words.fitted([utterance]))
    # "Show it again" means this now. The person said nothing, so the conversation is not younger for it.
    await db.execute(
        update(conversations_table).where(conversations_table.c.id == talk.id).values(last_keys=list(utterance.keys))
    )


def _is_daytime(moment: datetime) -> bool:
    return moment.astimezone(OFFICE_ZONE).hour in DAYTIME
