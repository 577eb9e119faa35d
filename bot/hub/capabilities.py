"""What a channel can do, as far as it changes what is said. The channels themselves are not imported here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`longest`: characters of one bubble. `check_page`: where the identity check lives when it is not in the chat.

    `writes_first`: a message reaches this very person later, without them looking for it. `files`: it takes a file, and
    the device is the person's own.
    """

    longest: int
    check_page: str = ""
    private_chat_check: bool = False
    stored_abroad: bool = False
    writes_first: bool = False
    files: bool = False


CHANNELS: Final[Mapping[str, Capabilities]] = MappingProxyType(
    {
        # Telegram takes 4,096 UTF-16 units after markup (https://core.telegram.org/bots/api#sendmessage).
        "telegram": Capabilities(
            longest=3500, private_chat_check=True, stored_abroad=True, writes_first=True, files=True
        ),
        "kiosk": Capabilities(longest=20_000, check_page="/check"),
        "terminal": Capabilities(longest=20_000),
    }
)
DEFAULT: Final = Capabilities(longest=3500)


def capabilities(channel: str) -> Capabilities:
    return CHANNELS.get(channel, DEFAULT)
