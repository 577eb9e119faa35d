"""What reminders keep goes in time: with them their conversation stays, and nothing that was said in it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from bot.hub.jobs import retain
from bot.hub.reminding import say_due, tell_news
from bot.model import Purpose, Utterance
from bot.post import conversations, outbox
from bot.storage.tables import case_changes, choices, consents, inbox, turns
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import outbox as outbox_table
from bot.storage.tables import reminders as reminders_table
from bot.storage.tables import subscriptions as subscriptions_table
from tests.hub.conversation import Person
from tests.hub.reminded import HOUR, announced, clock_moves, noon, person, planned
from tests.hub.test_forget import make_tracker, note_events, senders

__all__ = ["noon", "person"]


async def everything_is_old(person: Person, days: float = 8) -> None:
    old = func.now() - timedelta(days=days)
    async with person.service.engine.begin() as db:
        await db.execute(update(conversations_table).values(last_at=old))
        await db.execute(update(inbox).values(received_at=old, closed_at=old))
        await db.execute(update(outbox_table).values(queued_at=old, closed_at=old))
        await db.execute(update(choices).values(offered_at=old))
        await db.execute(update(subscriptions_table).values(made_at=old))


async def count(person: Person, *tables: Any) -> list[int]:
    async with person.service.engine.connect() as db:
        return [int(await db.scalar(select(func.count()).select_from(table)) or 0) for table in tables]


async def test_a_conversation_with_a_reminder_stays_and_what_was_said_in_it_goes(person: Person) -> None:
    service = person.service
    await make_tracker(service)
    await person.says("How do I put my child in school?")
    await planned(person, due=HOUR)
    await person.is_offered("remind.stop")
    talk = await person.conversation()
    async with service.engine.begin() as db:
        await note_events(db, talk.hex)
    await everything_is_old(person)
    await retain(service)
    assert await count(person, conversations_table, inbox, turns, outbox_table) == [1, 0, 0, 0]
    assert await senders(service) == set()
    async with service.engine.connect() as db:
        kept = await conversations.load(db, service.seal, talk)
        assert (kept.language, kept.last_keys, kept.focus, kept.paper) == ("en", (), None, None)
        assert list(await db.scalars(select(choices.c.key))) == ["remind.stop"]
    # The person can still be written to, and can still stop it.
    await clock_moves(person, timedelta(minutes=65))
    assert await say_due(service) == 1
    await person.presses("remind.stop")
    await everything_is_old(person)
    await clock_moves(person, HOUR)
    await retain(service)
    assert await count(person, conversations_table, reminders_table, consents) == [0, 0, 0]


async def test_what_is_said_lately_stays_with_such_a_conversation(person: Person) -> None:
    await planned(person, due=HOUR)
    await everything_is_old(person)
    async with person.service.engine.begin() as db:
        utterance = Utterance("en", "ltr", (), purpose=Purpose.REMINDER)
        await outbox.put(db, person.service.seal, await person.conversation(), "telegram", [utterance])
    await retain(person.service)
    assert await count(person, outbox_table) == [1]


@pytest.mark.parametrize(("hours", "left"), [(23.9, 1), (24.1, 0)])
async def test_what_a_reminder_said_goes_a_day_later_and_nothing_else(person: Person, hours: float, left: int) -> None:
    await person.commands("status")
    before = (await count(person, outbox_table))[0]
    await planned(person)
    await say_due(person.service)
    async with person.service.engine.begin() as db:
        await db.execute(update(outbox_table).values(closed_at=func.now() - timedelta(hours=hours)))
    await retain(person.service)
    assert await count(person, outbox_table) == [before + left]


async def test_when_the_appointment_is_over_the_subscription_is_let_go(person: Person) -> None:
    await planned(person)
    await say_due(person.service)
    await everything_is_old(person, days=1)
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(subscriptions_table.c.conversation_id)) == await person.conversation()
    await clock_moves(person, 2 * HOUR)
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert (await db.execute(select(subscriptions_table.c.conversation_id))).one() == (None,)


async def test_a_subscription_that_is_being_made_is_not_let_go(person: Person) -> None:
    await planned(person)
    async with person.service.engine.begin() as db:
        await db.execute(delete(reminders_table))
    await retain(person.service)
    async with person.service.engine.connect() as db:
        assert await db.scalar(select(subscriptions_table.c.conversation_id)) == await person.conversation()


async def test_a_subscription_that_ended_by_itself_leaves_nothing(person: Person) -> None:
    await planned(person, due=HOUR)
    async with person.service.engine.begin() as db:
        await db.execute(update(subscriptions_table).values(ends_at=func.now()))
    await retain(person.service)
    assert await count(person, subscriptions_table, reminders_table) == [0, 1]


@pytest.mark.parametrize(("hours", "left"), [(23.9, 1), (24.1, 0)])
async def test_told_changes_go_after_a_day_and_untold_ones_stay(person: Person, hours: float, left: int) -> None:
    await planned(person, due=HOUR)
    await announced(person, "told")
    await tell_news(person.service)
    await announced(person, "untold")
    async with person.service.engine.begin() as db:
        told = case_changes.c.told_at.is_not(None)
        await db.execute(update(case_changes).where(told).values(told_at=func.now() - timedelta(hours=hours)))
    await retain(person.service)
    assert await count(person, case_changes) == [left + 1]
