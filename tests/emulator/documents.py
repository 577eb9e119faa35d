"""sendDocument: a file with a caption and buttons (https://core.telegram.org/bots/api#senddocument).

The file comes with the request, as a field of the form or by `attach://<field>`
(https://core.telegram.org/bots/api#sending-files). Ids and addresses of files elsewhere are refused: there are none.
"""

from __future__ import annotations

import random
from typing import Any, Final

from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from tests.emulator import keyboards, richtext
from tests.emulator.judge import given
from tests.emulator.messages import formatted
from tests.emulator.refusals import Refusal, bad_request
from tests.emulator.world import World

Json = dict[str, Any]

CAPTION_UNITS: Final = 1024
MOST_BYTES: Final = 50 * 1024 * 1024


class Upload(BufferedInputFile):
    """A file as it came in a request."""

    def __init__(self, data: bytes, filename: str, media_type: str) -> None:
        super().__init__(data, filename)
        self.media_type = media_type


async def send_document(world: World, call: SendDocument) -> Json:
    """Post a file and return its message as Telegram shows it."""
    chat = world.chats.writable(call.chat_id)
    upload = call.document
    if not upload:
        raise bad_request("there is no document in the request")
    if not isinstance(upload, Upload):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MOST_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    number = random.getrandbits(62)
    content: Json = {
        "document": {
            "file_id": f"document-{number}",
            "file_unique_id": str(number),
            "file_name": upload.filename,
            "mime_type": upload.media_type,
            "file_size": len(upload.data),
        }
    }
    caption, marked = formatted(call.caption or "", given(call.parse_mode), call.caption_entities)
    if richtext.units(caption) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    if caption:
        content["caption"] = caption
        if entities := richtext.find_entities(caption, marked):
            content["caption_entities"] = entities
    if markup := keyboards.check(call.reply_markup):
        content["reply_markup"] = markup
    if call.protect_content and given(call.protect_content):
        content["has_protected_content"] = True
    posted = chat.post(content, date=world.clock.date(), now=world.clock.now(), sender=world.bot, from_bot=True)
    posted.file = upload.data
    return posted.payload
