"""The keyboard below a message: choices as opaque tokens, pages of this service as links."""

import unicodedata
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Button, Utterance

_SHORT: Final = 16
"""Characters that can be seen of a label that leave room for a second button beside it on a narrow phone."""


def keyboard(utterance: Utterance) -> InlineKeyboardMarkup | None:
    """Rows of one or two buttons in the order given, or None when nothing can be chosen.

    A link that is not https is left out: it leads to a machine in the office, which a phone cannot reach.
    """
    rows: list[list[Button]] = []
    for button in utterance.buttons:
        if not button.token and not button.link.startswith("https://"):
            continue
        if rows and len(rows[-1]) == 1 and _is_short(rows[-1][0]) and _is_short(button):
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup([[_inline(button) for button in row] for row in rows]) if rows else None


def _is_short(button: Button) -> bool:
    seen = sum(unicodedata.category(character) not in ("Cf", "Mn") for character in button.label)
    return seen <= _SHORT


def _inline(button: Button) -> InlineKeyboardButton:
    if button.token:
        return InlineKeyboardButton(button.label, callback_data=button.token)
    return InlineKeyboardButton(button.label, url=button.link)
