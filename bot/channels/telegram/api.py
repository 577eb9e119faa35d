"""The client of the Bot API (https://core.telegram.org/bots/api), made quiet.

The Bot API puts the token into the address of every call, and answers to getUpdates hold what people wrote. Owns that
neither reaches a log.
"""

import json
import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.errors import SettingsError
from bot.settings import Settings

CHANNEL: Final = "telegram"
"""The channel's name in the inbox, the outbox and the conversations."""

ANSWER_SECONDS: Final = 10.0
"""How long Telegram may think about a call before its outcome is in doubt."""

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CONNECTIONS: Final = 64

# Periods as timedelta: what python-telegram-bot will do by default, and warns about at every period until then.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class QuietRequest(HTTPXRequest):
    """python-telegram-bot writes an answer that is not JSON to its log; this one does not."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. Raises TelegramError without a word of the answer."""
        try:
            answer: dict[str, Any] = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        return answer


class QuietBot(Bot):
    """python-telegram-bot's `repr` of a bot shows its token; this one does not."""

    def __repr__(self) -> str:
        return f"QuietBot({bot_id(self.token)})"


def bot_id(token: str) -> int:
    """The bot's number, which is the first part of its token. Raises SettingsError."""
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is not a bot's token: it looks like 123456:ABC-def. Ask @BotFather on Telegram for it."
        )
    return int(token.partition(":")[0])


async def bot_name(settings: Settings, *, seconds: float = ANSWER_SECONDS) -> str:
    """The bot's own name without `@` (https://core.telegram.org/bots/api#getme), or "" where Telegram does not tell it.

    Raises SettingsError when the token is not one.
    """
    async with open_bot(settings, answer_seconds=seconds) as bot:
        try:
            return (await bot.get_me()).username or ""
        except TelegramError:
            return ""


@asynccontextmanager
async def open_bot(settings: Settings, *, answer_seconds: float = ANSWER_SECONDS) -> AsyncIterator[Bot]:
    """A client for as long as the block lasts. Makes no call, so it starts while Telegram cannot be reached.

    Raises SettingsError when the token is not one.
    """
    token = settings.telegram_bot_token.get_secret_value()
    bot_id(token)
    for library in ("telegram", "httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    request = QuietRequest(
        connection_pool_size=_CONNECTIONS,
        read_timeout=answer_seconds,
        write_timeout=answer_seconds,
        connect_timeout=5.0,
        pool_timeout=2.0,
    )
    try:
        yield QuietBot(
            token,
            base_url=f"{settings.telegram_api_url.rstrip('/')}/bot",
            request=request,
            get_updates_request=request,
        )
    finally:
        await request.shutdown()
