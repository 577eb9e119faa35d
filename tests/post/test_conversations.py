"""Conversations: one for an address, however many messages come first, and gone without a trace."""

import asyncio

from sqlalchemy import func, select

from bot.bootstrap import Service
from bot.model import Kind, Message
from bot.post import conversations, inbox
from bot.storage.tables import conversations as conversations_table
from bot.storage.tables import inbox as inbox_table


async def test_first_messages_at_once_open_one_conversation(service: Service) -> None:
    async def receive(number: int) -> object:
        async with service.engine.begin() as db:
            message = Message("test", "a", str(number), Kind.TEXT, "x")
            return (await inbox.receive(db, service.seal, [message]))[0].conversation_id

    assert len(set(await asyncio.gather(*(receive(number) for number in range(10))))) == 1
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(conversations_table)) == 1


async def test_the_same_address_on_two_channels_is_two_conversations(service: Service) -> None:
    async with service.engine.begin() as db:
        one = await conversations.find_or_open(db, service.seal, "telegram", "7")
        other = await conversations.find_or_open(db, service.seal, "kiosk", "7")
    assert one != other


async def test_what_is_remembered_is_read_back(service: Service) -> None:
    async with service.engine.begin() as db:
        number = await conversations.find_or_open(db, service.seal, "test", "a")
        await conversations.remember(
            db, number, language="fa", language_chosen=True, last_keys=["topic:education"], misunderstood=2
        )
        talk = await conversations.load(db, service.seal, number)
    assert (talk.address, talk.language, talk.language_chosen) == ("a", "fa", True)
    assert (talk.last_keys, talk.misunderstood) == (("topic:education",), 2)


async def test_a_visit_that_ends_while_a_message_comes_in_loses_neither(service: Service) -> None:
    """The message waits for the erasure, or the erasure for the message; a row without a conversation cannot be."""
    for number in range(20):
        async with service.engine.begin() as db:
            old = await conversations.find_or_open(db, service.seal, "test", "a")

        async def erase(old: object = old) -> None:
            async with service.engine.begin() as db:
                await conversations.erase(db, old)  # type: ignore[arg-type]

        async def receive(number: int = number) -> None:
            async with service.engine.begin() as db:
                await inbox.receive(db, service.seal, [Message("test", "a", f"m{number}", Kind.TEXT, "x")])

        await asyncio.gather(erase(), receive())
    async with service.engine.connect() as db:
        rows = select(func.count()).select_from(inbox_table)
        assert await db.scalar(rows.where(inbox_table.c.conversation_id.not_in(select(conversations_table.c.id)))) == 0
