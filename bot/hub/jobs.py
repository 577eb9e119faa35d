"""Periodic work, run once however many workers there are: procrastinate holds the schedule in PostgreSQL.

The sweeper returns what was left behind; retention deletes what may no longer be kept.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from procrastinate import App, PsycopgConnector
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi.client import CaseClient
from bot.cases.handing import open_to_all
from bot.cases.presence import return_vanished
from bot.cases.sessions import forget_dead
from bot.cases.signing_in import forget_halves
from bot.cases.voice import Voice
from bot.hub import visits
from bot.hub.reminding import end_subscriptions, say_due, tell_news
from bot.model import Purpose
from bot.post import continuations, forgetting, reminders, subscriptions
from bot.storage import tracker
from bot.storage.tables import alarms, conversations, forms, inbox, outbox, verification_attempts
from bot.storage.tables import cases as cases_table

log = structlog.get_logger()

PAUSE_SECONDS: Final = 1.0
"""Before the jobs are begun anew."""
ATTEMPTS_KEPT: Final = timedelta(hours=24)
REMINDERS_KEPT: Final = timedelta(hours=24)
"""What a reminder said, in the outbox: the person was promised that it is kept no longer than what it is about."""


async def run_jobs(service: Service, client: CaseClient) -> None:
    """Run the periodic jobs until cancelled.

    procrastinate ends, with an error or without a word, when its line to the database is cut: it is begun anew.
    """
    while True:
        try:
            await _run_until_cut(service, client)
            log.warning("jobs.ended")
        except Exception:
            log.exception("jobs.failed")
        await asyncio.sleep(PAUSE_SECONDS)


async def _run_until_cut(service: Service, client: CaseClient) -> None:
    connector = PsycopgConnector(conninfo=service.settings.database_url, min_size=1, max_size=3)
    app = App(connector=connector)

    @app.periodic(cron="* * * * * */10")
    @app.task(queueing_lock="sweep", name="rehber.sweep")
    async def sweep_job(timestamp: int) -> None:
        await sweep(service)

    @app.periodic(cron="* * * * * */10")
    @app.task(queueing_lock="remind", name="rehber.remind")
    async def remind_job(timestamp: int) -> None:
        await say_due(service)
        await tell_news(service)
        await end_subscriptions(service, client)

    @app.periodic(cron="17 * * * *")
    @app.task(queueing_lock="retention", name="rehber.retention")
    async def retention_job(timestamp: int) -> None:
        await retain(service)

    async with app.open_async():
        await app.run_worker_async(
            concurrency=1, delete_jobs="successful", install_signal_handlers=False, fetch_job_polling_interval=2
        )


async def sweep(service: Service) -> None:
    """Every ten seconds: drop checks and codes whose time is over, end visits that nobody ended, and take cases back
    from who vanished, or did not come for one."""
    async with service.engine.begin() as db:
        await db.execute(delete(forms).where(forms.c.expires_at < func.now()))
        await continuations.forget_expired(db)
        returned = await return_vanished(db, Voice(service.seal, service.catalogues, service.registry))
        missed = await open_to_all(db, service.seal)
    if missed:
        log.info("sweep.cases_open_to_all", count=len(missed))
    if returned:
        log.warning("sweep.cases_returned", count=len(returned))
    if ended := await visits.end_abandoned(service):
        log.info("sweep.visits_ended", count=ended)


async def retain(service: Service) -> None:
    """Every hour: erase conversations and cases whose time is over, and the hashes of tries older than a day.

    A conversation with a reminder to come stays until that is over; what was said in it goes at the usual time.
    """
    settings = service.settings
    async with service.engine.begin() as db:
        await forget_dead(db)
        await forget_halves(db)
        days = timedelta(days=settings.keep_conversations_days)
        old = func.now() - days
        await subscriptions.clear(db)
        await db.execute(
            delete(outbox).where(
                outbox.c.purpose == Purpose.REMINDER.value, outbox.c.closed_at < func.now() - REMINDERS_KEPT
            )
        )
        idle = await _conversations_before(db, old)
        waited_for = await reminders.with_something_to_come(db, idle)
        gone = [conversation for conversation in idle if conversation not in waited_for]
        await tracker.forget(db, idle)
        await forgetting.empty(db, waited_for, old)
        await db.execute(delete(conversations).where(conversations.c.id.in_(gone)))
        await tracker.forget_older_than(db, days)
        await tracker.forget_orphans(db)
        closed = func.now() - timedelta(days=settings.keep_cases_days)
        await db.execute(delete(cases_table).where(cases_table.c.closed_at < closed))
        await db.execute(delete(alarms).where(alarms.c.seen_at < closed))
        await db.execute(delete(verification_attempts).where(verification_attempts.c.at < func.now() - ATTEMPTS_KEPT))
        await db.execute(
            update(inbox)
            .where(inbox.c.closed_at < old, inbox.c.sealed_payload.is_not(None))
            .values(sealed_payload=None)
        )
    log.info("retention.done", conversations=len(gone))


async def _conversations_before(db: AsyncConnection, moment: ColumnElement[datetime]) -> list[UUID]:
    """Conversations without a case and without a message since then, held so that nothing can come in any more."""
    with_case = select(cases_table.c.id).where(cases_table.c.conversation_id == conversations.c.id).exists()
    waiting = (
        select(inbox.c.id).where(inbox.c.conversation_id == conversations.c.id, inbox.c.state == "received").exists()
    )
    ids = await db.scalars(
        select(conversations.c.id)
        .where(conversations.c.last_at < moment, ~with_case, ~waiting)
        .with_for_update(skip_locked=True)
    )
    return list(ids)
