"""What a person is told between two turns: that a message may not have reached them, that one could not be deleted.

Nothing is said while a person of the office has the conversation: beside them the bot is silent.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.cases.opening import holds_silence
from bot.hub.language import language_without_text
from bot.hub.render import Renderer, renderer
from bot.model import Purpose, Utterance
from bot.post import conversations, outbox


async def remark(
    db: AsyncConnection, service: Service, conversation_id: UUID, say: Callable[[Renderer], Utterance]
) -> None:
    """Queue what `say` says in the conversation's language."""
    if await holds_silence(db, conversation_id):
        return
    talk = await conversations.load(db, service.seal, conversation_id)
    language = language_without_text(service.registry, talk, None, service.settings.default_language)
    await outbox.put(db, service.seal, talk.id, talk.channel, [say(renderer(service, talk.channel, language))])


def tell_of_doubt(service: Service) -> Callable[[AsyncConnection, UUID], Awaitable[None]]:
    """The `on_doubt` of a delivery: a word, and a way to see it again. The answer itself is never sent twice unasked.

    People of the office see for themselves what is in doubt.
    """

    async def tell(db: AsyncConnection, conversation_id: UUID) -> None:
        await remark(db, service, conversation_id, _in_doubt)

    return tell


def _in_doubt(words: Renderer) -> Utterance:
    buttons = [words.button("show-again", "repeat"), words.person()]
    return words.say("in-doubt", buttons=buttons, purpose=Purpose.NOTICE)
