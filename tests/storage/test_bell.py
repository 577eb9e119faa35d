"""The bell between processes: heard at the commit and not before, and heard again after the line was cut."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import psycopg
import pytest

from bot.bootstrap import Service
from bot.storage.database import PATIENCE_SECONDS, Bell, ring


async def heard(rings: AsyncGenerator[tuple[str, str], None], seconds: float = 10) -> tuple[str, str]:
    async with asyncio.timeout(seconds):
        return await anext(rings)


async def test_at_the_commit_and_not_before(service: Service) -> None:
    async with aclosing(Bell(service.settings.database_url, "inbox", "other").rings()) as rings:
        assert await heard(rings) == ("", ""), "what was there before the line was up has to be looked for"
        async with service.engine.begin() as db:
            await ring(db, "inbox", "conversation-1")
            await ring(db, "unheard", "conversation-2")
            assert await heard(rings, PATIENCE_SECONDS + 5) == ("", "")
        assert await heard(rings) == ("inbox", "conversation-1")


async def test_what_is_rolled_back_rings_no_bell(service: Service) -> None:
    async with aclosing(Bell(service.settings.database_url, "inbox").rings()) as rings:
        await heard(rings)
        async with service.engine.connect() as db:
            await ring(db, "inbox", "conversation-1")
            await db.rollback()
        assert await heard(rings) == ("", "")


async def test_a_cut_line_is_mended_and_what_was_missed_is_looked_for(service: Service) -> None:
    async with aclosing(Bell(service.settings.database_url, "inbox").rings()) as rings:
        await heard(rings)
        async with await psycopg.AsyncConnection.connect(service.settings.database_url, autocommit=True) as admin:
            await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        assert await heard(rings) == ("", "")
        async with asyncio.timeout(15):
            while True:
                async with service.engine.begin() as db:
                    await ring(db, "inbox", "again")
                if await heard(rings) == ("inbox", "again"):
                    break


async def test_a_name_that_is_sql_is_a_name(service: Service) -> None:
    name = 'x"; DROP TABLE inbox; --'
    async with aclosing(Bell(service.settings.database_url, name).rings()) as rings:
        await heard(rings)
        async with service.engine.begin() as db:
            await ring(db, name, "a")
        assert await heard(rings) == (name, "a")


@pytest.mark.parametrize("count", [50])
async def test_every_ring_is_heard(service: Service, count: int) -> None:
    async with aclosing(Bell(service.settings.database_url, "inbox").rings()) as rings:
        await heard(rings)
        for number in range(count):
            async with service.engine.begin() as db:
                await ring(db, "inbox", str(number))
        seen: list[str] = []
        while len(seen) < count:
            bell, about = await heard(rings)
            seen += [about] if bell else []
    assert seen == [str(number) for number in range(count)]
