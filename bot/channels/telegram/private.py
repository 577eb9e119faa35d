"""Takes private results back: ten minutes after an identity check the answer leaves the chat and the outbox.

The outbox is the list of what is still to be deleted, so a restart forgets nothing. Telegram lets a bot delete its
messages for 48 hours (https://core.telegram.org/bots/api#deletemessage).
"""

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.channels.telegram.api import CHANNEL
from bot.channels.telegram.sender import REFERENCES
from bot.model import Purpose, Utterance
from bot.storage.sealing import Seal
from bot.storage.tables import conversations, outbox

log = structlog.get_logger()

SHOWN_FOR: Final = timedelta(minutes=10)
EVERY_SECONDS: Final = 20.0
_ERASED: Final = "erased"


async def erase_next(engine: AsyncEngine, seal: Seal, bot: Bot) -> bool:
    """Take one private result back. False when none is due. Raises TelegramError when it must be tried again."""
    async with engine.begin() as db:
        row = (
            await db.execute(
                select(outbox.c.id, outbox.c.channel_reference, outbox.c.sealed_payload, conversations.c.sealed_address)
                .join(conversations, conversations.c.id == outbox.c.conversation_id)
                .where(
                    outbox.c.channel == CHANNEL,
                    outbox.c.purpose == Purpose.PRIVATE.value,
                    outbox.c.closed_at < func.now() - SHOWN_FOR,
                    outbox.c.channel_reference.is_distinct_from(_ERASED),
                )
                .order_by(outbox.c.id)
                .limit(1)
                .with_for_update(of=outbox, skip_locked=True, key_share=True)
            )
        ).one_or_none()
        if row is None:
            return False
        # What is in doubt has no reference: nobody knows which message it became, if any.
        for message_id in (row.channel_reference or "").split(REFERENCES):
            if message_id:
                await _delete(bot, seal.open(row.sealed_address), int(message_id))
        said = Utterance.from_json(seal.open(row.sealed_payload))
        nothing = Utterance(said.language, said.direction, (), purpose=Purpose.PRIVATE)
        await db.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(sealed_payload=seal.close(nothing.to_json()), channel_reference=_ERASED)
        )
    log.info("telegram.private_erased", outbox_id=row.id)
    return True


async def _delete(bot: Bot, address: str, message_id: int) -> None:
    try:
        await bot.delete_message(address, message_id)
    except (BadRequest, Forbidden) as error:
        # Gone already, or out of our reach for ever.
        log.warning("telegram.private_not_deleted", reason=type(error).__name__)
