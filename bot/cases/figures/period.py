"""The days that figures are about: whole days of the office, up to yesterday, and only days that are still complete.

What retention has erased cannot be counted, and a day of which a part is erased would look like a quiet one. So a
period is shortened to the days of which nothing can have been erased by age. What people erase themselves is gone
(*Finish* at a kiosk, `/forget`), and no period brings it back.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from bot.i18n.formats import OFFICE_ZONE

PERIODS: Final = (7, 30, 90)
"""The lengths that can be chosen, in days. Few, because each more is another way to compare."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` to the end of `last`. Without a day where `last` is before `first`."""

    first: date
    last: date

    @classmethod
    def before(cls, today: date, days: int) -> Self:
        """The `days` whole days before today."""
        return cls(today - timedelta(days=days), today - timedelta(days=1))

    def as_far_as_kept(self, days: int) -> "Period":
        """The days of it of which everything is there, where all is kept for `days` days."""
        today = self.last + timedelta(days=1)
        return Period(max(self.first, today - timedelta(days=days - 1)), self.last)

    @property
    def days(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    @property
    def begin(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that is not in it any more."""
        return _midnight(self.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE)
