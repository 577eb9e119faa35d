"""Troubles on demand: the next calls of a method fail in the way that a test asks for."""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulator.records import FaultKind


@dataclass
class Fault:
    """One trouble, for the next `times` matching calls.

    `status` answers with that HTTP status and does nothing else (429 carries `retry_after`, 502 a page of
    HTML as Telegram's front does). `reset` cuts the connection before anything happens. `deaf` does what
    was asked, lets the caller wait `seconds` and cuts the connection without an answer. `slow` waits
    `seconds` and then works.
    """

    kind: FaultKind
    method: str
    times: int
    chat_id: int | None = None
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0

    def name(self) -> str:
        """How the journal calls it."""
        return f"status {self.status}" if self.kind == "status" else self.kind


class FaultDesk:
    """Troubles in the order in which they were ordered; each call meets one at most."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add a trouble behind those that wait. `*` as method means any."""
        self._faults.append(fault)

    def meet(self, method: str, chat_id: int | None) -> Fault | None:
        """The trouble that strikes this call, if any, used up by one."""
        for fault in self._faults:
            fits = fault.method.lower() in ("*", method.lower())
            if fits and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Cancel everything that has not struck yet."""
        self._faults.clear()
