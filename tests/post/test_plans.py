"""The way of a message costs the same with 5,000 stored conversations as with none: every look-up has its index."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.bootstrap import Service
from bot.cases.opening import open_case_of
from bot.hub.patience import say_please_wait
from bot.model import Block, BlockKind, Button, Kind, Message, Utterance
from bot.post import conversations, inbox, outbox, taking_back

MOST_BLOCKS = 80
"""Of 8 kB, read by one statement. The filled tables have thousands."""

LARGE = {"conversations", "inbox", "outbox", "cases", "choices", "turns", "case_entries"}

ONLY_WHAT_WAITS = {
    "ix_inbox_waiting",
    "ix_inbox_to_take_back",
    "ix_outbox_open",
    "ix_outbox_private",
    "uq_outbox_notice",
}
"""Indexes that hold open rows or notices only: reading them through costs what is open, not what is stored."""

FILL = """
INSERT INTO conversations (id, channel, address_hash, sealed_address)
  SELECT gen_random_uuid(), 'test', sha256(n::text::bytea), '\\x00' FROM generate_series(1, 5000) n;
INSERT INTO inbox (conversation_id, channel, channel_message_id, kind, sealed_payload, state, closed_at)
  SELECT id, 'test', id || ':' || n, 'text', '\\x00', 'answered', now() FROM conversations, generate_series(1, 8) n;
INSERT INTO outbox (conversation_id, inbox_id, channel, purpose, sealed_payload, state, closed_at)
  SELECT conversation_id, id, 'test', 'answer', '\\x00', 'sent', now() FROM inbox;
INSERT INTO turns (inbox_id, conversation_id, language, milliseconds) SELECT id, conversation_id, 'en', 1 FROM inbox;
INSERT INTO choices (token, conversation_id, key)
  SELECT id || ':' || n, id, 'topic:' || n FROM conversations, generate_series(1, 10) n;
INSERT INTO cases (id, conversation_id, language, closed_at)
  SELECT gen_random_uuid(), id, 'en', CASE WHEN random() < 0.9 THEN now() END FROM conversations;
INSERT INTO case_entries (case_id, kind, author, audience, outbox_id)
  SELECT c.id, 'message', 'interpreter', '{applicant}', o.id
    FROM cases c JOIN outbox o USING (conversation_id) WHERE o.id % 4 = 0;
