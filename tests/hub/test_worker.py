"""The worker process: hears the bell, answers at once, goes on after a failure."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import ValidationError

from bot.bootstrap import Service
from bot.hub.turn import Hub
from bot.hub.worker import run_worker
from bot.i18n.phrases import PHRASES
from bot.settings import Settings
from tests.assistant.rest_channel import RestChannel, cut
from tests.hub.conversation import Person
from tests.hub.reminded import planned


@asynccontextmanager
async def working(service: Service, rasa: RestChannel) -> AsyncIterator[None]:
    """The worker beside the test. Its settings name the stand-in's port; people are told quickly."""
    port = int(rasa.url.rpartition(":")[2])
    settings = service.settings.model_copy(
        update={"rasa_port": port, "notice_after_seconds": 0.5, "turns_at_once": 3, "rasa_deadline_seconds": 0.5}
    )
    own = Service(settings, service.engine, service.seal, service.library, service.catalogues)
    worker = asyncio.create_task(run_worker(own))
    try:
        yield
    finally:
        ended_by_itself = worker.done()
        worker.cancel()
        (why,) = await asyncio.gather(worker, return_exceptions=True)
        assert not ended_by_itself, f"the worker ended: {why!r}"


async def until_seen(person: Person, count: int, seconds: float = 20) -> list[str]:
    shown: list[str] = []
    async with asyncio.timeout(seconds):
        while True:
            shown += [utterance.plain_text() for utterance in await person.sees()]
            if len(shown) >= count:
                return shown
            await asyncio.sleep(0.02)


async def test_it_answers_when_the_bell_rings(service: Service, hub: Hub, rasa: RestChannel) -> None:
    async with working(service, rasa):
        first = Person(hub)
        await first.sends("school?")
        await until_seen(first, 1)
        took = []
        for _ in range(5):
            person = Person(hub)
            began = time.monotonic()
            await person.sends("school?")
            await until_seen(person, 1)
            took.append(time.monotonic() - began)
    # Without the bell the median would be half a second and more.
    assert sorted(took)[2] < 0.4


async def test_rasa_away_then_back_is_a_notice_then_the_answer_once(
    service: Service, hub: Hub, rasa: RestChannel
) -> None:
    answering, rasa.act = rasa.act, cut(b"")
    person = Person(hub)
    async with working(service, rasa):
        await person.sends("How do I put my child in school?")
        (notice,) = await until_seen(person, 1)
        assert notice == PHRASES["please-wait"]
        rasa.act = answering
        (answer,) = await until_seen(person, 1)
        assert service.library.topic("education").text("en").title in answer
        await asyncio.sleep(1.5)
        assert await person.sees() == []


async def test_the_worker_outlives_a_database_that_cuts_its_lines(
    service: Service, hub: Hub, rasa: RestChannel
) -> None:
    person = Person(hub)
    async with working(service, rasa):
        await person.sends("school?")
        await until_seen(person, 1)
        async with service.engine.connect() as db:
            await db.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        for _ in range(20):
            try:
                await person.sends("school?")
                break
            except Exception:
                await asyncio.sleep(0.1)
        assert len(await until_seen(person, 1)) == 1


async def cut_who_waits_for_jobs(service: Service) -> int:
    """Returns how many lines were cut."""
    async with service.engine.connect() as db:
        cut = await db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE '%%procrastinate_fetch_job%%'"
        )
        return cut.rowcount


async def test_it_outlives_a_cut_in_the_middle_of_looking_for_jobs(
    service: Service, hub: Hub, rasa: RestChannel
) -> None:
    """procrastinate gives up then. The jobs are begun anew, and turns are taken all the while."""
    person, other = Person(hub, channel="telegram"), Person(hub)
    await person.commands("start", "lang_en")
    await person.sees()
    async with working(service, rasa):
        async with service.engine.begin() as db:
            await db.exec_driver_sql("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
            async with asyncio.timeout(20):
                while not await cut_who_waits_for_jobs(service):  # noqa: ASYNC110 - no event tells of it
                    await asyncio.sleep(0.1)
        await planned(person)
        await other.sends("school?")
        await until_seen(other, 1)
        (said,) = await until_seen(person, 1, seconds=60)
    assert PHRASES["reminder-appointment"] in said


async def test_its_jobs_say_a_reminder_that_is_due(service: Service, hub: Hub, rasa: RestChannel) -> None:
    person = Person(hub, channel="telegram")
    await person.commands("start", "lang_en")
    await person.sees()
    await planned(person)
    async with working(service, rasa):
        (said,) = await until_seen(person, 1, seconds=40)
    assert PHRASES["reminder-appointment"] in said


def test_a_worker_without_turns_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(turns_at_once=0)
