"""A worker beside the real Telegram process, in front of an assistant that always answers the same."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.reminders import Reminders
from bot.hub.turn import Hub
from tests.assistant.rest_channel import keys, rest_channel
from tests.emulator import Delivered, EmulatorClient


@asynccontextmanager
async def worker(service: Service, key: str) -> AsyncIterator[None]:
    """Takes turns while the block runs. `key` is what every question means."""

    async def work(hub: Hub) -> None:
        while True:
            if not await hub.take_turn():
                await asyncio.sleep(0.05)

    async with (
        rest_channel(keys(key)) as rasa,
        RasaAssistant(rasa.url, 5) as assistant,
        case_client(service) as client,
    ):
        check = IdentityCheck(service, client)
        task = asyncio.create_task(work(Hub(service, assistant, check, Reminders(service, client, check))))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_after(emulator: EmulatorClient, chat: int, seen: int) -> Delivered:
    """The newest message of the chat after the one with the id `seen`."""
    return (await emulator.arrived(chat, after=seen, seconds=60))[-1]
