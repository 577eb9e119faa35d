"""The test's own door: `POST /_control/<action>` with JSON arguments, JSON results.

`EmulatorClient` is the typed way in. Errors are answered with 400 and `{"error": sentence}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web
from pydantic import ValidationError, validate_call
from pydantic_core import to_jsonable_python

from tests.emulator.faults import Fault
from tests.emulator.judge import JudgementError
from tests.emulator.phone import Phone
from tests.emulator.records import Call, Delivered, FaultKind, Press, UpdateRecord
from tests.emulator.refusals import Refusal
from tests.emulator.world import World

Json = dict[str, Any]


class Control:
    """Every action of the test's side, by name."""

    def __init__(self, world: World) -> None:
        self._world = world
        phone = Phone(world)
        questions: list[Callable[..., Any]] = [
            self.delivered, self.words, self.journal, self.updates, self.presses, self.revision, self.defects,
        ]  # fmt: skip
        acts: list[Callable[..., Any]] = [
            phone.new_person, phone.new_group, phone.new_channel, phone.send_text, phone.send_media,
            phone.edit_text, phone.press, phone.block, phone.unblock, phone.delete_account, phone.send_raw,
            self.fault, self.clear_faults, self.limits, self.advance, self.repeat_update,
            self.hold_updates, self.release_updates, self.restart_update_ids,
        ]  # fmt: skip
        self._questions = {question.__name__ for question in questions}
        self._known = {one.__name__: validate_call(one) for one in questions + acts}

    async def handle(self, request: web.Request) -> web.Response:
        """One action. `wait` is the only one that takes time."""
        name = request.match_info["action"]
        try:
            arguments = json.loads(await request.text() or "{}")
            if name == "wait":
                result: Any = await self._world.change_after(arguments["revision"], arguments["seconds"])
            else:
                result = self._known[name](**arguments)
                if name not in self._questions:
                    self._world.changed()
        except (ValidationError, ValueError, LookupError, StopIteration, TypeError, Refusal) as error:
            return web.json_response({"error": f"{name}: {error}"}, status=400)
        except JudgementError as error:
            self._world.defects.append(str(error))
            return web.json_response({"error": f"{name}: {error}"}, status=500)
        return web.json_response(to_jsonable_python(result))

    def delivered(self, chat_id: int) -> list[Delivered]:
        """Every message that the bot has sent to a chat, in order."""
        return self._world.chats.find(chat_id).delivered()

    def words(self, chat_id: int) -> list[str]:
        """What every message says that stands in a chat now."""
        return self._world.chats.find(chat_id).words()

    def journal(self, after: int = 0) -> list[Call]:
        """Every call that the bot has made, in the order in which they ended, from `seq` after + 1 on."""
        return self._world.journal[after:]

    def updates(self) -> list[UpdateRecord]:
        """Every update and what became of it."""
        return self._world.queue.records()

    def presses(self) -> list[Press]:
        """Every press of an inline button."""
        return self._world.callbacks.presses()

    def revision(self) -> int:
        """A number that rises with everything that happens."""
        return self._world.revision

    def defects(self) -> list[str]:
        """What the judge had to say against the emulator itself."""
        return self._world.defects

    def fault(
        self,
        kind: FaultKind,
        method: str = "*",
        times: int = 1,
        chat_id: int | None = None,
        status: int = 500,
        retry_after: int | None = None,
        seconds: float = 0.0,
    ) -> None:
        """Order a trouble, see `faults.Fault`."""
        self._world.faults.order(Fault(kind, method, times, chat_id, status, retry_after, seconds))

    def clear_faults(self) -> None:
        """Cancel troubles that have not struck yet."""
        self._world.faults.clear()

    def limits(self, on: bool) -> None:
        """Switch flood control and forget what has passed."""
        self._world.limits.on = on
        self._world.limits.reset()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._world.clock.advance(seconds)

    def repeat_update(self, update_id: int, times: int = 1, content: Json | None = None) -> None:
        """Offer an update again, with `content` instead of its own if given."""
        self._world.queue.repeat(update_id, times, content)

    def hold_updates(self) -> None:
        """Keep updates back."""
        self._world.queue.hold()

    def release_updates(self, backwards: bool = False) -> list[int]:
        """Offer what was kept back."""
        return self._world.queue.release(backwards=backwards)

    def restart_update_ids(self, first: int) -> None:
        """Number updates from `first` on."""
        self._world.queue.restart_ids(first)
