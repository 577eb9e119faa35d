"""The demo interpreter of `make run`: a random password made at the first start, readable by this user only."""

import asyncio
import os
from pathlib import Path
from typing import Final

from bot.cases.model import Role
from bot.cases.staff import StaffError, add_staff, renew_password
from bot.content import load_library
from bot.settings import ROOT, Settings
from bot.storage.database import make_engine

NAME: Final = "demo"


def demo_sign_in(settings: Settings) -> tuple[str, str]:
    """The demo person's name and password; both are made when they are not there yet."""
    kept = settings.data_dir / "demo-password"
    if kept.exists():
        return NAME, kept.read_text(encoding="utf-8")
    password = asyncio.run(_make(settings))
    _write_private(kept, password)
    return NAME, password


async def _make(settings: Settings) -> str:
    engine = make_engine(settings.database_url, connections=1)
    languages = [language.code for language in load_library(ROOT / "content").languages.offered()]
    try:
        async with engine.begin() as db:
            try:
                return await add_staff(db, NAME, Role.INTERPRETER, languages)
            except StaffError:
                # The account is there, its password is lost: the data folder was emptied and the database was not.
                return await renew_password(db, NAME)
    finally:
        await engine.dispose()


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
