"""Troubles on demand, flood limits, and the emulator as a process of its own."""

import asyncio
import contextlib
import time
from datetime import timedelta

import aiogram
import pytest
import telegram
from aiogram.exceptions import TelegramServerError
from telegram.error import NetworkError, RetryAfter, TimedOut

from tests.emulator import EmulatorClient, Party, spawned_emulator


async def test_statuses_do_nothing(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    emulator.answer_status(429, retry_after=5)
    with pytest.raises(RetryAfter) as flood:
        await ptb.send_message(person.chat_id, "x")
    assert flood.value.retry_after == timedelta(seconds=5)
    for status, words in ((500, "Internal Server Error"), (502, "Bad Gateway")):
        emulator.answer_status(status, times=2)
        for _ in range(2):
            with pytest.raises(NetworkError, match=words):
                await ptb.send_message(person.chat_id, "x")
    assert emulator.delivered(person.chat_id) == []
    assert await ptb.send_message(person.chat_id, "x")
    calls = emulator.journal("sendMessage")
    assert [call.status for call in calls] == [429, 500, 500, 502, 502, 200]
    assert [call.fault for call in calls][:2] == ["status 429", "status 500"]
    assert all(call.answered for call in calls)


async def test_aiogram_sees_the_same_statuses(emulator: EmulatorClient, person: Party, aio: aiogram.Bot) -> None:
    emulator.answer_status(500, method="*")
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await aio.send_message(person.chat_id, "x")


async def test_a_reset_does_nothing(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    emulator.reset_connection()
    with pytest.raises(NetworkError) as reset:
        await ptb.send_message(person.chat_id, "x")
    assert not isinstance(reset.value, TimedOut)
    assert emulator.delivered(person.chat_id) == []
    [call] = emulator.journal("sendMessage")
    assert (call.fault, call.answered, call.ok) == ("reset", False, False)


async def test_an_answer_can_be_lost_after_delivery(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    emulator.lose_answer()
    with pytest.raises(TimedOut):
        await ptb.send_message(person.chat_id, "x", read_timeout=0.3)
    assert [message.text for message in emulator.delivered(person.chat_id)] == ["x"]
    [call] = emulator.journal("sendMessage")
    assert (call.fault, call.answered, call.ok) == ("deaf", False, True)
    assert call.result["text"] == "x"


async def test_a_slow_answer_comes(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    emulator.slow_down(0.3)
    started = time.monotonic()
    assert await ptb.send_message(person.chat_id, "x")
    assert time.monotonic() - started >= 0.3


async def test_a_slow_call_works_though_the_caller_has_left(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot
) -> None:
    emulator.slow_down(0.4)
    with pytest.raises(TimedOut):
        await ptb.send_message(person.chat_id, "x", read_timeout=0.1)
    assert emulator.delivered(person.chat_id) == []
    assert len(await emulator.arrived(person.chat_id)) == 1


async def test_troubles_of_one_chat_or_method(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    other = emulator.new_person()
    emulator.send_text(other.chat_id, "x")
    emulator.answer_status(500, chat_id=person.chat_id, times=9)
    assert await ptb.send_message(other.chat_id, "x")
    assert await ptb.send_chat_action(person.chat_id, "typing")
    with pytest.raises(NetworkError):
        await ptb.send_message(person.chat_id, "x")
    emulator.clear_faults()
    assert await ptb.send_message(person.chat_id, "x")


async def test_one_chat_takes_a_burst_then_one_a_second(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot
) -> None:
    for _ in range(5):
        await ptb.send_message(person.chat_id, "x")
    with pytest.raises(RetryAfter):
        await ptb.send_message(person.chat_id, "x")
    assert emulator.journal("sendMessage")[-1].status == 429
    emulator.advance(1)
    assert await ptb.send_message(person.chat_id, "x")
    with pytest.raises(RetryAfter):
        await ptb.send_message(person.chat_id, "x")
    emulator.limits(on=False)
    for _ in range(10):
        assert await ptb.send_message(person.chat_id, "x")
    assert len(emulator.delivered(person.chat_id)) == 16


async def test_all_chats_together_take_thirty_a_second(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    people = [emulator.new_person() for _ in range(40)]
    for person in people:
        emulator.send_text(person.chat_id, "x")
    answers = await asyncio.gather(
        *(ptb.send_message(person.chat_id, "x") for person in people), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, RetryAfter)]
    spent = emulator.journal("sendMessage")[-1].finished - emulator.journal("sendMessage")[0].started
    assert 40 - 30 - 30 * spent - 1 <= len(refused) <= 10
    assert len(refused) + sum(isinstance(answer, telegram.Message) for answer in answers) == 40


async def test_a_group_takes_twenty_a_minute(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    group = emulator.new_group(person.user_id)
    for _ in range(60):
        with contextlib.suppress(RetryAfter):
            await ptb.send_message(group.chat_id, "x")
        emulator.advance(1)
    assert 38 <= len(emulator.delivered(group.chat_id)) <= 41


async def test_waiting_for_an_answer(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    waiting = asyncio.create_task(emulator.arrived(person.chat_id, count=2))
    await ptb.send_message(person.chat_id, "1")
    assert not waiting.done()
    await ptb.send_message(person.chat_id, "2")
    assert [message.text for message in await waiting] == ["1", "2"]
    with pytest.raises(TimeoutError):
        await emulator.arrived(person.chat_id, count=3, seconds=0.1)


def test_waiting_costs_nothing(emulator: EmulatorClient) -> None:
    """The condition is asked again after a change only, not all the time."""
    asked: list[int] = []
    with pytest.raises(TimeoutError):
        emulator.wait_until(lambda: asked.append(len(emulator.journal())), seconds=0.3)
    assert 1 <= len(asked) <= 3


async def test_the_journal_tells_when(emulator: EmulatorClient, person: Party, ptb: telegram.Bot) -> None:
    before = time.monotonic()
    await ptb.send_message(person.chat_id, "x")
    [call] = emulator.journal("sendMessage", chat_id=person.chat_id)
    [message] = emulator.delivered(person.chat_id)
    assert before <= call.started <= message.arrived <= call.finished <= time.monotonic()
    assert [entry.seq for entry in emulator.journal()] == list(range(1, len(emulator.journal()) + 1))
    assert emulator.journal(after=call.seq - 1) == [call]
    assert emulator.token not in str(emulator.journal())


async def test_a_process_of_its_own() -> None:
    with spawned_emulator(token="42:process") as emulator:
        person = emulator.new_person()
        emulator.send_text(person.chat_id, "x")
        async with telegram.Bot("42:process", base_url=emulator.base_url) as bot:
            assert bot.id == 42
            assert len(await bot.get_updates()) == 1
            await bot.send_message(person.chat_id, "y")
        assert [message.text for message in emulator.delivered(person.chat_id)] == ["y"]
