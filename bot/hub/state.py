"""What the steps of one turn share: the message whose turn it is, its conversation, and how the turn ends.

Owns no step. `bot.hub.turn` makes one `TurnState` for a turn and its transaction, and the steps change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistant import Reply
from bot.bootstrap import Service
from bot.hub.identity_check import IdentityCheck
from bot.hub.language import language_of
from bot.hub.reminders import Reminders
from bot.hub.render import Renderer, renderer
from bot.model import Kind, Utterance
from bot.post.conversations import Conversation
from bot.post.inbox import Waiting

TYPED: Final = frozenset({Kind.TEXT, Kind.EDIT, Kind.UNREADABLE})
"""What can hold a person's own words."""
_NOTHING_TO_UNDERSTAND: Final = Reply((), None)


@dataclass
class TurnState:
    """One turn as it goes on. `talk` and `words` change when a key changes the topic, the paper or the language.

    `began` is `time.monotonic()`. `spoken_of` is a paper that this turn's question names: who asks about a paper need
    not have it. `joined` is a case that the turn's words belong to. After `erased` the conversation is gone.
    """

    service: Service
    check: IdentityCheck
    reminders: Reminders
    db: AsyncConnection
    waiting: Waiting
    talk: Conversation
    began: float
    spoken_of: str | None = None
    joined: UUID | None = None
    erased: bool = False

    @cached_property
    def words(self) -> Renderer:
        """Words in the language of the message. Who needs no words pays for no guess at a language."""
        registry, default = self.service.registry, self.service.settings.default_language
        waiting = self.waiting
        language = language_of(
            registry, self.talk, waiting.kind, waiting.text, waiting.argument, waiting.language_hint, default
        )
        return renderer(self.service, self.talk.channel, language)


@dataclass(frozen=True, slots=True)
class Ending:
    """A turn that ends in words. What a form took is erased (`keep_text`), and leaves the chat too (`take_back`)."""

    said: Sequence[Utterance]
    reply: Reply = _NOTHING_TO_UNDERSTAND
    keep_text: bool = True
    take_back: bool = False
