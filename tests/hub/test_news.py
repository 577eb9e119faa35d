"""That there is news: nothing of what, by day, once in 24 hours, and only to who still wants to hear it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.hub.reminding import tell_news
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.phrases import PHRASES
from bot.model import Purpose
from bot.post import subscriptions
from bot.storage.tables import case_changes
from tests.hub.conversation import Person
from tests.hub.reminded import HOUR, announced, it_is, noon, person, planned

__all__ = ["noon", "person"]


async def test_news_say_that_there_is_news_and_no_more(person: Person) -> None:
    await planned(person, due=HOUR)
    for kind in ("FILE", "APPOINTMENT"):
        await announced(person, f"event of {kind}", kind)
    assert await tell_news(person.service) == 1
    (said,) = await person.sees()
    assert said.plain_text() == PHRASES["news"]
    assert said.purpose is Purpose.REMINDER
    assert await person.meanings(said) == ["check:appointment", "check:status", "remind.stop", "handoff.open"]
    assert await tell_news(person.service) == 0


async def test_a_subscription_that_nothing_was_promised_with_tells_nothing(person: Person) -> None:
    """A turn may fail between the two: then nobody agreed to anything."""
    service = person.service
    async with service.engine.begin() as db:
        now = (await db.execute(select(func.now()))).scalar_one()
        talk = await person.conversation()
        await subscriptions.add(db, service.seal, talk, "session", "subscription", now + HOUR)
    await announced(person, "event-1")
    assert await tell_news(service) == 0
    assert await person.sees() == []


async def test_news_come_once_in_a_day_and_later_ones_with_the_next(person: Person) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    await announced(person, "event-1")
    assert await tell_news(person.service) == 1
    await announced(person, "event-2")
    await announced(person, "event-3")
    for hours, told in ((23.9, 0), (24.1, 1), (30, 0)):
        async with person.service.engine.begin() as db:
            lately = case_changes.c.event_id == "event-1"
            await db.execute(update(case_changes).where(lately).values(told_at=func.now() - timedelta(hours=hours)))
        assert await tell_news(person.service) == told
    assert len(await person.sees()) == 2


@pytest.mark.parametrize(
    ("at", "told"), [("07:59", 0), ("08:00", 1), ("21:59", 1), ("22:00", 0), ("00:30", 0), ("03:00", 0)]
)
async def test_news_are_not_told_at_night(person: Person, monkeypatch: pytest.MonkeyPatch, at: str, told: int) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    # The clock of the database is in UTC; night is where the office is.
    it_is(monkeypatch, datetime.fromisoformat(f"2026-11-24 {at}").replace(tzinfo=OFFICE_ZONE).astimezone(UTC))
    assert await tell_news(person.service) == told


async def test_two_workers_tell_news_once(person: Person) -> None:
    await planned(person, due=HOUR)
    for number in range(4):
        await announced(person, f"event-{number}")
    assert sum(await asyncio.gather(*(tell_news(person.service) for _ in range(4)))) == 1
    assert len(await person.sees()) == 1


async def test_who_stopped_hears_no_news(person: Person) -> None:
    await planned(person, due=HOUR)
    await announced(person, "event-1")
    await person.commands("stop")
    await person.sees()
    await announced(person, "event-2")
    assert await tell_news(person.service) == 0
    async with person.service.engine.connect() as db:
        assert list(await db.scalars(select(case_changes.c.event_id))) == ["event-1"]
