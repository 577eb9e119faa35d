"""What Telegram was told is taken was stored before; what is offered again is taken once; nothing stops the loop."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import telegram
from sqlalchemy import func, select, text, update

from bot.bootstrap import Service
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Poller, leadership
from bot.model import Kind
from bot.storage.tables import cursors, inbox
from bot.storage.tables import outbox as outbox_table
from tests.emulator import EmulatorClient, Party


@pytest.fixture
async def polling(
    service: Service, bot: telegram.Bot, intake: Intake
) -> AsyncIterator[Callable[[], "asyncio.Task[None]"]]:
    """Starts pollers, as many as a test wants; they end with it."""
    courtesy = Courtesy(bot)
    tasks: list[asyncio.Task[None]] = []

    def start() -> asyncio.Task[None]:
        poller = Poller(service.engine, bot, intake, courtesy, poll_seconds=2)
        tasks.append(asyncio.create_task(poller.run()))
        return tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await courtesy.close()


async def stored(service: Service) -> list[tuple[str, str]]:
    """Kind and text of every message in the inbox, in order."""
    async with service.engine.connect() as db:
        rows = await db.execute(select(inbox).order_by(inbox.c.id))
        return [(row.kind, service.seal.open(row.sealed_payload)["text"]) for row in rows]


async def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true value of a condition that asks the database."""
    async with asyncio.timeout(seconds):
        while not (value := await condition()):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
    return value


async def until_stored(service: Service, count: int) -> list[tuple[str, str]]:
    async def enough() -> list[tuple[str, str]] | None:
        messages = await stored(service)
        return messages if len(messages) >= count else None

    messages: list[tuple[str, str]] = await until(enough)
    return messages


async def until_confirmed(emulator: EmulatorClient) -> None:
    """Until Telegram has been told of every update that it has arrived."""

    async def all_confirmed() -> bool:
        return all(update.state == "confirmed" for update in await asyncio.to_thread(emulator.updates))

    await until(all_confirmed, seconds=20)


async def test_messages_are_stored_in_order_and_then_confirmed(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    for word in ("one", "two", "three"):
        emulator.send_text(person.chat_id, word)
    polling()
    await until_confirmed(emulator)
    assert await stored(service) == [("command", "start"), ("text", "one"), ("text", "two"), ("text", "three")]
    emulator.send_text(person.chat_id, "four")
    assert (await until_stored(service, 5))[-1] == ("text", "four")


async def test_a_text_is_met_with_typing_and_a_button_stops_spinning_within_a_second(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    choice = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="token-1")]])
    await bot.send_message(person.chat_id, "?", reply_markup=choice)
    polling()
    emulator.send_text(person.chat_id, "hello")
    await emulator.until(lambda: emulator.journal("sendChatAction", person.chat_id))
    emulator.press(person.chat_id, "Yes")
    (press,) = await emulator.until(lambda: [press for press in emulator.presses() if press.answered])
    assert press.answered is not None
    assert press.answered - press.pressed < 1
    assert (await until_stored(service, 3))[-1] == ("choice", "token-1")
    # The command needs no sign: its answer is there as fast.
    assert len(emulator.journal("sendChatAction")) == 1


async def test_a_press_on_an_old_message_and_a_second_press_are_taken(
    service: Service, bot: telegram.Bot, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    choice = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="token-1")]])
    await bot.send_message(person.chat_id, "?", reply_markup=choice)
    emulator.press(person.chat_id, "Yes", inaccessible=True)
    emulator.press(person.chat_id, "Yes")
    polling()
    assert (await until_stored(service, 3))[1:] == [("choice", "token-1")] * 2
    await emulator.until(lambda: all(press.answered for press in emulator.presses()) or None)


