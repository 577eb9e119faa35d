"""How updates reach the bot: long polls, confirmation, disturbances, and the webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiogram
import httpx2
import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict

from tests.emulator import ControlError, EmulatorClient, Party


def ids(updates: Iterable[telegram.Update]) -> list[int]:
    """The ids in the order of arrival."""
    return [update.update_id for update in updates]


async def test_updates_are_offered_until_confirmed(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    sent = [emulator.send_text(person.chat_id, text).update_id for text in ("1", "2", "3")]
    assert sent == [sent[0], sent[0] + 1, sent[0] + 2]
    assert ids(await ptb.get_updates()) == sent
    assert ids(await ptb.get_updates(limit=2)) == sent[:2]
    assert ids(await ptb.get_updates(offset=sent[1])) == sent[1:]
    assert ids(await ptb.get_updates(offset=-1)) == sent[2:]
    assert ids(await ptb.get_updates()) == sent[2:]
    assert ids(await ptb.get_updates(offset=sent[2] + 1)) == []
    states = [(update.state, len(update.handed), update.confirmed is not None) for update in emulator.updates()]
    assert states == [("confirmed", 2, True), ("confirmed", 3, True), ("confirmed", 4, True)]


async def test_a_long_poll_ends_when_something_arrives(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    poll = asyncio.create_task(ptb.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert not poll.done()
    sent = await asyncio.to_thread(emulator.send_text, person.chat_id, "x")
    assert ids(await asyncio.wait_for(poll, 5)) == [sent.update_id]


async def test_a_second_poller_ends_the_first(emulator: EmulatorClient, ptb: telegram.Bot, aio: aiogram.Bot) -> None:
    first = asyncio.create_task(ptb.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert await aio.get_updates(timeout=0) == []
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 5)


async def test_a_webhook_and_polls_exclude_each_other(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    poll = asyncio.create_task(ptb.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await ptb.set_webhook("http://127.0.0.1:9/none")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await asyncio.wait_for(poll, 5)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await ptb.get_updates()
    await ptb.delete_webhook()
    assert await ptb.get_updates() == ()


async def test_only_kinds_that_were_asked_for(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    await ptb.get_updates(allowed_updates=["message"])
    message = emulator.send_text(person.chat_id, "x")
    emulator.block(person.chat_id)
    assert ids(await ptb.get_updates()) == [message.update_id]
    await ptb.get_updates(offset=message.update_id + 1, allowed_updates=[])
    emulator.unblock(person.chat_id)
    [update] = await ptb.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.old_chat_member.status == "kicked"


async def test_updates_are_kept_for_a_day(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    emulator.send_text(person.chat_id, "old")
    emulator.advance(2 * 3600)
    kept = emulator.send_text(person.chat_id, "young").update_id
    emulator.advance(23 * 3600)
    assert ids(await ptb.get_updates()) == [kept]
    assert [update.state for update in emulator.updates()] == ["expired", "pending"]


async def test_repetitions_come_even_after_confirmation(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    sent = emulator.send_text(person.chat_id, "first").update_id
    await ptb.get_updates()
    await ptb.get_updates(offset=sent + 1)
    body = dict(emulator.updates()[0].body["message"])
    emulator.repeat_update(sent, times=2)
    emulator.repeat_update(sent, content={"message": body | {"text": "changed"}})
    again = await ptb.get_updates(offset=sent + 1)
    assert ids(again) == [sent] * 3
    assert [update.message.text for update in again if update.message] == ["first", "first", "changed"]
    assert ids(await ptb.get_updates(offset=sent + 1)) == []


async def test_updates_out_of_order(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    emulator.hold_updates()
    sent = [emulator.send_text(person.chat_id, text).update_id for text in ("1", "2", "3")]
    assert await ptb.get_updates() == ()
    assert emulator.release_updates(backwards=True) == sent[::-1]
    assert ids(await ptb.get_updates()) == sent[::-1]


async def test_ids_that_restart_lower(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    """An offset from before the restart is not believed: it confirms nothing and hides nothing."""
    person = emulator.new_person()
    old = emulator.send_text(person.chat_id, "x").update_id
    with pytest.raises(ControlError, match="nothing is pending"):
        emulator.restart_update_ids(1000)
    assert ids(await ptb.get_updates(offset=old + 1)) == []
    emulator.advance(8 * 24 * 3600)
    emulator.restart_update_ids(1000)
    new = emulator.send_text(person.chat_id, "y").update_id
    assert new == 1000
    assert ids(await ptb.get_updates(offset=old + 1)) == [new]
    assert ids(await ptb.get_updates(offset=old + 1)) == [new]
    assert ids(await ptb.get_updates(offset=new + 1)) == []


async def test_anything_can_be_sent_to_the_bot(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    emulator.send_raw({"message": {"message_id": 1, "text": "x" * 1_000_000}})
    emulator.send_raw({"brand_new_kind": {"id": 1}})
    answer = httpx2.get(f"{emulator.url}/bot{emulator.token}/getUpdates").json()
    assert [list(update)[1] for update in answer["result"]] == ["message", "brand_new_kind"]


class Receiver:
    """A bot's webhook that notes what comes and answers what it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.running = 0
        self.most_running = 0
        self.seconds = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        """Take one update."""
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await asyncio.sleep(self.seconds)
        self.running -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


