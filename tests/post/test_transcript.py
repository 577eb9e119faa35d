"""A conversation read back stands in the order in which it happened."""

from sqlalchemy import func, update

from bot.bootstrap import Service
from bot.model import Block, BlockKind, Kind, Message, Utterance
from bot.post import inbox, outbox
from bot.post.transcript import Heard, Said, newest, transcript
from bot.storage.tables import inbox as inbox_table


async def test_questions_and_answers_in_turn(service: Service) -> None:
    answer = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "answer"),))
    async with service.engine.begin() as db:
        (first,) = await inbox.receive(db, service.seal, [Message("test", "a", "1", Kind.TEXT, "one")])
        assert first.inbox_id is not None
        await outbox.put(db, service.seal, first.conversation_id, "test", [answer], first.inbox_id)
        await inbox.close(db, first.inbox_id, "answered")
    async with service.engine.begin() as db:
        (second,) = await inbox.receive(db, service.seal, [Message("test", "a", "2", Kind.TEXT, "two")])
        (number,) = await outbox.put(db, service.seal, first.conversation_id, "test", [answer])
    async with service.engine.begin() as db:
        lines = await transcript(db, service.seal, first.conversation_id)
        assert [line.text if isinstance(line, Heard) else "answer" for line in lines] == [
            "one",
            "answer",
            "two",
            "answer",
        ]
        assert [line.waiting for line in lines if isinstance(line, Heard)] == [False, True]
        assert await newest(db, [first.conversation_id]) == {first.conversation_id: number}
        await db.execute(update(inbox_table).where(inbox_table.c.id == second.inbox_id).values(sealed_payload=None))
        lines = await transcript(db, service.seal, first.conversation_id)
        assert [type(line) for line in lines] == [Heard, Said, Said], "erased words are left out"


async def test_an_answer_stands_below_its_question_whatever_the_clocks_say(service: Service) -> None:
    """A turn's transaction may have begun a moment before the message arrived that it answers."""
    answer = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "answer"),))
    async with service.engine.begin() as db:
        (receipt,) = await inbox.receive(db, service.seal, [Message("test", "a", "1", Kind.TEXT, "one")])
        await outbox.put(db, service.seal, receipt.conversation_id, "test", [answer], receipt.inbox_id)
        await db.execute(update(inbox_table).values(received_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, 5)))
        assert [type(line) for line in await transcript(db, service.seal, receipt.conversation_id)] == [Heard, Said]
