"""Gives utterances to Telegram: the `Channel` of `bot.post.delivery`.

From the moment `send` is called the delivery counts the message as being sent, so nothing here waits before the request
is written. All waiting is in `pause`, which is asked before. A leaflet is the exception: it is made here, in less than
a second, and kept by whoever makes it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

import structlog
from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, MessageEntity
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import CHANNEL
from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.markup import Bubble, bubbles, units
from bot.channels.telegram.outcome import outcome
from bot.channels.telegram.pacing import Pace
from bot.errors import PrintingError
from bot.model import Attachment, Purpose, Utterance
from bot.post.delivery import Blocked, InDoubt, NotSent, Rejected
from bot.post.taking_back import SEPARATOR

log = structlog.get_logger()

Call = Callable[[], Awaitable[Message]]
"""A request that is not sent yet."""
MakeLeaflet = Callable[[str, str], Awaitable[bytes]]
"""The leaflet of a topic in a language as PDF. Raises PrintingError when it cannot be made now."""

_TRIES_OF_A_LATER_PART: Final = 3
_LONGEST_WAIT_SECONDS: Final = 30.0


class TelegramSender:
    """Sends with one bot at one pace."""

    name = CHANNEL

    def __init__(self, bot: Bot, pace: Pace, leaflet: MakeLeaflet) -> None:
        self._bot = bot
        self._pace = pace
        self._leaflet = leaflet

    def pause(self, address: str) -> float:
        return self._pace.take(address)

    async def send(self, address: str, utterance: Utterance) -> str:
        """Send an utterance and return the ids of its messages.

        Raises NotSent only when nothing of it was sent. A part that fails does not keep back the parts behind it; the
        utterance then ends in InDoubt, or in Rejected when it is one message that Telegram will not take.
        """
        if utterance.attachment is not None:
            return await self._send_file(address, utterance, utterance.attachment)
        parts = bubbles(utterance) or [Bubble("", "")]
        buttons = keyboard(utterance)
        ids: list[str] = []
        trouble: InDoubt | Rejected | None = None
        for number, part in enumerate(parts):
            below = buttons if number == len(parts) - 1 else None
            try:
                if number == 0:
                    ids.append(await self._send(address, part, below, utterance.purpose))
                else:
                    ids.append(await self._insist(address, part, below, utterance.purpose))
            except (InDoubt, Rejected) as error:
                trouble = error if len(parts) == 1 else InDoubt("a part of it")
        if trouble is not None:
            raise trouble
        return SEPARATOR.join(ids)

    async def _insist(self, address: str, part: Bubble, below: InlineKeyboardMarkup | None, purpose: Purpose) -> str:
        """Send a later part, waiting here: with a part of it there, the utterance cannot go back to the queue."""
        for attempt in range(_TRIES_OF_A_LATER_PART):
            try:
                return await self._send(address, part, below, purpose)
            except NotSent as error:
                wait = error.retry_after if error.retry_after is not None else 2.0**attempt
                await asyncio.sleep(min(wait, _LONGEST_WAIT_SECONDS))
        raise InDoubt("a later part")

    async def _send(self, address: str, part: Bubble, below: InlineKeyboardMarkup | None, purpose: Purpose) -> str:
        common: dict[str, Any] = {
            "chat_id": address,
            "reply_markup": below,
            "protect_content": purpose.is_covered or None,
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        covered = MessageEntity(MessageEntity.SPOILER, 0, units(part.plain))
        return await self._ask(
            address,
            purpose,
            lambda: self._bot.send_message(text=part.html, parse_mode=ParseMode.HTML, **common),
            lambda: self._bot.send_message(
                text=part.plain, entities=[covered] if purpose.is_covered else None, **common
            ),
        )

    async def _send_file(self, address: str, utterance: Utterance, file: Attachment) -> str:
        """The file with the words as its caption, which says nothing that has to be covered.

        `protect_content` stays off whatever the purpose: it forbids saving, and the person asked for the file by a
        button in order to save it. The message itself is taken back like every private one.
        """
        content = await self._made(file, utterance.language) if file.leaflet_of else file.content
        part = next(iter(bubbles(replace(utterance, purpose=Purpose.ANSWER))), Bubble("", ""))
        common: dict[str, Any] = {
            "chat_id": address,
            "document": InputFile(content, filename=file.name),
            "reply_markup": keyboard(utterance),
            "disable_content_type_detection": True,
        }
        return await self._ask(
            address,
            utterance.purpose,
            lambda: self._bot.send_document(caption=part.html, parse_mode=ParseMode.HTML, **common),
            lambda: self._bot.send_document(caption=part.plain, **common),
        )

    async def _made(self, file: Attachment, language: str) -> bytes:
        """The file's content. Nothing has been sent yet, so it can all be tried again."""
        try:
            return await self._leaflet(file.leaflet_of, language)
        except PrintingError as error:
            raise NotSent(type(error).__name__) from error

    async def _ask(self, address: str, purpose: Purpose, marked: Call, plain: Call) -> str:
        """Send with markup, without it where Telegram refuses it, and return the id. Raises the delivery's words."""
        try:
            try:
                message = await marked()
            except BadRequest as error:
                if isinstance(outcome(error), Blocked):
                    raise
                log.error("telegram.markup_refused", purpose=purpose.value)
                message = await plain()
        except TelegramError as error:
            ended = outcome(error)
            if isinstance(ended, NotSent) and ended.retry_after is not None:
                self._pace.refuse(address, ended.retry_after)
            raise ended from error
        return str(message.message_id)
