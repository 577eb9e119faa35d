"""Finds the database of the service that `make run` started on this machine, for commands in another terminal."""

from typing import Final

import psycopg

from bot.errors import LaunchError
from bot.settings import Settings

CONNECT_SECONDS: Final = 5


def with_running_database(settings: Settings) -> Settings:
    """The settings with the address of the running embedded database, unless one is configured.

    Raises LaunchError when nothing runs.
    """
    if settings.database_url:
        return settings
    note = settings.data_dir / "run" / "database-url"
    try:
        url = note.read_text(encoding="utf-8")
        # A start that was killed leaves its note behind.
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except (FileNotFoundError, psycopg.OperationalError):
        raise LaunchError("Rehber is not running here. Start it with `make run` in another terminal.") from None
    return settings.model_copy(update={"database_url": url})
