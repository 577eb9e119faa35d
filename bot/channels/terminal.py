"""The terminal as a channel: asks the running service one question, through the same inbox and outbox as everybody.

Used by `python -m bot ask` and by `make answers`. A conversation lives for one question and is erased.
"""

import asyncio
import time
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.errors import ChannelError
from bot.i18n.identify import identify
from bot.model import Button, Kind, Message, Purpose
from bot.post import conversations, inbox, outbox
from bot.storage.tables import choices, turns
from bot.storage.tables import inbox as inbox_table

CHANNEL: Final = "terminal"
PERSON_KEY: Final = "handoff.open"
_LOOK_EVERY_SECONDS: Final = 0.02


class NoAnswer(ChannelError):  # noqa: N818 - what happened, as the command prints it
    """No worker closed the turn in time: the service is not running, or is overloaded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person would see, and why. `text` holds every bubble in order; `language` is the one answered in."""

    text: str
    language: str
    buttons: tuple[str, ...]
    offers_person: bool
    keys: tuple[str, ...]
    detected: str | None
    intent: str | None
    confidence: float | None
    ranking: tuple[tuple[str, float], ...]
    milliseconds: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def ask(service: Service, text: str, *, language: str | None = None, patience: float = 60.0) -> Answer:
    """Ask one question and wait for the answer, at most `patience` seconds. `language`: as if the person had chosen it.

    Raises NoAnswer.
    """
    address = uuid4().hex
    began = time.monotonic()
    async with service.engine.begin() as db:
        if language:
            conversation_id = await conversations.find_or_open(db, service.seal, CHANNEL, address)
            await conversations.remember(db, conversation_id, language=language, language_chosen=True)
        message = Message(CHANNEL, address, uuid4().hex, Kind.TEXT, text)
        receipt = (await inbox.receive(db, service.seal, [message]))[0]
    if receipt.inbox_id is None:
        raise AssertionError("a random message id cannot be known already")
    try:
        await _wait_for_close(service, receipt.inbox_id, began + patience)
        async with service.engine.begin() as db:
            return await _read(db, service, receipt.conversation_id, text, began)
    finally:
        async with service.engine.begin() as db:
            await conversations.erase(db, receipt.conversation_id)


async def _wait_for_close(service: Service, inbox_id: int, until: float) -> None:
    while time.monotonic() < until:
        async with service.engine.connect() as db:
            state = await db.scalar(select(inbox_table.c.state).where(inbox_table.c.id == inbox_id))
        if state != "received":
            return
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    raise NoAnswer(
        "The question was stored, but nobody answered it in time: is the service running? "
        "Start it with `make run`, or look at the logs of the worker and of Rasa."
    )


async def _read(db: AsyncConnection, service: Service, conversation_id: UUID, text: str, began: float) -> Answer:
    said = [
        utterance
        for _, utterance in await outbox.since(db, service.seal, conversation_id, 0)
        if utterance.purpose is not Purpose.NOTICE
    ]
    turn = (await db.execute(select(turns).where(turns.c.conversation_id == conversation_id))).one_or_none()
    buttons = [button for utterance in said for button in utterance.buttons]
    person_token = await db.scalar(
        select(choices.c.token).where(choices.c.conversation_id == conversation_id, choices.c.key == PERSON_KEY)
    )
    keys = tuple(turn.keys) if turn else tuple(key for utterance in said for key in utterance.keys)
    return Answer(
        text="\n\n".join(utterance.plain_text() for utterance in said),
        language=said[-1].language if said else service.settings.default_language,
        buttons=tuple(button.label for button in buttons),
        offers_person=PERSON_KEY in keys or _offers(person_token, buttons),
        keys=keys,
        detected=identify(text).language,
        intent=turn.intent if turn else None,
        confidence=turn.confidence if turn else None,
        ranking=tuple((name, sure) for name, sure in turn.ranking) if turn else (),
        milliseconds=round((time.monotonic() - began) * 1000),
    )


def _offers(token: str | None, buttons: list[Button]) -> bool:
    return token is not None and any(button.token == token for button in buttons)
