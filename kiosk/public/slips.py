"""Slips of a visit: how many were printed, and that two touches print one.

In memory only, by the conversation's random id, and forgotten within hours; a slip itself holds nothing about anybody.
"""

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog

from bot.errors import PrintingError
from bot.hub.leaflets import Leaflets
from bot.printing.printer import NoPaperError, PrinterPlace, print_dots

log = structlog.get_logger()

MOST_OF_A_VISIT: Final = 5
FORGOTTEN_AFTER_SECONDS: Final = 2 * 60 * 60.0
"""Longer than any visit lasts."""


class Outcome(StrEnum):
    """How a touch on *Print* ended."""

    PRINTED = "printed"
    SILENT = "silent"  # no answer, refused, or nothing taken any more
    NO_PAPER = "no-paper"
    ENOUGH = "enough"


@dataclass(slots=True)
class _Printed:
    since: float
    slips: int = 0
    printing: bool = False


class Slips:
    """One for a process: the printer prints for one person after the other."""

    def __init__(self, leaflets: Leaflets, printer: PrinterPlace | None) -> None:
        self._leaflets = leaflets
        self._printer = printer
        self._one_at_a_time = asyncio.Lock()
        self._visits: dict[UUID, _Printed] = {}

    @property
    def offered(self) -> bool:
        return self._printer is not None

    async def print(self, visit: UUID, slug: str, language: str) -> Outcome:
        """Print the slip of a topic for a visit. Raises UnknownTopicError."""
        if self._printer is None:
            return Outcome.SILENT
        so_far = self._of(visit)
        if so_far.printing:
            return Outcome.PRINTED
        if so_far.slips >= MOST_OF_A_VISIT:
            return Outcome.ENOUGH
        so_far.printing = True
        try:
            dots = await self._leaflets.slip(slug, language)
            async with self._one_at_a_time:
                await asyncio.to_thread(print_dots, self._printer, dots)
        except PrintingError as error:
            log.warning("slip.not_printed", reason=type(error).__name__)
            return Outcome.NO_PAPER if isinstance(error, NoPaperError) else Outcome.SILENT
        finally:
            so_far.printing = False
        so_far.slips += 1
        return Outcome.PRINTED

    def _of(self, visit: UUID) -> _Printed:
        now = time.monotonic()
        self._visits = {
            other: printed
            for other, printed in self._visits.items()
            if printed.printing or now - printed.since < FORGOTTEN_AFTER_SECONDS
        }
        return self._visits.setdefault(visit, _Printed(now))