def all_confirmed(emulator: EmulatorClient, count: int) -> Callable[[], bool]:
    """A condition: `count` updates exist and the bot has taken them all."""
    return lambda: [update.state for update in emulator.updates()] == ["confirmed"] * count


async def test_a_webhook_gets_the_secret_and_retries(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    person = emulator.new_person()
    first = emulator.send_text(person.chat_id, "1").update_id
    async with receiving() as receiver:
        receiver.statuses = [500, 403]
        await ptb.set_webhook(receiver.url, secret_token="s3cret_-")
        second = (await asyncio.to_thread(emulator.send_text, person.chat_id, "2")).update_id
        await emulator.until(all_confirmed(emulator, 2))
        assert [body["update_id"] for body in receiver.bodies] == [first, first, first, second]
        assert receiver.secrets == ["s3cret_-"] * 4
        info = await ptb.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"
        assert (info.url, info.pending_update_count) == (receiver.url, 0)
        await ptb.delete_webhook()
        emulator.send_text(person.chat_id, "3")
        assert len(await ptb.get_updates()) == 1
        assert len(receiver.bodies) == 4


async def test_a_webhook_gets_one_chat_in_order_and_many_at_once(emulator: EmulatorClient, ptb: telegram.Bot) -> None:
    people = [emulator.new_person() for _ in range(3)]
    sent = [(person.chat_id, emulator.send_text(person.chat_id, str(turn))) for turn in range(4) for person in people]
    async with receiving() as receiver:
        receiver.seconds = 0.02
        await ptb.set_webhook(receiver.url, max_connections=2)
        await emulator.until(all_confirmed(emulator, 12))
        for person in people:
            came = [body["update_id"] for body in receiver.bodies if body["message"]["chat"]["id"] == person.chat_id]
            assert came == [update.update_id for chat_id, update in sent if chat_id == person.chat_id]
        assert receiver.most_running == 2
        assert receiver.secrets == [None] * 12


async def test_a_webhook_that_nobody_answers_keeps_updates(
    emulator: EmulatorClient, person: Party, ptb: telegram.Bot
) -> None:
    await ptb.set_webhook("http://127.0.0.1:9/none", drop_pending_updates=True)
    emulator.send_text(person.chat_id, "x")
    await emulator.until(lambda: [len(update.handed) > 1 for update in emulator.updates()] == [False, True])
    info = await ptb.get_webhook_info()
    assert info.pending_update_count == 1
    assert info.last_error_message == "Connection refused"
    assert [update.state for update in emulator.updates()] == ["dropped", "pending"]


async def test_webhooks_that_cannot_be(ptb: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="ecret token contains unallowed characters"):
        await ptb.set_webhook("http://127.0.0.1/x", secret_token="şifre")
    with pytest.raises(BadRequest, match=r"(?i)invalid webhook URL"):
        await ptb.set_webhook("gopher://x")
