"""Many workers, many conversations: each message is answered exactly once, in its order, by one turn at a time."""

import asyncio
import random
from collections import defaultdict

from sqlalchemy import func, select

from bot.hub.turn import Hub
from bot.model import Kind, Message
from bot.post import inbox
from bot.storage.tables import inbox as inbox_table
from bot.storage.tables import outbox as outbox_table
from tests.assistant.rest_channel import Asked, RestChannel, keys, slow
from tests.hub.conversation import Person

CONVERSATIONS, MESSAGES, WORKERS = 20, 300, 4


async def test_three_hundred_messages_in_twenty_conversations_with_four_workers(hub: Hub, rasa: RestChannel) -> None:
    chance = random.Random(20_261_123)
    rasa.act = slow(0.002, keys("topic:education"))
    people = [Person(hub) for _ in range(CONVERSATIONS)]
    sent: dict[str, list[str]] = defaultdict(list)
    done = asyncio.Event()

    async def send() -> None:
        for number in range(MESSAGES):
            person = chance.choice(people)
            # Telegram may deliver an update three times.
            copies = [Message("test", person.address, f"m{number}", Kind.TEXT, f"question {number}")] * chance.choice(
                [1, 1, 3]
            )
            async with hub.service.engine.begin() as db:
                await inbox.receive(db, hub.service.seal, copies)
            sent[person.address].append(f"question {number}")
        async with asyncio.timeout(120):
            while True:
                async with hub.service.engine.connect() as db:
                    if not await db.scalar(select(func.count()).where(inbox_table.c.state == "received")):
                        break
                await asyncio.sleep(0.05)
        done.set()

    async def work() -> None:
        while not done.is_set():
            if not await hub.take_turn():
                await asyncio.sleep(0.002)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(WORKERS):
            tasks.create_task(work())
        tasks.create_task(send())

    asked: dict[str, list[str]] = defaultdict(list)
    for question in rasa.asked:
        asked[question.sender].append(question.message)
    for person in people:
        conversation = await person.conversation()
        assert asked[conversation.hex] == sent[person.address], "lost, doubled or out of order in Rasa"
        async with hub.service.engine.connect() as db:
            answered = (
                await db.scalars(
                    select(outbox_table.c.inbox_id)
                    .where(outbox_table.c.conversation_id == conversation)
                    .order_by(outbox_table.c.id)
                )
            ).all()
            received = (
                await db.scalars(
                    select(inbox_table.c.id)
                    .where(inbox_table.c.conversation_id == conversation)
                    .order_by(inbox_table.c.id)
                )
            ).all()
        assert answered == received, "the answers do not stand in the order of the questions"
    assert sum(len(texts) for texts in sent.values()) == len(rasa.asked) == MESSAGES


async def test_the_double_notices_two_turns_of_one_conversation_at_once() -> None:
    """The check above can fail: Rasa's stand-in complains about what the workers must never do."""
    channel = RestChannel("", slow(0.05, keys("menu")))

    class Nowhere(asyncio.StreamWriter):
        def __init__(self) -> None:
            pass

        def write(self, data: object) -> None:
            assert data

        async def drain(self) -> None:
            await asyncio.sleep(0)

        def __del__(self, *_: object) -> None:
            pass

    question = Asked("one", "x")
    await asyncio.gather(channel._answer(question, Nowhere()), channel._answer(question, Nowhere()))
    assert channel.complaints == ["two questions of one conversation at once"]
