"""The methods by which a bot receives updates: long polls and the webhook, which exclude each other."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from aiogram.methods import DeleteWebhook, GetUpdates, GetWebhookInfo, SetWebhook

from tests.emulator.refusals import bad_request, conflict
from tests.emulator.webhook import Target
from tests.emulator.world import World

Json = dict[str, Any]

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONGEST_POLL: Final = 50
_DEFAULT_CONNECTIONS: Final = 40


async def get_updates(world: World, call: GetUpdates) -> list[Json]:
    """Confirm what lies below `offset`, then wait for more. A limit outside 1-100 is corrected."""
    if world.webhook.target is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _choose(world, call.allowed_updates)
    limit = min(max(call.limit or 100, 1), 100)
    seconds = min(max(call.timeout or 0, 0), _LONGEST_POLL)
    return await world.queue.poll(call.offset or 0, limit, seconds)


async def set_webhook(world: World, call: SetWebhook) -> bool:
    """Deliver to `url` from now on; an empty one ends delivery."""
    if call.secret_token and not _SECRET.fullmatch(call.secret_token):
        raise bad_request("secret token contains unallowed characters")
    if call.url and (urlsplit(call.url).scheme not in ("http", "https") or not urlsplit(call.url).hostname):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if call.certificate is not None:
        raise bad_request("bad webhook: the emulator takes no certificate")
    connections = call.max_connections or _DEFAULT_CONNECTIONS
    if not 1 <= connections <= 100:
        raise bad_request("bad webhook: max_connections must be between 1 and 100")
    _choose(world, call.allowed_updates)
    if call.drop_pending_updates:
        world.queue.drop_pending()
    if not call.url:
        await world.webhook.set(None)
        return True
    world.queue.interrupt("terminated by setWebhook request")
    await world.webhook.set(Target(call.url, call.secret_token, connections, call.ip_address))
    return True


async def delete_webhook(world: World, call: DeleteWebhook) -> bool:
    """Go back to long polls."""
    await world.webhook.set(None)
    if call.drop_pending_updates:
        world.queue.drop_pending()
    return True


async def get_webhook_info(world: World, call: GetWebhookInfo) -> Json:
    """Where updates go, how many wait and what went wrong last."""
    return world.webhook.info()


def _choose(world: World, kinds: list[str] | None) -> None:
    if kinds is not None:
        world.queue.allowed = frozenset(kinds) or None
