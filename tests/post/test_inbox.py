"""The inbox: nothing acknowledged is lost, nothing is taken twice, order is kept."""

import asyncio

from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.model import Kind, Message
from bot.post import inbox
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import inbox as inbox_table


def message(number: int, address: str = "a", kind: Kind = Kind.TEXT) -> Message:
    return Message("test", address, f"{address}:{number}", kind, f"text {number}")


async def test_the_same_message_delivered_three_times_is_one_row(service: Service) -> None:
    for _ in range(3):
        async with service.engine.begin() as db:
            receipts = await inbox.receive(db, service.seal, [message(1)])
    assert receipts[0].inbox_id is None
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(inbox_table)) == 1


async def test_what_is_not_committed_is_not_there(service: Service) -> None:
    async with service.engine.connect() as db:
        await inbox.receive(db, service.seal, [message(1)])
        await db.rollback()
    async with service.engine.begin() as db:
        assert await inbox.claim(db, service.seal) is None


async def test_one_message_of_a_conversation_at_a_time_whoever_asks(service: Service) -> None:
    async with service.engine.begin() as db:
        await inbox.receive(db, service.seal, [message(1), message(2), message(1, "b")])
    async with service.engine.begin() as first, service.engine.begin() as second, service.engine.begin() as third:
        one = await inbox.claim(first, service.seal)
        other = await inbox.claim(second, service.seal)
        assert one is not None
        assert other is not None
        assert (one.text, other.conversation_id != one.conversation_id) == ("text 1", True)
        assert await inbox.claim(third, service.seal) is None


async def test_a_worker_that_dies_lets_go_at_once(service: Service) -> None:
    async with service.engine.begin() as db:
        await inbox.receive(db, service.seal, [message(1)])
    dying = await service.engine.connect()
    assert await inbox.claim(dying, service.seal) is not None
    await dying.invalidate()
    await dying.close()
    async with asyncio.timeout(5):
        while True:
            async with service.engine.begin() as db:
                if (again := await inbox.claim(db, service.seal)) is not None:
                    break
            await asyncio.sleep(0.05)
    assert again.text == "text 1"


async def test_a_button_passes_a_question_that_waits_for_rasa_but_not_a_fresh_one(service: Service) -> None:
    async with service.engine.begin() as db:
        receipts = await inbox.receive(db, service.seal, [message(1), message(2, kind=Kind.CHOICE)])
    async with service.engine.begin() as db:
        waiting = await inbox.claim(db, service.seal)
        assert waiting is not None
        assert waiting.inbox_id == receipts[0].inbox_id
        await inbox.postpone(db, waiting.inbox_id, 60)
    async with service.engine.begin() as db:
        waiting = await inbox.claim(db, service.seal)
        assert waiting is not None
        assert waiting.kind is Kind.CHOICE


async def test_a_dump_shows_no_word_of_what_people_write(service: Service) -> None:
    async with service.engine.begin() as db:
        await inbox.receive(db, service.seal, [Message("test", "address-canary", "1", Kind.TEXT, "word-canary")])
    async with service.engine.connect() as db:
        for table in (conversations_table, inbox_table):
            rows = (await db.execute(select(table))).all()
            assert rows
            assert b"canary" not in b"".join(bytes(value) for row in rows for value in row if isinstance(value, bytes))
            assert "canary" not in str(rows)
