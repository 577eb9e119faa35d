"""Takes an identity check out of the chat: what the person typed at once, questions and result after ten minutes.

Which messages are due stands in the database (`bot.post.taking_back`), so a restart forgets nothing. A bot may delete
its own messages, and in a private chat also the person's, for 48 hours
(https://core.telegram.org/bots/api#deletemessage).
"""

from typing import Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.bootstrap import Service
from bot.channels.telegram.api import CHANNEL
from bot.hub.remarks import remark
from bot.hub.render import Renderer
from bot.model import Utterance
from bot.post import taking_back
from bot.post.taking_back import Due

log = structlog.get_logger()

_STAYS: Final = "can't be deleted"


async def erase_next(service: Service, bot: Bot) -> bool:
    """Take one question or result back. False when none is due. Raises TelegramError when it must be tried again."""
    async with service.engine.begin() as db:
        due = await taking_back.said(db, service.seal, CHANNEL)
        if due is None:
            return False
        await _delete(bot, due)
        await taking_back.forget_said(db, service.seal, due)
    log.info("telegram.private_erased", outbox_id=due.rows[0])
    return True


async def take_typed_back(service: Service, bot: Bot) -> bool:
    """Take back what one person typed. False when nothing is due. Raises TelegramError when it must be tried again.

    What Telegram keeps, because it is too old, is the person's to delete: they are asked to.
    """
    async with service.engine.begin() as db:
        due = await taking_back.typed(db, service.seal, CHANNEL)
        if due is None:
            return False
        stays = await _delete(bot, due)
        await taking_back.forget_typed(db, due)
        if stays:
            await remark(db, service, due.conversation_id, _please_delete)
    log.info("telegram.typed_erased", messages=len(due.names))
    return True


def _please_delete(words: Renderer) -> Utterance:
    return words.remark("please-delete")


async def _delete(bot: Bot, due: Due) -> bool:
    """Whether one of the messages stays in the chat. What is gone already is gone."""
    stays = False
    for name in due.names:
        try:
            await bot.delete_message(due.address, int(name))
        except (BadRequest, Forbidden) as error:
            # Deleted by the person, or out of our reach for ever.
            log.warning("telegram.private_not_deleted", reason=type(error).__name__)
            stays = stays or _STAYS in error.message
    return stays
