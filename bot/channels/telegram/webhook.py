"""The webhook: Telegram posts each update, and is told that it arrived once it is committed.

Owns who may post. Only Telegram knows the secret (https://core.telegram.org/bots/api#setwebhook); whoever posts without
it learns nothing and costs little. With it, an update that we can never take is answered with 200 too, because any
other answer makes Telegram send it again and again, before everything behind it.
"""

import contextlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import WANTED
from bot.errors import SettingsError
from bot.settings import Settings

log = structlog.get_logger()

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not its value
MOST_BYTES: Final = 1 << 20
_SHORTEST_SECRET: Final = 16


class Webhook:
    """The ASGI application `app` for one bot, and its registration with Telegram."""

    def __init__(self, settings: Settings, engine: AsyncEngine, bot: Bot, intake: Intake, courtesy: Courtesy) -> None:
        """Raises SettingsError without an address and a secret that is long enough."""
        self._secret = settings.telegram_webhook_secret.get_secret_value()
        self._url = settings.telegram_webhook_url
        if not urlsplit(self._url).hostname:
            raise SettingsError(
                "REHBER_TELEGRAM_WEBHOOK_URL is not an address: webhook mode needs the public https address."
            )
        if len(self._secret) < _SHORTEST_SECRET:
            raise SettingsError(
                f"REHBER_TELEGRAM_WEBHOOK_SECRET is too short: use {_SHORTEST_SECRET} to 256 letters, digits, _ and -."
            )
        self._engine = engine
        self._bot = bot
        self._intake = intake
        self._courtesy = courtesy
        self.app = Starlette(routes=[Route(urlsplit(self._url).path or "/", self._receive, methods=["POST"])])

    async def register(self) -> None:
        """Ask Telegram to post here. Raises TelegramError."""
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=WANTED)
        log.info("telegram.webhook_set", bot=self._intake.bot_id)

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            log.warning("telegram.webhook_wrong_secret")
            # The body has not been read, and shall not be.
            return Response(status_code=403, headers={"Connection": "close"})
        body = await _read(request)
        if body is None:
            log.error("telegram.webhook_body_too_long")
            return Response(status_code=200)
        try:
            async with self._engine.begin() as db:
                arrivals = await self._intake.store(db, [_parse(body)])
        except SQLAlchemyError as error:
            log.error("telegram.webhook_not_stored", reason=type(error).__name__)
            return Response(status_code=503)
        self._courtesy.show(arrivals)
        return Response(status_code=200)


class WebhookServer(uvicorn.Server):
    """Serves until `should_exit`. Signals are the process's business."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(app, host=host, port=port, access_log=False, log_level="warning", server_header=False)
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _parse(body: bytes) -> Any:
    """The JSON value, or None, which no update is."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
