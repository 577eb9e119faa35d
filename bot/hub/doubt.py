"""What a person is told when nobody knows whether the last message reached them: a word, and a way to see it again."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.hub.turn import renderer
from bot.model import Purpose
from bot.post import conversations, outbox


def tell_of_doubt(service: Service) -> Callable[[AsyncConnection, UUID], Awaitable[None]]:
    """The `on_doubt` of a delivery. The answer itself is never sent twice unasked."""

    async def tell(db: AsyncConnection, conversation_id: UUID) -> None:
        talk = await conversations.load(db, service.seal, conversation_id)
        words = renderer(service, talk.channel, talk.language or service.settings.default_language)
        word = words.say(
            "in-doubt", buttons=[words.button("show-again", "repeat"), words.person()], purpose=Purpose.NOTICE
        )
        await outbox.put(db, service.seal, talk.id, talk.channel, [word])

    return tell
