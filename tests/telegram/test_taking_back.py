"""What a person types into an identity check leaves their chat; everything else they wrote stays where it is."""

from collections.abc import Awaitable, Callable

import pytest
import telegram
from sqlalchemy import select, text

from bot.bootstrap import Service
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.private import take_typed_back
from bot.i18n.phrases import PHRASES
from bot.model import Utterance
from bot.post import conversations, inbox
from bot.post.forgetting import begin_anew
from bot.storage.tables import inbox as inbox_table
from bot.storage.tables import outbox as outbox_table
from tests.emulator import EmulatorClient, Party

NUMBER = "99 123 canary"

Typed = Callable[..., Awaitable[None]]


@pytest.fixture
async def typed(service: Service, intake: Intake, emulator: EmulatorClient, person: Party) -> Typed:
    """Everything that waits at Telegram is stored, and its turns are closed, in a check or not."""

    async def close(*, in_check: bool = True) -> None:
        async with service.engine.begin() as db:
            await intake.store(db, [record.body for record in emulator.updates()])
            waiting = await db.scalars(select(inbox_table.c.id).where(inbox_table.c.state == "received"))
            for number in waiting.all():
                await inbox.close(db, number, "answered", keep_text=not in_check, take_back=in_check)

    await close(in_check=False)
    return close


async def take_all_back(service: Service, bot: telegram.Bot) -> int:
    count = 0
    while await take_typed_back(service, bot):
        count += 1
    return count


async def said(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        rows = await db.scalars(select(outbox_table.c.sealed_payload).order_by(outbox_table.c.id))
        return [Utterance.from_json(service.seal.open(row)).plain_text() for row in rows]


async def test_what_was_typed_leaves_and_the_rest_stays(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    emulator.send_text(person.chat_id, "How do I put my child in school?")
    await typed(in_check=False)
    emulator.send_text(person.chat_id, NUMBER)
    await typed()
    assert await take_all_back(service, bot) == 1
    assert emulator.words(person.chat_id) == ["/start", "How do I put my child in school?"]
    assert await take_all_back(service, bot) == 0
    assert len(emulator.journal("deleteMessage")) == 1
    assert await said(service) == []


async def test_before_its_turn_is_closed_nothing_leaves(
    service: Service, bot: telegram.Bot, intake: Intake, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    emulator.send_text(person.chat_id, NUMBER)
    async with service.engine.begin() as db:
        await intake.store(db, [record.body for record in emulator.updates()])
    assert await take_all_back(service, bot) == 0
    assert NUMBER in emulator.words(person.chat_id)


async def test_every_picture_of_an_album_leaves_the_late_one_too(
    service: Service, bot: telegram.Bot, intake: Intake, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    def picture() -> dict[str, object]:
        sent = emulator.send_media(person.chat_id, "photo", caption=NUMBER)
        body = next(record.body for record in emulator.updates() if record.update_id == sent.update_id)
        return {**body, "message": {**body["message"], "media_group_id": "77"}}

    async def arrives(*pictures: dict[str, object]) -> None:
        async with service.engine.begin() as db:
            await intake.store(db, pictures)

    first, second, late = picture(), picture(), picture()
    await arrives(first, second)
    async with service.engine.begin() as db:
        (number,) = await db.scalars(select(inbox_table.c.id).where(inbox_table.c.state == "received"))
        await inbox.close(db, number, "answered", keep_text=False, take_back=True)
    await take_all_back(service, bot)
    assert emulator.words(person.chat_id) == ["/start", NUMBER]
    await arrives(late, first)
    await take_all_back(service, bot)
    assert emulator.words(person.chat_id) == ["/start"]
    assert await said(service) == []


async def test_a_late_picture_outside_a_check_stays(
    service: Service, bot: telegram.Bot, intake: Intake, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    sent = emulator.send_media(person.chat_id, "photo")
    await typed(in_check=False)
    body = next(record.body for record in emulator.updates() if record.update_id == sent.update_id)
    async with service.engine.begin() as db:
        await intake.store(db, [body])
    assert await take_all_back(service, bot) == 0


async def test_a_message_that_was_changed_leaves_once(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    sent = emulator.send_text(person.chat_id, NUMBER)
    assert sent.message_id is not None
    await typed()
    emulator.edit_text(person.chat_id, sent.message_id, f"{NUMBER} 2")
    await typed()
    assert await take_all_back(service, bot) == 1
    assert emulator.words(person.chat_id) == ["/start"]
    assert await said(service) == []


async def test_when_telegram_is_away_it_is_tried_again(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    emulator.send_text(person.chat_id, NUMBER)
    emulator.send_text(person.chat_id, "a name")
    await typed()
    emulator.slow_down(0, "deleteMessage")
    emulator.answer_status(429, "deleteMessage", retry_after=1)
    with pytest.raises(telegram.error.RetryAfter):
        await take_typed_back(service, bot)
    assert emulator.words(person.chat_id) == ["/start", "a name"]
    assert await take_all_back(service, bot) == 1
    assert emulator.words(person.chat_id) == ["/start"]
    assert await said(service) == []


async def test_what_the_person_deleted_is_nothing_to_talk_about(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    sent = emulator.send_text(person.chat_id, NUMBER)
    await typed()
    assert sent.message_id is not None
    await bot.delete_message(person.chat_id, sent.message_id)
    assert await take_all_back(service, bot) == 1
    assert await said(service) == []


async def test_what_is_too_old_the_person_is_asked_to_delete_once(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    emulator.send_text(person.chat_id, NUMBER)
    emulator.send_text(person.chat_id, "a name")
    await typed()
    emulator.advance(49 * 3600)
    assert await take_all_back(service, bot) == 1
    default = service.settings.default_language
    assert await said(service) == [service.catalogues.say(default, PHRASES["please-delete"])]
    assert await take_all_back(service, bot) == 0


async def test_somebody_who_blocked_the_bot_holds_up_nobody(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    other = emulator.new_person()
    emulator.send_text(person.chat_id, NUMBER)
    emulator.send_text(other.chat_id, NUMBER)
    await typed()
    emulator.answer_status(403, "deleteMessage", chat_id=person.chat_id)
    assert await take_all_back(service, bot) == 2
    assert emulator.words(other.chat_id) == []


async def test_erasing_the_conversation_forgets_nothing_that_stands_in_the_chat(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, typed: Typed
) -> None:
    emulator.send_text(person.chat_id, NUMBER)
    await typed()
    async with service.engine.begin() as db:
        number = await conversations.find_or_open(db, service.seal, "telegram", str(person.chat_id))
        talk = await conversations.load(db, service.seal, number)
        await begin_anew(db, service.seal, talk, await db.scalar(text("SELECT max(id) FROM inbox")) or 0)
    await take_all_back(service, bot)
    assert emulator.words(person.chat_id) == ["/start"]
