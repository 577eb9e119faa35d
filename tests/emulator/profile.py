"""The methods about the bot itself: who it is, its commands, its descriptions, its menu button."""

from __future__ import annotations

import re
from typing import Any, Final

from aiogram.methods import (
    DeleteMyCommands,
    GetChat,
    GetChatMenuButton,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from tests.emulator.refusals import bad_request
from tests.emulator.richtext import units
from tests.emulator.world import World

Json = dict[str, Any]

_COMMAND: Final = re.compile(r"/?[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_NAME_UNITS: Final = 64
_DESCRIPTION_UNITS: Final = 512
_SHORT_DESCRIPTION_UNITS: Final = 120


async def get_me(world: World, call: GetMe) -> Json:
    """The bot with what it may do."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_chat(world: World, call: GetChat) -> Json:
    """What a bot may know of a chat."""
    chat = world.chats.find(call.chat_id)
    return {
        **chat.brief(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


async def set_my_commands(world: World, call: SetMyCommands) -> bool:
    """Replace the commands of one scope and language."""
    if len(call.commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in call.commands:
        if not _COMMAND.fullmatch(command.command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command.description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_place(call)] = [
        {"command": command.command.removeprefix("/"), "description": command.description} for command in call.commands
    ]
    return True


async def get_my_commands(world: World, call: GetMyCommands) -> list[Json]:
    """The commands of exactly this scope and language."""
    return world.profile.commands.get(_place(call), [])


async def delete_my_commands(world: World, call: DeleteMyCommands) -> bool:
    """Forget the commands of one scope and language."""
    world.profile.commands.pop(_place(call), None)
    return True


async def set_my_name(world: World, call: SetMyName) -> bool:
    """The bot's name in one language."""
    return _set(world.profile.names, call.language_code, call.name, _NAME_UNITS)


async def get_my_name(world: World, call: GetMyName) -> Json:
    """The name in a language, else the name for all, else the name it was born with."""
    names = {"": str(world.bot["first_name"])} | world.profile.names
    return {"name": _get(names, call.language_code)}


async def set_my_description(world: World, call: SetMyDescription) -> bool:
    """What an empty chat with the bot shows, in one language."""
    return _set(world.profile.descriptions, call.language_code, call.description, _DESCRIPTION_UNITS)


async def get_my_description(world: World, call: GetMyDescription) -> Json:
    """The description in a language, else the one for all."""
    return {"description": _get(world.profile.descriptions, call.language_code)}


async def set_my_short_description(world: World, call: SetMyShortDescription) -> bool:
    """What the bot's profile page shows, in one language."""
    texts = world.profile.short_descriptions
    return _set(texts, call.language_code, call.short_description, _SHORT_DESCRIPTION_UNITS)


async def get_my_short_description(world: World, call: GetMyShortDescription) -> Json:
    """The short description in a language, else the one for all."""
    return {"short_description": _get(world.profile.short_descriptions, call.language_code)}


async def set_chat_menu_button(world: World, call: SetChatMenuButton) -> bool:
    """The button beside the text field, of one private chat or of all."""
    if call.chat_id is not None and world.chats.find(call.chat_id).type != "private":
        raise bad_request("chat_id must identify a private chat")
    shown = call.menu_button.model_dump(mode="json", exclude_none=True) if call.menu_button else {"type": "default"}
    world.profile.menu_buttons[call.chat_id] = shown
    return True


async def get_chat_menu_button(world: World, call: GetChatMenuButton) -> Json:
    """The menu button of a chat, else the one of all chats."""
    buttons = {None: {"type": "commands"}} | world.profile.menu_buttons
    return buttons.get(call.chat_id, buttons[None])


def _place(call: SetMyCommands | GetMyCommands | DeleteMyCommands) -> tuple[str, str]:
    scope = call.scope.model_dump_json(exclude_none=True) if call.scope is not None else '{"type":"default"}'
    return scope, _language(call.language_code)


def _language(code: str | None) -> str:
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("language code must be a two-letter ISO 639-1 code")
    return code or ""


def _set(texts: dict[str, str], code: str | None, text: str | None, most: int) -> bool:
    if text and units(text) > most:
        raise bad_request("text is too long")
    language = _language(code)
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _get(texts: dict[str, str], code: str | None) -> str:
    return texts.get(_language(code)) or texts.get("", "")
