"""`EmulatorClient`: how a test plays the people, asks what arrived and orders troubles.

Works the same against the emulator in a thread and in another process. Its methods block for a moment
only; in asyncio tests use `arrived` and `until` to wait, so that the bot's loop goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx2
from pydantic import TypeAdapter

from tests.emulator.records import (
    Call,
    ChatType,
    Delivered,
    FaultKind,
    MediaKind,
    Party,
    Press,
    Sent,
    UpdateRecord,
)

Json = dict[str, Any]
T = TypeVar("T")

WAIT_SECONDS: Final = 10.0
_LONGEST_WAIT: Final = 30.0


class ControlError(AssertionError):
    """The test asked for something that cannot be, or the emulator broke its own rules."""


class EmulatorClient:
    """`url` is the emulator's address, `token` the bot's; `base_url` is what bot libraries want."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.base_url = f"{url}/bot"
        self._http = httpx2.Client(base_url=url, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection. Raises ControlError when the emulator has broken the Bot API itself."""
        defects = self._ask(list[str], "defects")
        self._http.close()
        if defects:
            raise ControlError(f"the emulator left the Bot API: {defects}")

    # People.

    def new_person(
        self, first_name: str = "Test", language_code: str | None = None, username: str | None = None
    ) -> Party:
        """Somebody with an empty private chat. The bot may write only after their first message."""
        return self._ask(Party, "new_person", first_name=first_name, language_code=language_code, username=username)

    def new_group(self, user_id: int, title: str = "Group", kind: ChatType = "supergroup") -> Party:
        """A group of `user_id` with the bot as a member."""
        return self._ask(Party, "new_group", user_id=user_id, title=title, kind=kind)

    def new_channel(self, user_id: int, title: str = "Channel", username: str | None = None) -> Party:
        """A channel of `user_id` with the bot as an administrator."""
        return self._ask(Party, "new_channel", user_id=user_id, title=title, username=username)

    def send_text(self, chat_id: int, text: str, user_id: int | None = None, reply_to: int | None = None) -> Sent:
        """A text or a command."""
        return self._ask(Sent, "send_text", chat_id=chat_id, text=text, user_id=user_id, reply_to=reply_to)

    def send_media(self, chat_id: int, kind: MediaKind, caption: str | None = None, user_id: int | None = None) -> Sent:
        """A photo, sticker, voice message, contact, document, location or poll."""
        return self._ask(Sent, "send_media", chat_id=chat_id, kind=kind, caption=caption, user_id=user_id)

    def edit_text(self, chat_id: int, message_id: int, text: str) -> Sent:
        """Change a message that the person has sent."""
        return self._ask(Sent, "edit_text", chat_id=chat_id, message_id=message_id, text=text)

    def press(
        self,
        chat_id: int,
        label: str,
        message_id: int | None = None,
        user_id: int | None = None,
        inaccessible: bool = False,
    ) -> Sent:
        """Press an inline button by its label, on the newest message that has it or on `message_id`."""
        return self._ask(
            Sent,
            "press",
            chat_id=chat_id,
            label=label,
            message_id=message_id,
            user_id=user_id,
            inaccessible=inaccessible,
        )

    def block(self, chat_id: int) -> Sent:
        """Block the bot; in a group or channel, throw it out."""
        return self._ask(Sent, "block", chat_id=chat_id)

    def unblock(self, chat_id: int) -> Sent:
        """Let the bot in again."""
        return self._ask(Sent, "unblock", chat_id=chat_id)

    def delete_account(self, chat_id: int) -> None:
        """The person is gone, without a word to the bot."""
        self._ask(type(None), "delete_account", chat_id=chat_id)

    def send_raw(self, content: Json, checked: bool = False) -> Sent:
        """Any update without its `update_id`, however broken."""
        return self._ask(Sent, "send_raw", content=content, checked=checked)

    # What happened.

    def delivered(self, chat_id: int) -> list[Delivered]:
        """Every message of the bot in a chat, in order, as it stands now."""
        return self._ask(list[Delivered], "delivered", chat_id=chat_id)

    def words(self, chat_id: int) -> list[str]:
        """What every message says that stands in a chat now, of both sides, in order."""
        return self._ask(list[str], "words", chat_id=chat_id)

    def journal(self, method: str | None = None, chat_id: int | None = None, after: int = 0) -> list[Call]:
        """Every call of the bot that has ended, or those of one method, of one chat, with `seq` above `after`."""
        return [
            call
            for call in self._ask(list[Call], "journal", after=after)
            if method in (None, call.method) and chat_id in (None, call.chat_id)
        ]

    def updates(self) -> list[UpdateRecord]:
        """Every update, when it was handed over and when the bot confirmed it."""
        return self._ask(list[UpdateRecord], "updates")

    def presses(self, chat_id: int | None = None) -> list[Press]:
        """Every press of an inline button, answered or not."""
        return [press for press in self._ask(list[Press], "presses") if chat_id in (None, press.chat_id)]

    def wait_until(self, condition: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
        """Ask again after each change until `condition()` is true, and return its value.

        Raises TimeoutError after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            revision = self._ask(int, "revision")
            if value := condition():
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"did not happen within {seconds} s")
            self._ask(int, "wait", revision=revision, seconds=min(left, _LONGEST_WAIT))

    def wait_for(self, chat_id: int, count: int = 1, after: int = 0, seconds: float = WAIT_SECONDS) -> list[Delivered]:
        """At least `count` messages of the bot in a chat whose ids lie above `after`."""

        def enough() -> list[Delivered] | None:
            messages = [message for message in self.delivered(chat_id) if message.message_id > after]
            return messages if len(messages) >= count else None

        return self.wait_until(enough, seconds)

    async def until(self, condition: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
        """`wait_until` for asyncio tests."""
        return await asyncio.to_thread(self.wait_until, condition, seconds)

    async def arrived(
        self, chat_id: int, count: int = 1, after: int = 0, seconds: float = WAIT_SECONDS
    ) -> list[Delivered]:
        """`wait_for` for asyncio tests."""
        return await asyncio.to_thread(self.wait_for, chat_id, count, after, seconds)

    # Troubles.

    def answer_status(
        self,
        status: int,
        method: str = "sendMessage",
        times: int = 1,
        retry_after: int | None = None,
        chat_id: int | None = None,
    ) -> None:
        """The next calls are answered with this status and do nothing."""
        self._fault("status", method, times, chat_id, status=status, retry_after=retry_after)

    def reset_connection(self, method: str = "sendMessage", times: int = 1, chat_id: int | None = None) -> None:
        """The next calls do nothing and lose their connection."""
        self._fault("reset", method, times, chat_id)

    def lose_answer(
        self, method: str = "sendMessage", times: int = 1, seconds: float = 30.0, chat_id: int | None = None
    ) -> None:
        """The next calls work, but their answer never comes; the connection is cut after `seconds`."""
        self._fault("deaf", method, times, chat_id, seconds=seconds)

    def slow_down(
        self, seconds: float, method: str = "sendMessage", times: int = 1, chat_id: int | None = None
    ) -> None:
        """The next calls wait before they work."""
        self._fault("slow", method, times, chat_id, seconds=seconds)

    def clear_faults(self) -> None:
        """Cancel troubles that have not struck yet."""
        self._ask(type(None), "clear_faults")

    def limits(self, on: bool) -> None:
        """Switch flood control on or off, and forget what has passed. It is on at first."""
        self._ask(type(None), "limits", on=on)

    def advance(self, seconds: float) -> None:
        """Let the emulator's clock run ahead."""
        self._ask(type(None), "advance", seconds=seconds)

    def repeat_update(self, update_id: int, times: int = 1, content: Json | None = None) -> None:
        """Offer an update again, even a confirmed one; with `content`, changed under the same id."""
        self._ask(type(None), "repeat_update", update_id=update_id, times=times, content=content)

    def hold_updates(self) -> None:
        """Keep new updates back."""
        self._ask(type(None), "hold_updates")

    def release_updates(self, backwards: bool = False) -> list[int]:
        """Offer what was held back, the last first if `backwards`. Returns the ids in that order."""
        return self._ask(list[int], "release_updates", backwards=backwards)

    def restart_update_ids(self, first: int) -> None:
        """Number updates from `first` on, as after a week of silence. Nothing may be pending."""
        self._ask(type(None), "restart_update_ids", first=first)

    def _fault(self, kind: FaultKind, method: str, times: int, chat_id: int | None, **details: Any) -> None:
        self._ask(type(None), "fault", kind=kind, method=method, times=times, chat_id=chat_id, **details)

    def _ask(self, shape: type[T], action: str, **arguments: Any) -> T:
        answer = self._http.post(f"/_control/{action}", json=arguments)
        if answer.status_code != 200:
            raise ControlError(answer.json()["error"])
        return TypeAdapter(shape).validate_json(answer.content)
