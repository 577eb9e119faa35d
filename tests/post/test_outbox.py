"""The outbox: order, tokens, and reading back without a gap."""

import asyncio

import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.model import Block, BlockKind, Button, Kind, Message, Purpose, Utterance
from bot.post import conversations, inbox, outbox
from bot.storage.tables import outbox as outbox_table


def say(text: str, *buttons: Button, purpose: Purpose = Purpose.ANSWER) -> Utterance:
    return Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, text),), buttons, purpose)


async def test_a_later_id_is_never_visible_before_an_earlier_one(service: Service) -> None:
    """Whoever reads "everything after id n" would otherwise never see what was committed late."""
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "test", "a")
    async with service.engine.begin() as slow:
        (first,) = await outbox.put(slow, service.seal, conversation, "test", [say("first")])

        async def second() -> int:
            async with service.engine.begin() as db:
                (number,) = await outbox.put(db, service.seal, conversation, "test", [say("second")])
            return number

        later = asyncio.create_task(second())
        await asyncio.sleep(0.2)
        async with service.engine.connect() as reader:
            assert await outbox.since(reader, service.seal, conversation, 0) == []
        assert not later.done()
    assert first < await later


async def test_conversations_do_not_wait_for_each_other(service: Service) -> None:
    async with service.engine.begin() as db:
        one = await conversations.find_or_open(db, service.seal, "test", "a")
        other = await conversations.find_or_open(db, service.seal, "test", "b")
    async with service.engine.begin() as slow, asyncio.timeout(5):
        await outbox.put(slow, service.seal, one, "test", [say("first")])
        async with service.engine.begin() as db:
            await outbox.put(db, service.seal, other, "test", [say("second")])
        async with service.engine.connect() as reader:
            assert len(await outbox.since(reader, service.seal, other, 0)) == 1


async def test_tokens_are_opaque_short_and_stay_the_same_for_a_choice(service: Service) -> None:
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "test", "a")
        stranger = await conversations.find_or_open(db, service.seal, "test", "b")
        buttons = (Button("A", key="topic:education"), Button("B", key="menu"), Button("B again", key="menu"))
        link = Button("L", link="/check")
        offered = await outbox.offer(db, conversation, (*buttons, link))
        again = await outbox.offer(db, conversation, buttons)
        others = await outbox.offer(db, stranger, buttons)
        tokens = [button.token for button in offered[:3]]
        assert tokens[1] == tokens[2] != tokens[0]
        assert [button.token for button in again] == tokens
        assert not set(tokens) & {button.token for button in others}
        assert offered[3] == link
        for button, key in zip(offered[:3], ("topic:education", "menu", "menu"), strict=True):
            assert button.key == ""
            assert len(button.token.encode()) <= 64
            assert await outbox.meaning(db, conversation, button.token) == key
            assert await outbox.meaning(db, stranger, button.token) is None
    assert "education" not in "".join(tokens)


async def test_what_is_stored_holds_no_key(service: Service) -> None:
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "test", "a")
        await outbox.put(db, service.seal, conversation, "test", [say("x", Button("A", key="topic:education"))])
        sealed = await db.scalar(select(outbox_table.c.sealed_payload))
    assert sealed is not None
    assert "topic:education" not in str(service.seal.open(sealed))


async def test_a_notice_is_said_once_for_a_message(service: Service) -> None:
    async with service.engine.begin() as db:
        (receipt,) = await inbox.receive(db, service.seal, [Message("test", "a", "1", Kind.TEXT, "x")])
        notice = say("please wait", purpose=Purpose.NOTICE)
        numbers = [
            await outbox.put(db, service.seal, receipt.conversation_id, "test", [notice], receipt.inbox_id)
            for _ in range(3)
        ]
    assert [len(n) for n in numbers] == [1, 0, 0]


@pytest.mark.parametrize("last", [0, 1, 2, 5])
async def test_reading_goes_on_after_an_id(service: Service, last: int) -> None:
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "test", "a")
        numbers = await outbox.put(db, service.seal, conversation, "test", [say(str(n)) for n in range(5)])
        seen = ([0, *numbers])[last]
        read = await outbox.since(db, service.seal, conversation, seen)
    assert [utterance.plain_text() for _, utterance in read] == [str(n) for n in range(last, 5)]


async def test_what_was_shown_is_not_waiting_any_more(service: Service) -> None:
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "kiosk", "a")
        numbers = await outbox.put(db, service.seal, conversation, "kiosk", [say(str(n)) for n in range(3)])
        await outbox.mark_shown(db, conversation, numbers[1])
        states = (await db.scalars(select(outbox_table.c.state).order_by(outbox_table.c.id))).all()
    assert states == ["sent", "sent", "queued"]
