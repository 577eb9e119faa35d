"""The rules of doubt: what was surely not sent goes again, what may have been sent does not, and people are told."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from bot.bootstrap import Service
from bot.hub.remarks import tell_of_doubt
from bot.i18n.phrases import PHRASES
from bot.model import Block, BlockKind, Purpose, Utterance
from bot.post import conversations, outbox
from bot.post.delivery import MOST_ATTEMPTS, RESEND_AFTER_SECONDS, Blocked, Delivery, InDoubt, NotSent, Rejected
from bot.storage.sealing import Seal
from bot.storage.tables import outbox as outbox_table


@dataclass(slots=True)
class Post:
    """A channel that does what a test tells it. `sent` is what arrived, by address."""

    name: str = "test"
    sent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    fails: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    pauses: dict[str, float] = field(default_factory=dict)
    before: Callable[[str], Awaitable[None]] | None = None

    def pause(self, address: str) -> float:
        return self.pauses.get(address, 0.0)

    async def send(self, address: str, utterance: Utterance) -> str:
        text = utterance.plain_text()
        if self.before is not None:
            await self.before(text)
        if self.fails[text]:
            raise self.fails[text].pop(0)
        self.sent[address].append(text)
        return f"reference-{text}"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def delivery(service: Service, post: Post) -> Delivery:
    url = service.settings.database_url
    return Delivery(service.engine, service.seal, url, post, tell_of_doubt(service))


async def queue(service: Service, address: str, *texts: str, purpose: Purpose = Purpose.ANSWER) -> UUID:
    said = [Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, text),), purpose=purpose) for text in texts]
    async with service.engine.begin() as db:
        conversation = await conversations.find_or_open(db, service.seal, "test", address)
        await conversations.remember(db, conversation, language="en")
        await outbox.put(db, service.seal, conversation, "test", said)
    return conversation


async def send_all(delivery: Delivery) -> None:
    async with asyncio.timeout(30):
        while await delivery.send_one():
            pass


async def states(service: Service) -> list[tuple[str, str]]:
    """Purpose and state of everything, in order."""
    async with service.engine.connect() as db:
        rows = await db.execute(select(outbox_table.c.purpose, outbox_table.c.state).order_by(outbox_table.c.id))
        return [(row.purpose, row.state) for row in rows]


async def due_in(service: Service) -> float:
    async with service.engine.connect() as db:
        left = await db.scalar(select(func.max(outbox_table.c.due_at) - func.now()))
    assert isinstance(left, timedelta)
    return left.total_seconds()


async def let_come_due(service: Service) -> None:
    async with service.engine.begin() as db:
        await db.execute(update(outbox_table).values(due_at=func.now()))


async def test_in_order_with_the_channels_reference(service: Service, delivery: Delivery, post: Post) -> None:
    await queue(service, "a", "1", "2", "3")
    await send_all(delivery)
    assert post.sent == {"a": ["1", "2", "3"]}
    async with service.engine.connect() as db:
        references = (await db.scalars(select(outbox_table.c.channel_reference).order_by(outbox_table.c.id))).all()
    assert references == ["reference-1", "reference-2", "reference-3"]


@pytest.mark.parametrize(("after", "seconds"), [(None, 1.0), (7.0, 7.0), (60.0, 60.0), (0.0, 0.0)])
async def test_what_was_surely_not_sent_goes_again_in_its_place(
    service: Service, delivery: Delivery, post: Post, after: float | None, seconds: float
) -> None:
    post.fails["1"] = [NotSent("refused", after)]
    await queue(service, "a", "1", "2")
    assert await delivery.send_one()
    assert await due_in(service) == pytest.approx(seconds, abs=0.9)
    await let_come_due(service)
    await send_all(delivery)
    assert post.sent["a"] == ["1", "2"]
    assert await states(service) == [("answer", "sent")] * 2


async def test_the_pauses_grow_to_a_minute_and_end_some_time(service: Service, delivery: Delivery, post: Post) -> None:
    post.fails["1"] = [NotSent("refused") for _ in range(MOST_ATTEMPTS)]
    await queue(service, "a", "1", "2")
    pauses = []
    for _ in range(8):
        await let_come_due(service)
        await delivery.send_one()
        pauses.append(round(await due_in(service)))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    async with service.engine.begin() as db:
        await db.execute(update(outbox_table).values(attempts=MOST_ATTEMPTS - 1))
    await let_come_due(service)
    await send_all(delivery)
    assert await states(service) == [("answer", "failed"), ("answer", "sent")]


async def test_while_one_conversation_waits_another_goes_on(service: Service, delivery: Delivery, post: Post) -> None:
    post.fails["a1"] = [NotSent("429", 60.0)]
    await queue(service, "a", "a1", "a2")
    await queue(service, "b", "b1", "b2")
    await send_all(delivery)
    assert post.sent == {"b": ["b1", "b2"]}


async def test_an_address_that_needs_a_pause_gets_it_and_nothing_is_counted(
    service: Service, delivery: Delivery, post: Post
) -> None:
    post.pauses["a"] = 5.0
    await queue(service, "a", "a1", "a2")
    await queue(service, "b", "b1")
    await send_all(delivery)
    assert post.sent == {"b": ["b1"]}
    post.pauses.clear()
    await let_come_due(service)
    await send_all(delivery)
    assert post.sent["a"] == ["a1", "a2"]
    async with service.engine.connect() as db:
        assert set(await db.scalars(select(outbox_table.c.attempts))) == {1}


async def test_an_answer_in_doubt_is_not_sent_again_and_the_person_is_told(
    service: Service, delivery: Delivery, post: Post
) -> None:
    post.fails["1"] = [InDoubt("time-out")]
    await queue(service, "a", "1", "2")
    await send_all(delivery)
    assert post.sent["a"] == ["2", PHRASES["in-doubt"]]
    assert await states(service) == [("answer", "uncertain"), ("answer", "sent"), ("notice", "sent")]


async def test_a_notice_in_doubt_is_told_by_nobody(service: Service, delivery: Delivery, post: Post) -> None:
    post.fails["1"] = [InDoubt("time-out")]
    await queue(service, "a", "1", purpose=Purpose.NOTICE)
    await send_all(delivery)
    assert await states(service) == [("notice", "uncertain")]
    assert post.sent == {}


async def test_a_persons_words_in_doubt_go_once_more_after_half_a_minute_before_anything_else(
    service: Service, delivery: Delivery, post: Post
) -> None:
    post.fails["1"] = [InDoubt("time-out")]
    await queue(service, "a", "1", purpose=Purpose.PERSON)
    await queue(service, "a", "2", purpose=Purpose.PERSON)
    await send_all(delivery)
    assert post.sent == {}, "the second must not overtake the first"
    assert await due_in(service) == pytest.approx(RESEND_AFTER_SECONDS, abs=1)
    await let_come_due(service)
    await send_all(delivery)
    assert post.sent["a"] == ["1", "2"]


async def test_a_persons_words_in_doubt_twice_are_left_and_told(
    service: Service, delivery: Delivery, post: Post
) -> None:
    post.fails["1"] = [InDoubt("time-out"), InDoubt("time-out"), InDoubt("time-out")]
    await queue(service, "a", "1", purpose=Purpose.PERSON)
    for _ in range(4):
        await send_all(delivery)
        await let_come_due(service)
    assert await states(service) == [("person", "uncertain"), ("notice", "sent")]
    assert len(post.fails["1"]) == 1, "sent a third time"


@pytest.mark.parametrize(("error", "state"), [(Blocked("403"), "blocked"), (Rejected("400"), "failed")])
async def test_what_can_never_arrive_ends_and_does_not_drop_what_follows(
    service: Service, delivery: Delivery, post: Post, error: Exception, state: str
) -> None:
    post.fails["2"] = [error]
    await queue(service, "a", "1", "2", "3")
    await send_all(delivery)
    assert post.sent["a"] == ["1", "3"]
    assert await states(service) == [("answer", "sent"), ("answer", state), ("answer", "sent")]


@pytest.mark.parametrize(
    ("purpose", "state", "told"),
    [(Purpose.ANSWER, "uncertain", 1), (Purpose.NOTICE, "uncertain", 0), (Purpose.PERSON, "queued", 0)],
)
async def test_what_a_dead_process_was_sending_is_in_doubt(
    service: Service, delivery: Delivery, post: Post, purpose: Purpose, state: str, told: int
) -> None:
    """A process that died after its first commit leaves a row in `sending` that nobody holds."""
    await queue(service, "a", "1", purpose=purpose)
    async with service.engine.begin() as db:
        parcel = await outbox.claim(db, service.seal, "test")
        assert parcel is not None
        await outbox.start(db, parcel.outbox_id)
    await delivery._settle_abandoned()
    assert [state for _, state in await states(service)] == ["sending"], "it may only just have begun"
    async with service.engine.begin() as db:
        await db.execute(update(outbox_table).values(sending_at=func.now() - timedelta(seconds=3)))
    await delivery._settle_abandoned()
    ended = await states(service)
    assert ended[0] == (purpose.value, state)
    assert len(ended) == 1 + told
    assert post.sent == {}


async def test_what_is_being_sent_slowly_is_nobodys_orphan(service: Service, delivery: Delivery, post: Post) -> None:
    going = asyncio.Event()
    go = asyncio.Event()

    async def before(_: str) -> None:
        going.set()
        await go.wait()

    post.before = before
    await queue(service, "a", "1")
    sending = asyncio.create_task(delivery.send_one())
    await going.wait()
    async with service.engine.begin() as db:
        rows = select(outbox_table.c.id).where(outbox_table.c.sending_at < func.now())
        assert len((await db.scalars(rows)).all()) == 1
    await asyncio.sleep(2.1)
    await delivery._settle_abandoned()
    go.set()
    await sending
    assert await states(service) == [("answer", "sent")]


async def test_what_was_taken_for_an_orphan_is_not_sent_after_all(
    service: Service, delivery: Delivery, post: Post
) -> None:
    """A process that stood still between its two transactions finds that others gave the row up."""
    await queue(service, "a", "1")
    async with service.engine.begin() as db:
        parcel = await outbox.claim(db, service.seal, "test")
        assert parcel is not None
        await outbox.start(db, parcel.outbox_id)
        await outbox.settle(db, parcel.outbox_id, "uncertain")
    async with service.engine.begin() as db:
        assert not await outbox.hold(db, parcel.outbox_id)
    await send_all(delivery)
    assert post.sent == {}


@pytest.fixture
async def two(service: Service, post: Post) -> list[Delivery]:
    url = service.settings.database_url
    return [Delivery(service.engine, service.seal, url, post, tell_of_doubt(service), senders=3) for _ in range(2)]


async def test_two_deliveries_at_once_send_everything_once_and_in_order(
    service: Service, two: list[Delivery], post: Post
) -> None:
    async def before(_: str) -> None:
        await asyncio.sleep(0.002)

    post.before = before
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for delivery in two:
            tasks.create_task(delivery.run(stopping))
        for number in range(12):
            for address in "abcdef":
                await queue(service, address, f"{address}{number}")
        async with asyncio.timeout(60):
            while True:
                if {state for _, state in await states(service)} == {"sent"}:
                    break
                await asyncio.sleep(0.05)
        stopping.set()
    assert post.sent == {address: [f"{address}{number}" for number in range(12)] for address in "abcdef"}


async def test_a_message_sealed_with_another_key_is_kept_and_holds_up_nobody(
    service: Service, delivery: Delivery, post: Post
) -> None:
    lost = Service(service.settings, service.engine, Seal(b"x" * 32), service.library, service.catalogues)
    await queue(lost, "a", "lost")
    await queue(service, "b", "found")
    await delivery.send_one()
    await send_all(delivery)
    assert post.sent == {"b": ["found"]}
    assert await states(service) == [("answer", "queued"), ("answer", "sent")]


async def test_stopping_settles_what_is_being_sent(service: Service, delivery: Delivery, post: Post) -> None:
    going = asyncio.Event()

    async def before(_: str) -> None:
        going.set()
        await asyncio.sleep(0.3)

    post.before = before
    stopping = asyncio.Event()
    running = asyncio.create_task(delivery.run(stopping))
    await queue(service, "a", "1")
    await going.wait()
    stopping.set()
    async with asyncio.timeout(10):
        await running
    assert await states(service) == [("answer", "sent")]
