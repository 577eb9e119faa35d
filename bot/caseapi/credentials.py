"""The office's access token: fetched by client credentials (RFC 6749 section 4.4), kept in memory, renewed in time.

Authlib's client was not kept for this: it would bring a second HTTP client, without our deadline, our size limit and
our refusal of redirects. What is left of the protocol is one form.
"""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote_plus, urlencode

import httpx2

from bot.caseapi import wire
from bot.caseapi.errors import CannotCheck, Reason
from bot.caseapi.models import Token

SCOPES: Final = frozenset({"verify", "case:read", "case:subscribe"})

EARLY: Final = timedelta(seconds=30)
"""How long before its end a token is renewed: longer than any question takes."""


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    renew_at: datetime


class Credentials:
    """One client of one token endpoint. `now` gives an aware datetime; `http` brings the limits of every question."""

    def __init__(self, http: httpx2.AsyncClient, client_id: str, secret: str, now: Callable[[], datetime]) -> None:
        self._http = http
        # RFC 6749 section 2.3.1: both are encoded like a form before they become Basic.
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        self._basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
        self._now = now
        self._lock = asyncio.Lock()
        self._held: _Held | None = None
        self._failed: CannotCheck | None = None
        self._failures = 0

    async def token(self) -> str:
        """A token that is good for one more question. However many wait, it is fetched once. Raises CannotCheck."""
        failures = self._failures
        async with self._lock:
            if self._held is None or self._now() >= self._held.renew_at:
                if self._failed is not None and self._failures > failures:
                    # Somebody asked while this one waited; asking again now would only add to an outage.
                    raise CannotCheck(self._failed.reason, retry_at=self._failed.retry_at)
                self._held = await self._fetch()
            return self._held.value

    def forget(self, token: str) -> None:
        """The case system refused this token before its time. Another one, fetched meanwhile, is kept."""
        if self._held is not None and self._held.value == token:
            self._held = None

    async def _fetch(self) -> _Held:
        try:
            token = await self._ask()
        except CannotCheck as failure:
            self._failed, self._failures = failure, self._failures + 1
            raise
        return _Held(token.access_token, self._now() + timedelta(seconds=token.expires_in) - EARLY)

    async def _ask(self) -> Token:
        form = urlencode({"grant_type": "client_credentials", "scope": " ".join(sorted(SCOPES))})
        headers = {"Authorization": self._basic, "Content-Type": "application/x-www-form-urlencoded"}
        response, received = await wire.exchange(self._http, "POST", "/oauth/token", headers, form)
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise CannotCheck(Reason.NOT_ALLOWED)
        if response.status_code != HTTPStatus.OK:
            raise wire.failure(response, self._now())
        token = wire.message(Token, response, received)
        # Without `scope` all that was asked for is granted (RFC 6749 section 5.1).
        if token.scope is not None and not set(token.scope.split()) >= SCOPES:
            raise CannotCheck(Reason.NOT_ALLOWED)
        return token
