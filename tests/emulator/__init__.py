"""A strict emulator of the Telegram Bot API: what stands at api.telegram.org when the tests run.

It owns the bot's side (`/bot<token>/<method>`), the people's side and troubles on demand
(`/_control/<action>`, spoken by `EmulatorClient`). It knows nothing of Rehber. Why it exists and what it
does not do: docs/decisions/0006-bot-api-emulator.md.
"""

from tests.emulator.client import ControlError, EmulatorClient
from tests.emulator.hosting import running_emulator, spawned_emulator
from tests.emulator.records import Button, Call, Delivered, Party, Press, Sent, UpdateRecord
from tests.emulator.server import TOKEN

__all__ = [
    "TOKEN",
    "Button",
    "Call",
    "ControlError",
    "Delivered",
    "EmulatorClient",
    "Party",
    "Press",
    "Sent",
    "UpdateRecord",
    "running_emulator",
    "spawned_emulator",
]