async def test_an_update_offered_three_times_is_one_message_and_its_first_body_wins(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    sent = emulator.send_text(person.chat_id, "first")
    emulator.repeat_update(sent.update_id, times=2)
    polling()
    await until_confirmed(emulator)
    changed = next(update.body for update in emulator.updates() if update.update_id == sent.update_id)
    emulator.repeat_update(sent.update_id, content={"message": {**changed["message"], "text": "changed"}})
    await until_confirmed(emulator)
    assert await stored(service) == [("command", "start"), ("text", "first")]


async def test_updates_in_the_wrong_order_are_all_taken(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    emulator.hold_updates()
    for word in ("one", "two", "three"):
        emulator.send_text(person.chat_id, word)
    emulator.release_updates(backwards=True)
    polling()
    await until_confirmed(emulator)
    assert sorted(await stored(service)) == [("command", "start"), ("text", "one"), ("text", "three"), ("text", "two")]


async def test_numbers_that_restart_lower_are_new_messages(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    polling()
    await until_confirmed(emulator)
    emulator.restart_update_ids(1000)
    emulator.send_text(person.chat_id, "after a week")
    assert (await until_stored(service, 2))[-1] == ("text", "after a week")
    await until_confirmed(emulator)
    emulator.send_text(person.chat_id, "and again")
    assert (await until_stored(service, 3))[-1] == ("text", "and again")


async def test_an_offset_older_than_six_days_is_not_used(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    task = polling()
    await until_confirmed(emulator)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with service.engine.begin() as db:
        await db.execute(update(cursors).values(at=func.now() - text("interval '6 days 1 second'")))
    later = time.monotonic()
    emulator.send_text(person.chat_id, "back")
    polling()
    await until_stored(service, 2)
    polls = sorted(emulator.journal("getUpdates"), key=lambda call: call.started)
    assert "offset" not in next(call for call in polls if call.started > later).params


async def test_a_lost_offset_doubles_nothing(
    service: Service, emulator: EmulatorClient, person: Party, bot: telegram.Bot, intake: Intake
) -> None:
    poller = Poller(service.engine, bot, intake, Courtesy(bot), poll_seconds=0)
    async with leadership(service.engine, "test") as line:
        assert await poller.poll_once(line) == 1
        async with service.engine.begin() as db:
            await db.execute(cursors.delete())
        assert await poller.poll_once(line) == 1
    assert await stored(service) == [("command", "start")]


async def test_an_album_is_one_message(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    sent = emulator.send_media(person.chat_id, "photo")
    body = next(update.body for update in emulator.updates() if update.update_id == sent.update_id)["message"]
    for number in range(1, 4):
        emulator.send_raw(
            {"message": {**body, "message_id": body["message_id"] + number, "media_group_id": "77"}}, checked=True
        )
    polling()
    await until_confirmed(emulator)
    assert await stored(service) == [("command", "start"), ("unreadable", "photo"), ("unreadable", "photo")]


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "contact", "document", "location", "poll"])
async def test_what_cannot_be_read_is_stored_as_such(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any], kind: Any
) -> None:
    emulator.send_media(person.chat_id, kind)
    polling()
    assert (await until_stored(service, 2))[-1] == (Kind.UNREADABLE.value, kind)


async def test_an_edit_is_stored_as_an_edit(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    sent = emulator.send_text(person.chat_id, "wrok")
    assert sent.message_id is not None
    emulator.edit_text(person.chat_id, sent.message_id, "work")
    polling()
    assert (await until_stored(service, 3))[1:] == [("text", "wrok"), ("edit", "work")]


POISON: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": {}},
    {"message": {"message_id": 1, "date": 1, "chat": {"type": "private"}, "text": "x"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": None}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": {"a": 1}}},
    {"message": {"message_id": 1, "date": 1e30, "chat": {"id": 5, "type": "private"}, "text": "x"}},
    {"message": "a" * (1 << 20)},
    {"callback_query": {"id": "1", "data": 5}},
    {"inline_query": [[[]]]},
    {"next_year": {"of": ["the", "Bot", "API"]}},
    {"poll_answer": 3},
]


async def test_poison_never_stops_the_queue(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    # Before anybody has chosen the kinds, as after a deployment that had asked for all of them.
    for content in POISON:
        emulator.send_raw(content)
    emulator.send_text(person.chat_id, "still here?")
    polling()
    await until_confirmed(emulator)
    messages = await stored(service)
    assert (messages[0], messages[-1]) == (("command", "start"), ("text", "still here?"))
    assert emulator.journal("getUpdates")[-1].ok


async def test_an_update_that_the_database_refuses_costs_only_itself(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    async with service.engine.begin() as db:
        await db.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'data_exception'; END $$"
            )
        )
        await db.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON inbox "
                "FOR EACH ROW WHEN (NEW.kind = 'unreadable') EXECUTE FUNCTION refuse()"
            )
        )
    emulator.send_media(person.chat_id, "photo")
    emulator.send_text(person.chat_id, "next")
    polling()
    await until_confirmed(emulator)
    assert await stored(service) == [("command", "start"), ("text", "next")]


