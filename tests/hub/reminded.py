"""Somebody on Telegram with reminders to come, a clock that can be moved, and announcements of the case system."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.hub.turn import Hub
from bot.i18n.formats import OFFICE_ZONE
from bot.model import Utterance
from bot.post import reminders, subscriptions
from bot.post.reminders import ReminderDetails
from bot.storage.tables import reminders as reminders_table
from tests.hub.conversation import Person

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
VISIT: Final = ReminderDetails(
    at=datetime(2026, 11, 25, 7, 30, tzinfo=UTC), unit="Yabancılar Şubesi", address="Örnek Cad. 1"
)
OFFICE_NOON: Final = datetime(2026, 11, 24, 12, tzinfo=OFFICE_ZONE)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon in the office, whenever the test runs."""
    it_is(monkeypatch, OFFICE_NOON)


def it_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    async def now(db: AsyncConnection) -> datetime:
        return moment

    monkeypatch.setattr(reminders, "now", now)


@pytest.fixture
async def person(hub: Hub) -> Person:
    """Somebody on Telegram who has seen the first screen, in English."""
    person = Person(hub, channel="telegram")
    await person.commands("start", "lang_en")
    await person.sees()
    return person


async def planned(
    person: Person,
    details: ReminderDetails = VISIT,
    *,
    due: timedelta = -HOUR,
    ends: timedelta = 2 * HOUR,
    reference: str | None = "subscription",
    what: str = "appointment",
) -> None:
    """A reminder that is due so long from now, with a subscription to the appointment's changes."""
    service = person.service
    async with service.engine.begin() as db:
        talk, now = await person.conversation(), (await db.execute(select(func.now()))).scalar_one()
        number = reference and await subscriptions.add(
            db, service.seal, talk, f"session of {reference}", reference, now + DAY
        )
        await reminders.plan(db, service.seal, talk, what, details, now + due, now + ends, number or None)


async def announced(person: Person, event: str, kind: str = "APPOINTMENT", reference: str = "subscription") -> None:
    async with person.service.engine.begin() as db:
        await subscriptions.note_change(db, person.service.seal, event, reference, kind)


async def states(person: Person) -> list[str]:
    async with person.service.engine.connect() as db:
        return list(await db.scalars(select(reminders_table.c.state).order_by(reminders_table.c.id)))


def texts(said: list[Utterance]) -> list[str]:
    return [utterance.blocks[0].text for utterance in said]


async def clock_moves(person: Person, by: timedelta) -> None:
    """The clock jumps ahead (or back): everything that is written down is that much earlier (or later)."""
    async with person.service.engine.begin() as db:
        for column in (reminders_table.c.due_at, reminders_table.c.ends_at):
            await db.execute(update(reminders_table).values({column: column - by}))
