"""A visit: one person at the kiosk, from choosing a language to *Finish and erase*.

The cookie's random value is the conversation's address on the channel "kiosk". A value that names no conversation is
worth nothing, so a visit cannot be given to somebody from outside. When a visit is over is decided by `bot.hub.visits`.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from bot.bootstrap import Service
from bot.cases.opening import open_case_of, silences_the_bot
from bot.hub import visits
from bot.model import Button, Kind, Message
from bot.post import continuations, conversations, inbox, outbox
from kiosk.web.cookies import SessionCookie

CHANNEL: Final = visits.CHANNEL


@dataclass(frozen=True, slots=True)
class Visit:
    """`token` is the cookie's value. `language` is None only until one was chosen or understood."""

    token: str
    conversation_id: UUID
    language: str | None


class Visits:
    """Begins, finds and ends visits. Every method works inside the caller's transaction."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.cookie = SessionCookie("rehber", service.settings.https)

    async def current(self, db: AsyncConnection, request: Request) -> Visit | None:
        """The visit that the request belongs to, or None when there is none (any more)."""
        token = self.cookie.read(request)
        return None if token is None else await self.find(db, token)

    async def find(self, db: AsyncConnection, token: str) -> Visit | None:
        conversation_id = await visits.find(db, self._service.seal, token)
        if conversation_id is None:
            return None
        talk = await conversations.load(db, self._service.seal, conversation_id)
        return Visit(token, conversation_id, talk.language)

    async def begin(self, db: AsyncConnection, language: str) -> Visit:
        """A new visit in a language. The conversation exists when this returns, so the cookie means something."""
        token = SessionCookie.new_token()
        conversation_id = await visits.begin(db, self._service.seal, token)
        visit = Visit(token, conversation_id, language)
        await self.speak(db, visit, language)
        return visit

    async def touch(self, db: AsyncConnection, visit: Visit) -> bool:
        """The person has done something, so the visit goes on. False when it is over."""
        return await visits.touch(db, self._service.seal, visit.token)

    async def speak(self, db: AsyncConnection, visit: Visit, language: str) -> None:
        """Continue in this language: it was chosen, so no message changes it by being in another one."""
        await conversations.remember(db, visit.conversation_id, language=language, language_chosen=True)

    async def waits_for_person(self, db: AsyncConnection, visit: Visit) -> bool:
        """Whether a person was asked for or speaks. A call that the bot made itself changes nothing on the screen."""
        case_id = await open_case_of(db, visit.conversation_id)
        return case_id is not None and await silences_the_bot(db, case_id)

    async def has_moved(self, db: AsyncConnection, token: str) -> bool:
        """Whether the visit that had this token goes on at a phone. It is over here."""
        return await continuations.has_left(db, self._service.seal, CHANNEL, token)

    async def leave(self, db: AsyncConnection, visit: Visit) -> bool:
        """End the visit. True when the conversation is erased, False when a case needs it, whoever opened that."""
        return await visits.end(db, self._service.seal, visit.token)

    async def receive(self, db: AsyncConnection, visit: Visit, kind: Kind, text: str, client_id: UUID) -> bool:
        """Store what the person sent. The page's own `client_id` makes a message sent twice one message.

        False when the visit ended meanwhile: then nothing is stored, because nobody would ever erase it.
        """
        if not await self.touch(db, visit):
            return False
        name = self._service.seal.fingerprint(CHANNEL, visit.token).hex()[:32]
        message = Message(CHANNEL, visit.token, f"{name}:{client_id}", kind, text, language_hint=visit.language)
        await inbox.receive(db, self._service.seal, [message])
        return True

    async def press(self, db: AsyncConnection, visit: Visit, button: Button, client_id: UUID) -> None:
        """As if this button had stood in the conversation and been pressed there; nothing when the visit is over."""
        if not await self.touch(db, visit):
            return
        (offered,) = await outbox.offer(db, visit.conversation_id, (button,))
        await self.receive(db, visit, Kind.CHOICE, offered.token, client_id)
