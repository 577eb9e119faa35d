"""Which function answers which method. Everything else that the Bot API has is answered with 501."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram.methods import TelegramMethod

from tests.emulator import documents, messages, profile, receiving
from tests.emulator.refusals import Refusal
from tests.emulator.world import World

Answer = Callable[[World, Any], Awaitable[Any]]

ANSWERS: Final[dict[str, Answer]] = {
    "sendMessage": messages.send_message,
    "sendDocument": documents.send_document,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "sendChatAction": messages.send_chat_action,
    "answerCallbackQuery": messages.answer_callback_query,
    "getMe": profile.get_me,
    "getChat": profile.get_chat,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
}


def answer_of(model: type[TelegramMethod[Any]]) -> Answer:
    """The function for a method. Refuses with 501 what Telegram has and the emulator has not."""
    try:
        return ANSWERS[model.__api_method__]
    except KeyError:
        raise Refusal(501, f"Not Implemented: the emulator has no {model.__api_method__}") from None
