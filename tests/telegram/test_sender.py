"""How a send ends is told truthfully: what was not sent is sent again, what may have been sent is not."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import telegram

from bot.bootstrap import Service
from bot.channels.telegram.api import open_bot
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.sender import TelegramSender
from bot.hub.remarks import tell_of_doubt
from bot.i18n.phrases import PHRASES
from bot.model import Attachment, Block, BlockKind, Button, Purpose, Utterance
from bot.post import conversations, outbox
from bot.post.delivery import Blocked, Delivery, InDoubt, NotSent, Rejected
from bot.settings import Settings
from bot.storage.tables import outbox as outbox_table
from tests.emulator import EmulatorClient, Party
from tests.telegram.conftest import no_leaflet


def say(text: str = "Hello", *, purpose: Purpose = Purpose.ANSWER, buttons: tuple[Button, ...] = ()) -> Utterance:
    return Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, text),), buttons, purpose)


@pytest.fixture
def address(person: Party) -> str:
    return str(person.chat_id)


@pytest.fixture
async def sender(bot: telegram.Bot) -> TelegramSender:
    return TelegramSender(bot, Pace(), no_leaflet)


async def test_a_message_arrives_with_its_buttons(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    reference = await sender.send(
        address, say("1 < 2", buttons=(Button("Yes", token="t-1"), Button("No", token="t-2")))
    )
    (message,) = emulator.delivered(person.chat_id)
    assert reference == str(message.message_id)
    assert message.text == "1 < 2"
    assert [(button.label, button.callback_data, button.row) for button in message.buttons] == [
        ("Yes", "t-1", 0),
        ("No", "t-2", 0),
    ]
    assert not message.protected
    assert emulator.journal("sendMessage")[0].ignored == ()


async def test_a_private_result_cannot_be_forwarded_and_is_covered(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    await sender.send(address, say("Your appointment", purpose=Purpose.PRIVATE))
    (message,) = emulator.delivered(person.chat_id)
    assert message.protected
    assert message.entities == ({"type": "spoiler", "offset": 0, "length": len("Your appointment")},)


async def test_addresses_in_a_text_open_no_preview(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    await sender.send(address, say("See https://example.gov.tr"))
    (message,) = emulator.delivered(person.chat_id)
    assert message.raw["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("seconds", [5, 60])
async def test_429_is_not_sent_and_keeps_telegrams_time(
    sender: TelegramSender, address: str, emulator: EmulatorClient, seconds: int
) -> None:
    emulator.answer_status(429, retry_after=seconds)
    with pytest.raises(NotSent) as error:
        await sender.send(address, say())
    assert error.value.retry_after == seconds
    assert sender.pause(address) == pytest.approx(seconds, abs=1)
    assert sender.pause("1") == 0.0


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_5xx_is_not_sent(sender: TelegramSender, address: str, emulator: EmulatorClient, status: int) -> None:
    emulator.answer_status(status)
    with pytest.raises(NotSent) as error:
        await sender.send(address, say())
    assert error.value.retry_after is None


async def test_nobody_listening_is_not_sent(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"telegram_api_url": "http://127.0.0.1:1"})
    async with open_bot(nowhere) as bot:
        with pytest.raises(NotSent):
            await TelegramSender(bot, Pace(), no_leaflet).send("900000001", say())


async def test_no_answer_in_time_is_in_doubt_and_it_was_delivered(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.lose_answer()
    with pytest.raises(InDoubt):
        await sender.send(address, say())
    assert len(emulator.delivered(person.chat_id)) == 1


async def test_a_connection_cut_under_way_is_in_doubt(
    sender: TelegramSender, address: str, emulator: EmulatorClient
) -> None:
    emulator.reset_connection()
    with pytest.raises(InDoubt):
        await sender.send(address, say())


async def test_an_answer_that_is_no_json_is_in_doubt(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    async def gibberish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(gibberish, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_bot(settings.model_copy(update={"telegram_api_url": f"http://127.0.0.1:{port}"})) as bot:
            with pytest.raises(InDoubt):
                await TelegramSender(bot, Pace(), no_leaflet).send("900000001", say())
    assert "secret" not in caplog.text


async def test_a_person_who_blocked_the_bot_is_left_in_peace(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.block(person.chat_id)
    with pytest.raises(Blocked):
        await sender.send(address, say())


async def test_an_account_that_is_gone_is_blocked(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.delete_account(person.chat_id)
    with pytest.raises(Blocked):
        await sender.send(address, say())


async def test_a_chat_that_does_not_exist_is_blocked(sender: TelegramSender, emulator: EmulatorClient) -> None:
    with pytest.raises(Blocked):
        await sender.send("12345", say())
    assert len(emulator.journal("sendMessage")) == 1


async def test_refused_markup_is_sent_as_plain_text(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.answer_status(400)
    await sender.send(address, say("a < b", buttons=(Button("Yes", token="t"),)))
    (message,) = emulator.delivered(person.chat_id)
    assert (message.text, message.labels) == ("a < b", ["Yes"])
    assert "parse_mode" not in emulator.journal("sendMessage")[-1].params


async def test_refused_markup_does_not_uncover_a_private_result(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.answer_status(400)
    await sender.send(address, say("😀 your appointment", purpose=Purpose.PRIVATE))
    (message,) = emulator.delivered(person.chat_id)
    assert message.protected
    assert message.entities == ({"type": "spoiler", "offset": 0, "length": 19},)


async def test_what_telegram_never_takes_is_rejected_after_one_more_try(
    sender: TelegramSender, address: str, emulator: EmulatorClient
) -> None:
    with pytest.raises(Rejected):
        await sender.send(address, say(buttons=(Button("Yes", token="x" * 65),)))
    assert len(emulator.journal("sendMessage")) == 2


async def test_a_refused_token_is_not_sent_and_waits_for_the_operator(
    settings: Settings, address: str, emulator: EmulatorClient
) -> None:
    wrong = settings.model_copy(update={"telegram_bot_token": type(settings.telegram_bot_token)("1:wrong")})
    async with open_bot(wrong) as bot:
        with pytest.raises(NotSent) as error:
            await TelegramSender(bot, Pace(), no_leaflet).send(address, say())
    assert error.value.retry_after == 60


CALENDAR = Attachment("appointment.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")


async def test_a_file_can_be_saved_and_stands_with_its_words_and_buttons(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    said = say("1 < 2", purpose=Purpose.PRIVATE, buttons=(Button("All", token="t"),)).with_attachment(CALENDAR)
    reference = await sender.send(address, said)
    (message,) = emulator.delivered(person.chat_id)
    assert reference == str(message.message_id)
    assert (message.text, message.entities, message.labels) == ("1 < 2", (), ["All"])
    assert message.file == CALENDAR.content.decode()
    assert message.raw["document"]["file_name"] == "appointment.ics"
    assert message.raw["document"]["mime_type"] == "text/calendar"
    assert not message.protected
    assert emulator.journal("sendDocument")[0].ignored == ()
    assert emulator.journal("sendMessage") == []


async def test_a_file_whose_markup_is_refused_is_sent_with_plain_words(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.answer_status(400, "sendDocument")
    await sender.send(address, say("a < b").with_attachment(CALENDAR))
    (message,) = emulator.delivered(person.chat_id)
    assert (message.text, message.file) == ("a < b", CALENDAR.content.decode())
    assert "parse_mode" not in emulator.journal("sendDocument")[-1].params


async def test_a_file_that_may_have_arrived_is_in_doubt_and_a_flood_is_waited_out(
    sender: TelegramSender, address: str, emulator: EmulatorClient
) -> None:
    emulator.lose_answer("sendDocument")
    with pytest.raises(InDoubt):
        await sender.send(address, say().with_attachment(CALENDAR))
    emulator.answer_status(429, "sendDocument", retry_after=7)
    with pytest.raises(NotSent) as error:
        await sender.send(address, say().with_attachment(CALENDAR))
    assert error.value.retry_after == 7
    assert sender.pause(address) > 5


async def test_a_text_that_is_too_long_arrives_in_parts_in_order(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    words = " ".join(str(number) for number in range(2500))
    reference = await sender.send(address, say(words, buttons=(Button("Yes", token="t"),)))
    messages = emulator.delivered(person.chat_id)
    assert len(messages) > 2
    assert " ".join(message.text for message in messages) == words
    assert reference == ",".join(str(message.message_id) for message in messages)
    assert [message.labels for message in messages] == [[]] * (len(messages) - 1) + [["Yes"]]


@pytest.mark.parametrize("failing", [0, 1])
async def test_a_part_in_doubt_does_not_keep_back_the_others(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party, failing: int
) -> None:
    words = " ".join(str(number) for number in range(2500))
    if failing:
        emulator.slow_down(0, times=failing)
    emulator.lose_answer()
    with pytest.raises(InDoubt):
        await sender.send(address, say(words))
    assert " ".join(message.text for message in emulator.delivered(person.chat_id)) == words


async def test_a_later_part_waits_out_a_flood_instead_of_doubling_the_first(
    sender: TelegramSender, address: str, emulator: EmulatorClient, person: Party
) -> None:
    emulator.slow_down(0)
    emulator.answer_status(429, retry_after=1)
    words = " ".join(str(number) for number in range(2500))
    began = time.monotonic()
    await sender.send(address, say(words))
    assert time.monotonic() - began >= 1
    assert " ".join(message.text for message in emulator.delivered(person.chat_id)) == words


# Together with the delivery and the database.


@pytest.fixture
async def delivering(service: Service, sender: TelegramSender) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    delivery = Delivery(
        service.engine, service.seal, service.settings.database_url, sender, tell_of_doubt(service), senders=3
    )
    task = asyncio.create_task(delivery.run(stopping))
    yield
    stopping.set()
    await asyncio.wait_for(task, 5)


async def queue(service: Service, chat_id: int, *utterances: Utterance) -> None:
    async with service.engine.begin() as db:
        talk = await conversations.find_or_open(db, service.seal, "telegram", str(chat_id))
        await outbox.put(db, service.seal, talk, "telegram", utterances)


async def states(service: Service) -> list[str]:
    async with service.engine.connect() as db:
        return list(
            await db.scalars(outbox_table.select().with_only_columns(outbox_table.c.state).order_by(outbox_table.c.id))
        )


async def until(service: Service, state: str) -> None:
    async with asyncio.timeout(5):
        while state not in await states(service):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)


async def test_no_call_before_retry_after_while_other_chats_go_on(
    service: Service, emulator: EmulatorClient, person: Party, delivering: None
) -> None:
    other = emulator.new_person()
    emulator.send_text(other.chat_id, "hi")
    emulator.answer_status(429, retry_after=2, chat_id=person.chat_id)
    await queue(service, person.chat_id, say("one"), say("two"))
    await emulator.until(lambda: emulator.journal("sendMessage"))
    await queue(service, other.chat_id, say("three"))
    await emulator.arrived(other.chat_id)
    assert emulator.delivered(person.chat_id) == []
    await emulator.arrived(person.chat_id, 2)
    refused, first, _ = emulator.journal("sendMessage", person.chat_id)
    assert first.started - refused.finished >= 2
    assert [message.text for message in emulator.delivered(person.chat_id)] == ["one", "two"]


async def test_a_long_answer_of_many_bubbles_never_meets_a_429(
    service: Service, emulator: EmulatorClient, person: Party, delivering: None
) -> None:
    await queue(service, person.chat_id, *(say(str(number)) for number in range(7)))
    messages = await emulator.arrived(person.chat_id, 7)
    assert [message.text for message in messages] == [str(number) for number in range(7)]
    assert {call.status for call in emulator.journal("sendMessage")} == {200}


async def test_an_answer_in_doubt_is_not_doubled_and_the_person_is_told_once(
    service: Service, emulator: EmulatorClient, person: Party, delivering: None
) -> None:
    emulator.lose_answer(times=2, seconds=2)
    await queue(service, person.chat_id, say("the answer"))
    await emulator.arrived(person.chat_id, 2, seconds=15)
    # The notice was in doubt too, and gets no notice of its own.
    await asyncio.sleep(2)
    answer, notice = emulator.delivered(person.chat_id)
    assert answer.text == "the answer"
    default = service.settings.default_language
    assert notice.text == service.catalogues.say(default, PHRASES["in-doubt"])
    assert await states(service) == ["uncertain", "uncertain"]


async def test_a_stop_lets_the_message_under_way_arrive(
    service: Service, emulator: EmulatorClient, person: Party, sender: TelegramSender
) -> None:
    stopping = asyncio.Event()
    delivery = Delivery(service.engine, service.seal, service.settings.database_url, sender, tell_of_doubt(service))
    task = asyncio.create_task(delivery.run(stopping))
    emulator.slow_down(0.7)
    await queue(service, person.chat_id, say("one"), say("two"))
    await until(service, "sending")
    stopping.set()
    await asyncio.wait_for(task, 5)
    assert [message.text for message in emulator.delivered(person.chat_id)] == ["one"]
    assert await states(service) == ["sent", "queued"]
