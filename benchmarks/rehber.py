"""Rehber's side of the comparison: a whole turn, from the commit of the inbox row to the answer in the outbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID, uuid4

from benchmarks.load import Ask
from bot.bootstrap import build_service
from bot.channels.terminal import CHANNEL
from bot.model import Kind, Message
from bot.post import inbox, outbox
from bot.settings import Settings
from bot.storage.database import Bell

QUESTIONS: Final = (
    "How do I register my address?",
    "Çalışmak için izin gerekiyor mu?",
    "أين يمكنني أن أجد محامياً؟",
    "چطور بچه‌ام را در مدرسه ثبت نام کنم؟",
    "Can I travel to another city for a wedding?",
    "Sağlık sigortam var mı?",
    "متى موعد المقابلة؟",
)


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Ask]:
    """Asks as a channel does: store, commit, and wait for the bell that rings with the answer's commit."""
    service = build_service(settings, connections=16)
    waiting: dict[UUID, asyncio.Event] = {}

    async def listen() -> None:
        async for _, about in Bell(settings.database_url, outbox.bell(CHANNEL)).rings():
            if about and (event := waiting.get(UUID(about))):
                event.set()

    async def ask(conversation: str, question: str) -> None:
        message = Message(CHANNEL, conversation, uuid4().hex, Kind.TEXT, question)
        async with service.engine.begin() as db:
            receipt = (await inbox.receive(db, service.seal, [message]))[0]
            answered = waiting[receipt.conversation_id] = asyncio.Event()
        async with asyncio.timeout(60):
            await answered.wait()

    listener = asyncio.create_task(listen())
    # The line has to be up before the first answer rings.
    await asyncio.sleep(0.5)
    try:
        yield ask
    finally:
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener
        await service.engine.dispose()
