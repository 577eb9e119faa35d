"""What Telegram accepts under a message. Shapes are judged before; these are the limits.

Callback data has 1-64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton). The numbers of
buttons are the observed ones: 100 inline and 8 in a row, 300 and 12 on a reply keyboard.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from pydantic import BaseModel

from tests.emulator.records import Button
from tests.emulator.refusals import bad_request

CALLBACK_DATA_BYTES: Final = 64
_INLINE: Final = (100, 8)
_REPLY: Final = (300, 12)
_NOT_ACTIONS: Final = {"text", "icon_custom_emoji_id", "style", "disabled"}


def check(markup: BaseModel | None) -> dict[str, Any] | None:
    """The keyboard as it is stored with its message, or None when nothing hangs under the message.

    Refuses with 400 what Telegram would not show. An inline keyboard without buttons is no keyboard.
    """
    if isinstance(markup, InlineKeyboardMarkup):
        rows = [row for row in markup.inline_keyboard if row]
        _check_size([len(row) for row in rows], *_INLINE)
        shown = [[_inline_button(button) for button in row] for row in rows]
        return {"inline_keyboard": shown} if shown else None
    if isinstance(markup, ReplyKeyboardMarkup):
        _check_size([len(row) for row in markup.keyboard], *_REPLY)
        if any(not button.text for row in markup.keyboard for button in row):
            raise bad_request("keyboard button text must be non-empty")
    return None


def buttons(markup: dict[str, Any] | None) -> tuple[Button, ...]:
    """All buttons of a stored keyboard, row by row."""
    rows = (markup or {}).get("inline_keyboard", [])
    return tuple(
        Button(
            label=button["text"],
            row=number,
            callback_data=button.get("callback_data"),
            url=button.get("url"),
        )
        for number, row in enumerate(rows)
        for button in row
    )


def _check_size(rows: list[int], most: int, most_in_row: int) -> None:
    if sum(rows) > most or any(length > most_in_row for length in rows):
        raise bad_request("reply markup is too long")


def _inline_button(button: InlineKeyboardButton) -> dict[str, Any]:
    fields: dict[str, Any] = button.model_dump(mode="json", exclude_none=True)
    if not button.text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.callback_data is not None and len(button.callback_data.encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    actions = [name for name, value in fields.items() if name not in _NOT_ACTIONS and value not in ("", False)]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one optional field must be used")
    if button.url is not None:
        _check_url(button.url)
    return fields


def _check_url(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https", "tg"):
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: Unsupported URL protocol")
    if not parts.netloc:
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")
