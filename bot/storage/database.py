"""Connections to PostgreSQL and the bell between processes (LISTEN/NOTIFY).

Owns the engine, the `Bell`, and nothing of what is stored. A notification carries only the id of a conversation or
case; whoever hears it reads the tables. A lost notification costs at most the bell's patience, never a message.
"""

import asyncio
from collections.abc import AsyncGenerator

import psycopg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

PATIENCE_SECONDS = 1.0
"""How long a listener waits before it looks at the tables without having heard the bell."""


def make_engine(url: str, *, connections: int = 10) -> AsyncEngine:
    """An engine for `postgresql://…` over psycopg 3."""
    return create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=connections,
        max_overflow=4,
        pool_pre_ping=False,
        pool_recycle=1800,
        # An error's text travels far; what people wrote does not travel with it.
        hide_parameters=True,
        connect_args={"prepare_threshold": 3},
    )


async def ring(db: AsyncConnection, bell: str, about: str) -> None:
    """Ring when the transaction commits, so that nobody hears of a row that is not there."""
    await db.execute(select(func.pg_notify(bell, about)))


class Bell:
    """Hears one or more notification channels on a connection of its own and reconnects when it is cut."""

    def __init__(self, url: str, *names: str) -> None:
        self._url = url
        self._names = names

    async def rings(self) -> AsyncGenerator[tuple[str, str], None]:
        """Yield (bell, about) for each ring, and ("", "") when none came for `PATIENCE_SECONDS` or the line was cut."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as line:
                    for name in self._names:
                        await line.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(name)))
                    # Something may have been written before this line was up.
                    yield ("", "")
                    while True:
                        heard = False
                        async for notify in line.notifies(timeout=PATIENCE_SECONDS):
                            heard = True
                            yield (notify.channel, notify.payload)
                        if not heard:
                            yield ("", "")
            except psycopg.OperationalError:
                await asyncio.sleep(0.2)
                yield ("", "")
