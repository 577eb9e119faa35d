"""The methods that write to people: messages, edits, deletions, chat actions, answers to presses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aiogram.enums import ChatAction
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    EditMessageReplyMarkup,
    EditMessageText,
    SendChatAction,
    SendMessage,
)
from aiogram.types import MessageEntity

from tests.emulator import keyboards, richtext
from tests.emulator.chats import Chat, Posted
from tests.emulator.judge import given
from tests.emulator.refusals import Refusal, bad_request
from tests.emulator.world import World

Json = dict[str, Any]

TEXT_UNITS: Final = 4096
_CALLBACK_ANSWER_UNITS: Final = 200
_DELETABLE_SECONDS: Final = 48 * 3600


async def send_message(world: World, call: SendMessage) -> Json:
    """Post a text message and return it as Telegram shows it."""
    chat = world.chats.writable(call.chat_id)
    content = _content(call)
    if call.protect_content and given(call.protect_content):
        content["has_protected_content"] = True
    if call.reply_parameters is not None:
        answered = chat.standing_message(call.reply_parameters.message_id)
        if answered is not None:
            content["reply_to_message"] = {
                name: value for name, value in answered.payload.items() if name != "reply_to_message"
            }
        elif not given(call.reply_parameters.allow_sending_without_reply):
            raise bad_request("message to be replied not found")
    posted = chat.post(content, date=world.clock.date(), now=world.clock.now(), sender=world.bot, from_bot=True)
    return posted.payload


async def edit_message_text(world: World, call: EditMessageText) -> Json:
    """Replace text and keyboard of one of the bot's own messages."""
    return _edit(world, call, _content(call))


async def edit_message_reply_markup(world: World, call: EditMessageReplyMarkup) -> Json:
    """Replace or remove the keyboard of one of the bot's own messages."""
    markup = keyboards.check(call.reply_markup)
    return _edit(world, call, {"reply_markup": markup} if markup else {}, keeps_text=True)


async def delete_message(world: World, call: DeleteMessage) -> bool:
    """Delete one message that is younger than 48 hours: in a private chat, the person's as well as the bot's.

    Rules: https://core.telegram.org/bots/api#deletemessage.
    """
    chat = world.chats.find(call.chat_id)
    posted = chat.standing_message(call.message_id)
    if posted is None:
        raise bad_request("message to delete not found")
    _delete(world, chat, posted)
    return True


async def delete_messages(world: World, call: DeleteMessages) -> bool:
    """Delete 1-100 messages; ids that are not there are skipped."""
    chat = world.chats.find(call.chat_id)
    if not call.message_ids:
        raise bad_request("message identifiers are not specified")
    if len(call.message_ids) > 100:
        raise bad_request("too many message identifiers specified")
    for posted in [chat.standing_message(message_id) for message_id in call.message_ids]:
        if posted is not None:
            _delete(world, chat, posted)
    return True


async def send_chat_action(world: World, call: SendChatAction) -> bool:
    """Show what the bot is doing. The journal remembers it, nothing else does."""
    world.chats.writable(call.chat_id)
    if call.action not in set(ChatAction):
        raise bad_request("wrong parameter action in request")
    return True


async def answer_callback_query(world: World, call: AnswerCallbackQuery) -> bool:
    """End the spinner of a pressed button, once."""
    if call.text and richtext.units(call.text) > _CALLBACK_ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    world.callbacks.answer(call.callback_query_id, call.text, bool(call.show_alert))
    return True


def formatted(
    source: str, mode: str | None, entities: Iterable[MessageEntity] | None
) -> tuple[str, list[richtext.Entity]]:
    """Plain text and entities of a text or a caption, whichever way its marks were given."""
    if not mode:
        marked = [entity.model_dump(mode="json", exclude_none=True) for entity in entities or ()]
        richtext.check_bounds(source, marked)
        return richtext.trimmed(source, marked)
    if mode.lower() == "html":
        return richtext.trimmed(*richtext.parse_html(source))
    if mode.lower() in ("markdown", "markdownv2"):
        raise Refusal(501, f"Not Implemented: the emulator does not read {mode}")
    raise bad_request("unsupported parse_mode")


def _content(call: SendMessage | EditMessageText) -> Json:
    source = call.text or ""
    if not source:
        raise bad_request("message text is empty")
    text, marked = formatted(source, given(call.parse_mode), call.entities)
    if not text:
        raise bad_request("text must be non-empty")
    if richtext.units(text) > TEXT_UNITS:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities := richtext.find_entities(text, marked):
        content["entities"] = entities
    if markup := keyboards.check(call.reply_markup):
        content["reply_markup"] = markup
    if (preview := given(call.link_preview_options)) is not None:
        content["link_preview_options"] = preview.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return content


def _edit(
    world: World, call: EditMessageText | EditMessageReplyMarkup, content: Json, *, keeps_text: bool = False
) -> Json:
    if call.inline_message_id is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.chats.writable(call.chat_id)
    posted = chat.standing_message(call.message_id)
    if posted is None:
        raise bad_request("message to edit not found")
    if not posted.from_bot:
        raise bad_request("message can't be edited")
    replaced = {"reply_markup"} if keeps_text else {"text", "entities", "reply_markup", "link_preview_options"}
    edited = {name: value for name, value in posted.payload.items() if name not in replaced} | content
    if _shown(edited) == _shown(posted.payload):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same"
            " as a current content and reply markup of the message"
        )
    posted.payload = edited | {"edit_date": world.clock.date()}
    posted.edits += 1
    return posted.payload


def _shown(payload: Json) -> tuple[Any, ...]:
    return payload.get("text"), payload.get("entities"), payload.get("reply_markup")


def _delete(world: World, chat: Chat, posted: Posted) -> None:
    old = world.clock.now() - posted.posted > _DELETABLE_SECONDS
    foreign = not posted.from_bot and chat.type != "private" and chat.standing != "administrator"
    if old or foreign:
        raise bad_request("message can't be deleted")
    posted.deleted = True
