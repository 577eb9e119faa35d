"""A private result leaves the chat and the database after ten minutes, whatever happened in between."""

import pytest
import telegram
from sqlalchemy import select, text

from bot.bootstrap import Service
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.private import erase_next
from bot.channels.telegram.sender import TelegramSender
from bot.hub.remarks import tell_of_doubt
from bot.model import Block, BlockKind, Purpose, Utterance
from bot.post import conversations, outbox
from bot.post.delivery import Delivery
from bot.storage.tables import outbox as outbox_table
from tests.emulator import EmulatorClient, Party
from tests.telegram.conftest import no_leaflet

SECRET_WORDS = "Your appointment is on Monday."


async def send(service: Service, bot: telegram.Bot, chat_id: int, purpose: Purpose, words: str = SECRET_WORDS) -> None:
    utterance = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, words),), purpose=purpose)
    async with service.engine.begin() as db:
        talk = await conversations.find_or_open(db, service.seal, "telegram", str(chat_id))
        await outbox.put(db, service.seal, talk, "telegram", [utterance])
    delivery = Delivery(
        service.engine,
        service.seal,
        service.settings.database_url,
        TelegramSender(bot, Pace(), no_leaflet),
        tell_of_doubt(service),
    )
    assert await delivery.send_one()


async def minutes_pass(service: Service, minutes: float) -> None:
    async with service.engine.begin() as db:
        await db.execute(
            outbox_table.update().values(closed_at=outbox_table.c.closed_at - text(f"interval '{minutes} minutes'"))
        )


async def stored_words(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        sealed = await db.scalars(select(outbox_table.c.sealed_payload).order_by(outbox_table.c.id))
        return [Utterance.from_json(service.seal.open(row)).plain_text() for row in sealed]


async def erase_all(service: Service, bot: telegram.Bot) -> int:
    count = 0
    while await erase_next(service, bot):
        count += 1
    return count


async def test_it_stays_for_ten_minutes_and_then_leaves_chat_and_outbox(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    await send(service, bot, person.chat_id, Purpose.PRIVATE)
    await minutes_pass(service, 9.9)
    assert await erase_all(service, bot) == 0
    await minutes_pass(service, 0.2)
    assert await erase_all(service, bot) == 1
    assert [message.deleted for message in emulator.delivered(person.chat_id)] == [True]
    assert await stored_words(service) == [""]
    assert await erase_all(service, bot) == 0
    assert len(emulator.journal("deleteMessage")) == 1


async def test_every_part_of_a_long_one_leaves(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    await send(service, bot, person.chat_id, Purpose.PRIVATE, "word " * 2000)
    await minutes_pass(service, 11)
    await erase_all(service, bot)
    assert [message.deleted for message in emulator.delivered(person.chat_id)] == [True, True, True]


@pytest.mark.parametrize("purpose", [Purpose.ANSWER, Purpose.PERSON, Purpose.NOTICE])
async def test_everything_else_stays(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, purpose: Purpose
) -> None:
    await send(service, bot, person.chat_id, purpose)
    await minutes_pass(service, 60)
    assert await erase_all(service, bot) == 0
    assert [message.deleted for message in emulator.delivered(person.chat_id)] == [False]


async def test_when_telegram_is_away_it_is_tried_again(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    await send(service, bot, person.chat_id, Purpose.PRIVATE)
    await minutes_pass(service, 11)
    emulator.answer_status(502, "deleteMessage")
    with pytest.raises(telegram.error.NetworkError):
        await erase_next(service, bot)
    assert await stored_words(service) == [SECRET_WORDS]
    assert await erase_all(service, bot) == 1
    assert [message.deleted for message in emulator.delivered(person.chat_id)] == [True]


async def test_what_the_person_deleted_or_telegram_keeps_is_erased_here(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    await send(service, bot, person.chat_id, Purpose.PRIVATE)
    await send(service, bot, person.chat_id, Purpose.PRIVATE)
    first, _ = emulator.delivered(person.chat_id)
    await bot.delete_message(person.chat_id, first.message_id)
    emulator.advance(3 * 24 * 3600)
    await minutes_pass(service, 3 * 24 * 60)
    assert await erase_all(service, bot) == 2
    assert await stored_words(service) == ["", ""]


async def test_what_is_in_doubt_is_erased_here_too(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party
) -> None:
    emulator.lose_answer()
    await send(service, bot, person.chat_id, Purpose.PRIVATE)
    await minutes_pass(service, 11)
    assert await erase_all(service, bot) == 1
    assert SECRET_WORDS not in await stored_words(service)
