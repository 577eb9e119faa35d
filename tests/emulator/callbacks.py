"""Presses of inline buttons that wait for `answerCallbackQuery`."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Final

from tests.emulator.clock import Clock
from tests.emulator.records import Press
from tests.emulator.refusals import bad_request

ANSWERABLE_SECONDS: Final = 15 * 60


@dataclass
class _Waiting:
    press: Press
    born: float


class CallbackDesk:
    """Every press, and whether its spinner still turns."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._presses: dict[str, _Waiting] = {}

    def press(self, chat_id: int, data: str) -> str:
        """Register a press. Returns the id of its callback query."""
        query_id = str(random.getrandbits(62))
        press = Press(callback_query_id=query_id, chat_id=chat_id, data=data, pressed=time.monotonic())
        self._presses[query_id] = _Waiting(press, born=self._clock.now())
        return query_id

    def answer(self, query_id: str, text: str | None, alert: bool) -> None:
        """End the spinner. Refuses with 400 an id that is unknown, answered or older than 15 minutes."""
        waiting = self._presses.get(query_id)
        if (
            waiting is None
            or waiting.press.answered is not None
            or self._clock.now() - waiting.born > ANSWERABLE_SECONDS
        ):
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        waiting.press = waiting.press.model_copy(update={"answered": time.monotonic(), "text": text, "alert": alert})

    def presses(self) -> list[Press]:
        """All presses in order."""
        return [waiting.press for waiting in self._presses.values()]
