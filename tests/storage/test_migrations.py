"""Migrations: they lead to the tables that the code declares, run side by side, and leave a dump that says nothing."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.launch.database import EmbeddedDatabase
from bot.storage.migrate import upgrade
from bot.storage.tables import metadata


def test_the_migrations_lead_to_the_declared_tables(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _o, name, kind, _r, _c: (
                    not (kind == "table" and str(name).startswith("procrastinate_"))
                )
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_many_processes_may_migrate_at_once(database_server: EmbeddedDatabase) -> None:
    name = f"t_{uuid4().hex[:12]}"
    url = database_server.url(name)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, [url] * 4))
        with psycopg.connect(url) as db:
            versions = db.execute("SELECT version_num FROM alembic_version").fetchall()
        assert len(versions) == 1
    finally:
        database_server.drop(name)
