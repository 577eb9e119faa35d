"""How a figure is written and how long its bar is. A span is shown as one, never as the number in its middle."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, floor
from typing import Final

from bot.bootstrap import Service
from bot.cases.figures import Count, Share, Waiting
from bot.cases.figures.counting import STEP
from bot.i18n.catalogues import N_
from bot.i18n.formats import format_duration, format_number, format_percent
from bot.i18n.registry import Language

FEWER: Final = N_("fewer than {n}")
TOO_FEW: Final = N_("too few")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in per cent of the longest one's length. `name` is what it stands for."""

    name: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Figures in one language."""

    service: Service
    code: str

    def count(self, count: Count) -> str:
        if count.few:
            return self.service.catalogues.say(self.code, FEWER, n=STEP)
        return f"{format_number(count.least, self._language)}–{format_number(count.most, self._language)}"

    def share(self, share: Share | None) -> str:
        """The span in whole per cent, rounded away from its middle: what it promises stays true."""
        if share is None:
            return self.service.catalogues.say(self.code, TOO_FEW)
        least, most = floor(100 * share.least) / 100, ceil(100 * share.most) / 100
        return f"{format_percent(least, self._language)} – {format_percent(most, self._language)}"

    def wait(self, wait: timedelta | None) -> str:
        if wait is None:
            return self.service.catalogues.say(self.code, TOO_FEW)
        return format_duration(wait, self._language)

    @staticmethod
    def bar(longest: float, *parts: tuple[str, float]) -> tuple[Segment, ...]:
        """The parts of a bar, each to its end, where `longest` is the length of the whole row of bars."""
        found, start = [], 0.0
        for name, end in parts:
            if end > start and longest:
                found.append(Segment(name, 100 * start / longest, 100 * (end - start) / longest))
                start = end
        return tuple(found)

    @staticmethod
    def longest_wait(rows: Iterable[Waiting]) -> float:
        """The longest wait that is told, in seconds; 0 where none is."""
        waits = (wait for row in rows for wait in (row.median, row.ninetieth) if wait is not None)
        return max((wait.total_seconds() for wait in waits), default=0.0)

    @classmethod
    def waits(cls, longest: float, row: Waiting) -> tuple[Segment, ...]:
        """The bar of two waits. `longest` is in seconds."""
        known = [("some", row.median), ("person", row.ninetieth)]
        return cls.bar(longest, *((name, wait.total_seconds()) for name, wait in known if wait is not None))

    @property
    def _language(self) -> Language:
        return self.service.registry.get(self.code)
