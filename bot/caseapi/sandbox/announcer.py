"""Tells Rehber that a file has changed: the sender's side of the contract's `caseChanged`.

At least once, as the contract says: three tries, each signed anew with the same `webhook-id`, until one is answered
with 2xx. The address is fixed when the sandbox starts; no request can change it.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx2
from standardwebhooks import Webhook

from bot.caseapi.models import CaseChanged
from bot.caseapi.sandbox.changes import ChangeKind

PAUSES: Final = (1.0, 5.0)
"""Seconds before the second and the third try."""

logger = logging.getLogger(__name__)


class Announcer:
    """One for a sandbox. `url` may be empty: then nobody listens. `now` gives an aware datetime."""

    def __init__(
        self,
        url: str,
        secret: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        pauses: tuple[float, ...] = PAUSES,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._webhook = Webhook(secret)
        self._now = now
        self._pauses = pauses
        self._transport = transport
        self._sending: set[asyncio.Task[None]] = set()

    def announce(self, subscription_id: str, kind: ChangeKind) -> None:
        """Begin to send one announcement."""
        change = CaseChanged(
            type="case.changed",
            event_id=secrets.token_urlsafe(24),
            subscription_id=subscription_id,
            kind=kind.value,
            at=self._now(),
        )
        if self._url:
            task = asyncio.create_task(self._deliver(change))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _deliver(self, change: CaseChanged) -> None:
        async with httpx2.AsyncClient(trust_env=False, timeout=5, transport=self._transport) as http:
            for pause in (*self._pauses, None):
                if await self._sent(http, change):
                    return
                if pause is not None:
                    await asyncio.sleep(pause)
        logger.warning("nobody took the announcement of a change")

    async def _sent(self, http: httpx2.AsyncClient, change: CaseChanged) -> bool:
        body, at = change.model_dump_json(), datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": change.event_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._webhook.sign(change.event_id, at, body),
        }
        try:
            return (await http.post(self._url, content=body, headers=headers)).is_success
        except httpx2.HTTPError:
            return False