async def test_a_text_that_postgresql_cannot_store_is_stored_without_it(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    sent = emulator.send_text(person.chat_id, "x")
    body = next(update.body for update in emulator.updates() if update.update_id == sent.update_id)["message"]
    emulator.send_raw({"message": {**body, "text": "zero \0 byte", "from": {**body["from"], "language_code": "a\0"}}})
    polling()
    assert (await until_stored(service, 3))[-1] == ("text", "zero \ufffd byte")


async def test_a_group_is_told_once_and_never_answered(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    group = emulator.new_group(person.user_id)
    polling()
    for number in range(3):
        emulator.send_text(group.chat_id, f"/help {number}")
    await until_confirmed(emulator)
    emulator.block(group.chat_id)
    emulator.unblock(group.chat_id)
    emulator.send_text(group.chat_id, "hello?")
    await until_confirmed(emulator)
    assert await stored(service) == [("command", "start")]
    async with service.engine.connect() as db:
        rows = (await db.execute(select(outbox_table.c.sealed_payload))).all()
    assert len(rows) == 1
    said = service.seal.open(rows[0].sealed_payload)
    assert (said["keys"], said["language"]) == (["say:groups-refused"], "fa")


async def test_only_one_of_two_processes_polls(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    first = polling()
    await until_confirmed(emulator)
    polling()
    emulator.send_text(person.chat_id, "one")
    await until_stored(service, 2)
    assert {call.status for call in emulator.journal("getUpdates")} == {200}
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    emulator.send_text(person.chat_id, "two")
    assert (await until_stored(service, 3))[-1] == ("text", "two")


async def test_a_leader_that_loses_its_connection_stores_nothing(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    task = polling()
    await until_confirmed(emulator)
    async with service.engine.connect() as db:
        await db.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2")
        )
    emulator.send_text(person.chat_id, "one")
    with pytest.raises(Exception, match=r"terminat|clos"):
        await asyncio.wait_for(task, 5)
    assert await stored(service) == [("command", "start")]
    polling()
    assert (await until_stored(service, 2))[-1] == ("text", "one")


async def test_a_stranger_with_the_same_token_is_waited_out(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any], ptb: telegram.Bot
) -> None:
    polling()
    await until_confirmed(emulator)
    for _ in range(2):
        await ptb.get_updates(timeout=0)
        await emulator.until(lambda: emulator.journal("getUpdates")[-1].status in (200, 409) or None)
    assert 409 in {call.status for call in emulator.journal("getUpdates")}
    emulator.send_text(person.chat_id, "one")
    assert (await until_stored(service, 2))[-1] == ("text", "one")


async def test_telegram_in_trouble_is_asked_again(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any]
) -> None:
    emulator.answer_status(502, "getUpdates")
    emulator.reset_connection("getUpdates")
    emulator.answer_status(429, "getUpdates", retry_after=1)
    polling()
    await until_stored(service, 1)
    failed, cut, flooded, good = emulator.journal("getUpdates")[:4]
    assert [failed.status, cut.status, flooded.status, good.status] == [502, 0, 429, 200]
    assert good.started - flooded.finished >= 1


async def test_a_webhook_left_by_another_mode_is_removed_without_losing_what_waits(
    service: Service, emulator: EmulatorClient, person: Party, polling: Callable[[], Any], ptb: telegram.Bot
) -> None:
    await ptb.set_webhook("http://127.0.0.1:1/nobody")
    polling()
    assert await until_stored(service, 1) == [("command", "start")]
