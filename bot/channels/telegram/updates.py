"""What an update means: one JSON object of the Bot API in, one `Arrival` out. Pure.

Owns the reading of every kind of update (https://core.telegram.org/bots/api#update), broken ones included. What is
stored of it is the intake's business.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import MessageAttachmentType, MessageLimit, MessageType

from bot import model
from bot.channels.telegram.api import CHANNEL
from bot.channels.telegram.commands import COMMANDS
from bot.errors import ChannelError
from bot.model import Kind

WANTED: Final = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""What Telegram is asked to send."""

_ATTACHMENTS: Final = (*(kind.value for kind in MessageAttachmentType), MessageType.CHECKLIST.value)
_DECORATIONS: Final = frozenset(
    {
        MessageType.TEXT,
        MessageType.BUSINESS_CONNECTION_ID,
        MessageType.EFFECT_ID,
        MessageType.REPLY_TO_STORY,
        MessageType.SENDER_BOOST_COUNT,
        MessageType.SENDER_BUSINESS_BOT,
    }
)
_EVENTS: Final = tuple(
    kind.value for kind in MessageType if kind not in _DECORATIONS and kind.value not in _ATTACHMENTS
)
_PRESENT: Final = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED})
_COMMAND: Final = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:\s+(?P<argument>.*))?", re.DOTALL)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class UnreadableUpdateError(ChannelError):
    """An update that is not what the Bot API promises. It is counted and left behind."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one update is to us. All fields but the id may be empty: many updates need nothing.

    `message` is for the inbox. `callback_query_id` names a pressed button whose spinner turns. `refused_chat` is a
    group or channel, where nothing is read. `standing` tells that a person has `blocked` or `unblocked` the bot.
    """

    update_id: int
    message: model.Message | None = None
    callback_query_id: str = ""
    refused_chat: str = ""
    language_hint: str | None = None
    standing: str = ""


def read(raw: Any, bot_id: int) -> Arrival:
    """What an update of the bot `bot_id` means. Raises UnreadableUpdateError."""
    if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
        raise UnreadableUpdateError("an update without a number")
    try:
        return _read(Update.de_json(raw, None), bot_id)
    except UnreadableUpdateError:
        raise
    except Exception as error:
        # de_json looks at no types: a broken update ends in whatever error its shape leads to.
        raise UnreadableUpdateError(type(error).__name__) from None


def _read(update: Update, bot_id: int) -> Arrival:
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query, bot_id)
    if update.my_chat_member is not None:
        return _standing(update.update_id, update.my_chat_member)
    post = update.channel_post or update.edited_channel_post
    if post is not None:
        return Arrival(update.update_id, refused_chat=str(_number(post.chat.id)))
    message = update.message or update.edited_message
    if message is None:
        return Arrival(update.update_id)
    if message.chat.type != "private":
        return _refused(update.update_id, message.chat.id, message.from_user)
    hint = _hint(message.from_user)
    content = _edit(message) if update.edited_message else _content(message)
    if content is None:
        return Arrival(update.update_id, language_hint=hint)
    kind, text, argument = content
    number = f"{bot_id}:{update.update_id}"
    if kind is Kind.UNREADABLE and message.media_group_id is not None:
        # An album is one thing that a person sent, though Telegram makes an update of every picture.
        number = f"{bot_id}:album:{_whole(message.media_group_id, 64)}"
    stored = _message(_number(message.chat.id), number, kind, text, argument, hint)
    # In a private chat a bot may delete what the person wrote: https://core.telegram.org/bots/api#deletemessage
    name = str(message.message_id) if type(message.message_id) is int else ""
    return Arrival(update.update_id, replace(stored, reference=name), language_hint=hint)


def _content(message: Message) -> tuple[Kind, str, str] | None:
    if message.text is not None:
        return _text(_whole(message.text))
    for kind in _ATTACHMENTS:
        if message[kind]:
            return Kind.UNREADABLE, kind, _whole(message.caption or "")
    if any(message[kind] for kind in _EVENTS):
        return None
    return Kind.UNREADABLE, "other", ""


def _text(text: str) -> tuple[Kind, str, str]:
    command = _COMMAND.fullmatch(text)
    if command is not None and command["name"].lower() in COMMANDS:
        return Kind.COMMAND, command["name"].lower(), (command["argument"] or "").strip()
    return Kind.TEXT, text, ""


def _edit(message: Message) -> tuple[Kind, str, str] | None:
    # A location that moves is edited every few seconds; only changed words are a person's act.
    words = message.text or message.caption
    return (Kind.EDIT, _whole(words), "") if words else None


def _press(update_id: int, query: CallbackQuery, bot_id: int) -> Arrival:
    hint = _hint(query.from_user)
    query_id = _whole(query.id, 64)
    chat = query.message.chat if query.message else None
    if not query.data or (chat is not None and chat.type != "private"):
        return Arrival(update_id, callback_query_id=query_id, language_hint=hint)
    # In a private chat the chat has the person's number.
    address = _number(chat.id if chat else query.from_user.id)
    message = _message(address, f"{bot_id}:{update_id}", Kind.CHOICE, _whole(query.data, 64), "", hint)
    return Arrival(update_id, message, callback_query_id=query_id, language_hint=hint)


def _standing(update_id: int, change: ChatMemberUpdated) -> Arrival:
    present = change.new_chat_member.status in _PRESENT
    if change.chat.type == "private":
        return Arrival(update_id, standing="unblocked" if present else "blocked")
    if present and change.old_chat_member.status not in _PRESENT:
        return _refused(update_id, change.chat.id, change.from_user)
    return Arrival(update_id)


def _refused(update_id: int, chat_id: int, person: User | None) -> Arrival:
    return Arrival(update_id, refused_chat=str(_number(chat_id)), language_hint=_hint(person))


def _message(address: int, number: str, kind: Kind, text: str, argument: str, hint: str | None) -> model.Message:
    return model.Message(CHANNEL, str(address), number, kind, text, argument, hint)


def _hint(person: User | None) -> str | None:
    code = person.language_code if person else None
    return code.lower() if isinstance(code, str) and len(code) < 36 and _LANGUAGE.fullmatch(code) else None


def _number(value: object) -> int:
    if type(value) is not int:
        raise UnreadableUpdateError("a chat without a number")
    return value


def _whole(value: object, most: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """Text that UTF-8 can carry: JSON may hold halves of surrogate pairs and zero bytes, a database may not."""
    if not isinstance(value, str):
        raise UnreadableUpdateError("a text that is none")
    return value[:most].encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