"""


@pytest.fixture
async def full(service: Service) -> Service:
    """A service in which 5,000 conversations are stored."""
    async with service.engine.begin() as db:
        for statement in FILL.split(";\n"):
            if statement.strip():
                await db.execute(text(statement))
    async with service.engine.connect() as db:
        await (await db.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    return service


@asynccontextmanager
async def watched(target: AsyncConnection | AsyncEngine) -> AsyncIterator[list[tuple[str, Any]]]:
    """The statements that are executed on this connection or engine, as the driver gets them."""
    sync = target.sync_connection if isinstance(target, AsyncConnection) else target.sync_engine
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(sync, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(sync, "before_cursor_execute", note)


async def check(db: AsyncConnection, statements: list[tuple[str, Any]]) -> None:
    assert statements
    for statement, parameters in statements:
        if not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) or "advisory" in statement[:60]:
            continue
        plan = (
            await db.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        ).scalar_one()
        by_index(plan[0]["Plan"], statement)
        blocks = plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
        assert blocks <= MOST_BLOCKS, f"{blocks} blocks read by\n{statement}"
        # A statement that is executed often is planned once for all parameters.
        generic = (
            await db.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered(statement, parameters)}")
        ).scalar_one()
        by_index(generic[0]["Plan"], statement)


def numbered(statement: str, parameters: dict[str, object]) -> str:
    """The statement with its parameters as the server knows them: $1, $2 …"""
    for number, (name, value) in enumerate(parameters.items(), start=1):
        cast = "::interval" if isinstance(value, timedelta) else ""
        statement = statement.replace(f"%({name})s", f"${number}{cast}")
    return statement


def by_index(plan: dict[str, Any], statement: str) -> None:
    for node in nodes(plan):
        kind, table, index = node["Node Type"], node.get("Relation Name"), node.get("Index Name")
        through_all = "Index" in kind and table in LARGE and "Index Cond" not in node and index not in ONLY_WHAT_WAITS
        assert kind != "Seq Scan" or table not in LARGE, f"{table} is read from end to end by\n{statement}"
        assert not through_all, f"{index} is read from end to end by\n{statement}"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def message(number: int) -> Message:
    return Message("test", f"new-{number % 3}", f"new-{number}", Kind.TEXT, "words")


async def test_arriving(full: Service) -> None:
    async with full.engine.connect() as db:
        async with watched(db) as statements:
            await inbox.receive(db, full.seal, [message(1)])
        await db.rollback()
        await check(db, [s for s in statements if "INSERT INTO inbox" not in s[0]])
        await db.rollback()
        async with watched(db) as again:
            await inbox.receive(db, full.seal, [message(1)])
            await conversations.find_or_open(db, full.seal, "test", "new-1")
        await check(db, again[-1:])


async def test_being_claimed_with_few_and_with_many_waiting(full: Service) -> None:
    for waiting in (1, 400):
        async with full.engine.begin() as db:
            await inbox.receive(db, full.seal, [message(number) for number in range(waiting)])
        async with full.engine.connect() as db:
            async with watched(db) as statements:
                claimed = await inbox.claim(db, full.seal)
            assert claimed is not None
            assert len(statements) <= 2
            await db.rollback()
            await check(db, statements)


async def test_nothing_waiting_is_found_out_cheaply(full: Service) -> None:
    async with full.engine.connect() as db:
        async with watched(db) as statements:
            assert await inbox.claim(db, full.seal) is None
            assert await outbox.claim(db, full.seal, "test") is None
            assert await outbox.abandoned(db, full.seal, "test") is None
            assert await taking_back.said(db, full.seal, "test") is None
            assert await taking_back.typed(db, full.seal, "test") is None
        await check(db, statements)


async def test_looking_for_people_who_wait(full: Service) -> None:
    patient = full.settings.model_copy(update={"notice_after_seconds": 0.0})
    impatient = Service(patient, full.engine, full.seal, full.library, full.catalogues)
    async with full.engine.begin() as db:
        await inbox.receive(db, full.seal, [message(number) for number in range(20)])
    async with watched(full.engine) as statements:
        assert await say_please_wait(impatient) == 20
    async with full.engine.connect() as db:
        await check(db, [s for s in statements if s[0].startswith("SELECT inbox")][:2])


async def test_the_turn_and_the_answer(full: Service) -> None:
    said = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "x"),), (Button("A", key="menu"),))
    async with full.engine.connect() as db:
        (receipt,) = await inbox.receive(db, full.seal, [message(1)])
        assert receipt.inbox_id is not None
        conversation = receipt.conversation_id
        async with watched(db) as statements:
            await open_case_of(db, conversation)
            await conversations.load(db, full.seal, conversation)
            await outbox.meaning(db, conversation, "A" * 20)
            await outbox.put(db, full.seal, conversation, "test", [said], receipt.inbox_id)
            await inbox.close(db, receipt.inbox_id, "answered")
            await conversations.remember(db, conversation, language="en")
            await outbox.since(db, full.seal, conversation, 0)
        await check(db, [s for s in statements if not s[0].startswith("INSERT")])


async def test_going_out(full: Service) -> None:
    said = Utterance("en", "ltr", (Block(BlockKind.PARAGRAPH, "x"),))
    async with full.engine.begin() as db:
        conversation = await conversations.find_or_open(db, full.seal, "test", "new")
        await outbox.put(db, full.seal, conversation, "test", [said] * 300)
    async with full.engine.connect() as db:
        async with watched(db) as statements:
            parcel = await outbox.claim(db, full.seal, "test")
            assert parcel is not None
            await outbox.start(db, parcel.outbox_id)
            await outbox.hold(db, parcel.outbox_id)
            await outbox.settle(db, parcel.outbox_id, "sent", "7")
        await db.rollback()
        await check(db, statements)


async def test_erasing(full: Service) -> None:
    """What a foreign key asks of each row that goes is asked of an index too."""
    async with full.engine.connect() as db:
        conversation = await db.scalar(text("SELECT id FROM conversations LIMIT 1"))
        plan = (
            await db.execute(
                text("EXPLAIN (ANALYZE, FORMAT JSON) DELETE FROM conversations WHERE id = :id"), {"id": conversation}
            )
        ).scalar_one()
        assert plan[0]["Execution Time"] < 200
        unindexed = (
            await db.execute(
                text(
                    """
                    SELECT c.conrelid::regclass::text, a.attname
                      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                     WHERE c.contype = 'f' AND c.confdeltype <> 'a' AND c.connamespace = 'public'::regnamespace
                       AND c.conrelid::regclass::text NOT LIKE 'procrastinate%'
                       AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid
                                          AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL)
                    """
                )
            )
        ).all()
    assert unindexed == []
