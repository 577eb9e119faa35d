"""What a person is told when nobody knows whether the last message reached them: a word, and a way to see it again."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases import entries
from bot.cases.opening import open_case_of, silences_the_bot
from bot.hub.language import language_without_text
from bot.hub.turn import renderer
from bot.model import Purpose
from bot.post import conversations, outbox


def tell_of_doubt(service: Service) -> Callable[[AsyncConnection, UUID], Awaitable[None]]:
    """The `on_doubt` of a delivery. The answer itself is never sent twice unasked.

    While a person has the conversation the bot is silent here too: they see for themselves what is in doubt.
    """

    async def tell(db: AsyncConnection, conversation_id: UUID) -> None:
        case_id = await open_case_of(db, conversation_id)
        if case_id:
            # Held, so that nobody takes it while the word is written.
            await entries.lock(db, case_id)
            if await silences_the_bot(db, case_id):
                return
        talk = await conversations.load(db, service.seal, conversation_id)
        language = language_without_text(service.registry, talk, None, service.settings.default_language)
        words = renderer(service, talk.channel, language)
        word = words.say(
            "in-doubt", buttons=[words.button("show-again", "repeat"), words.person()], purpose=Purpose.NOTICE
        )
        await outbox.put(db, service.seal, talk.id, talk.channel, [word])

    return tell
