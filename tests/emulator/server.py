"""The HTTP server: both doors on one loopback port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from tests.emulator.control import Control
from tests.emulator.door import Door
from tests.emulator.world import World

TOKEN: Final = "123456789:emulated-token-of-the-test-bot-00000"
_BODY_BYTES: Final = 10 * 2**20


@asynccontextmanager
async def serving(port: int = 0, token: str = TOKEN) -> AsyncIterator[str]:
    """Serve inside the running loop; gives the address, such as `http://127.0.0.1:40001`.

    Port 0 takes a free one. Calls that hang on purpose are cut off at the end.
    """
    world = World(token)
    app = web.Application(client_max_size=_BODY_BYTES)
    app.router.add_route("*", "/bot{token}/{method}", Door(world).handle)
    app.router.add_post("/_control/{action}", Control(world).handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await world.webhook.close()
        await runner.cleanup()


async def serve_forever(port: int, token: str = TOKEN) -> None:
    """Serve until cancelled. Prints the address as the first line, for whoever started the process."""
    async with serving(port, token) as address:
        print(address, flush=True)
        await asyncio.Event().wait()
