"""A reminder on Telegram: covered and protected, delivered once, and the end of them for who blocks the bot."""

from datetime import timedelta

import pytest
import telegram
from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.private import erase_next
from bot.channels.telegram.sender import TelegramSender
from bot.hub.remarks import tell_of_doubt
from bot.hub.reminding import say_due
from bot.post import consents, conversations, reminders, subscriptions
from bot.post.delivery import Delivery
from bot.post.reminders import ReminderDetails
from bot.storage.tables import consents as consents_table
from bot.storage.tables import reminders as reminders_table
from bot.storage.tables import subscriptions as subscriptions_table
from tests.emulator import EmulatorClient, Party
from tests.telegram.conftest import no_leaflet
from tests.telegram.test_private import minutes_pass

ADDRESS = "Canary Street 1"


@pytest.fixture
def delivery(service: Service, bot: telegram.Bot) -> Delivery:
    return Delivery(
        service.engine,
        service.seal,
        service.settings.database_url,
        TelegramSender(bot, Pace(), no_leaflet),
        tell_of_doubt(service),
    )


@pytest.fixture
async def reminded(service: Service, person: Party) -> Party:
    """Somebody who agreed, was reminded a moment ago, and has another reminder to come."""
    async with service.engine.begin() as db:
        conversation_id = await conversations.find_or_open(db, service.seal, "telegram", str(person.chat_id))
        talk = await conversations.load(db, service.seal, conversation_id)
        now = (await db.execute(select(func.now()))).scalar_one()
        await consents.give(db, talk, "appointment", "1", "en")
        until = now + timedelta(days=1)
        number = await subscriptions.add(db, service.seal, talk.id, "a session", "a reference", until)
        details = ReminderDetails(at=until, unit="Unit", address=ADDRESS)
        for hours in (-1, 2):
            due = now + timedelta(hours=hours)
            await reminders.plan(db, service.seal, talk.id, "appointment", details, due, until, number)
    assert await say_due(service) == 1
    return person


async def states(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        return list(await db.scalars(select(reminders_table.c.state).order_by(reminders_table.c.id)))


async def test_it_is_covered_protected_and_stays(
    service: Service, bot: telegram.Bot, delivery: Delivery, emulator: EmulatorClient, reminded: Party
) -> None:
    assert await delivery.send_one()
    (message,) = emulator.delivered(reminded.chat_id)
    assert ADDRESS in message.text
    assert message.protected
    assert {entity["type"] for entity in message.entities} >= {"spoiler"}
    covered = sum(entity["length"] for entity in message.entities if entity["type"] == "spoiler")
    assert covered >= len(message.text.replace("\n", ""))
    assert not await delivery.send_one()
    await minutes_pass(service, 60)
    assert not await erase_next(service, bot)


async def test_who_blocks_the_bot_is_left_in_peace(
    service: Service, delivery: Delivery, emulator: EmulatorClient, reminded: Party
) -> None:
    emulator.block(reminded.chat_id)
    assert await delivery.send_one()
    assert emulator.delivered(reminded.chat_id) == []
    assert await states(service) == ["said", "stopped"]
    async with service.engine.connect() as db:
        assert await db.scalar(select(consents_table.c.withdrawn_at)) is not None
        assert (await db.execute(select(subscriptions_table.c.conversation_id))).one() == (None,)
