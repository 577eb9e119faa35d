"""How a number of people becomes a figure that may be shown: coarse, so that no figure leads to a person.

What is counted are conversations and cases, never messages: five messages may be one person's, five conversations are
five people as far as anybody can tell.

Every number is shown as the class of five that it lies in, `0-4` (shown as fewer than 5), `5-9`, `10-14` and so on,
each cell by itself. Nothing else about the numbers leaves this module: totals and shares are worked out from the
classes, so they say nothing that the classes do not say. That is why no second cell has to be hidden. Where exact
figures are shown and small ones left out, a total minus its other parts gives the hidden one; here a total is the sum
of classes, and every number of a cell's class fits to all that is shown
(`tests/cases/figures/test_counting.py` proves it for the relations there are: a part is never more than its whole).
Two classes that overlap in time leave at least five values for their difference as well.

Two tables about the same people must not be bound by an equation, or the one narrows the classes of the other. So a
conversation counts once in each language it was held in and once for each topic, and a table of rows that every
conversation has exactly one of is shown once only: by channel.

What no rounding prevents: somebody who knows all people of a class but one learns about that one.
Periods end with yesterday, so that nobody watches a figure change while a person stands at the kiosk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final, Self

STEP: Final = 5
"""The width of a class, and the fewest people that are shown as a number."""

FEWEST_FOR_A_SHARE: Final = 4 * STEP
"""Below this the classes leave so much open that a share would say nothing."""

_FIVE_MINUTES: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people that is known to lie between `least` and `most`, both included."""

    least: int
    most: int

    @classmethod
    def of(cls, number: int) -> Self:
        """The class of a number. Raises ValueError for one below zero."""
        if number < 0:
            raise ValueError("people are counted from zero")
        least = number - number % STEP
        return cls(least, least + STEP - 1)

    @classmethod
    def total(cls, parts: Iterable["Count"]) -> Self:
        """What the classes of the parts say about their sum."""
        known = list(parts)
        return cls(sum(part.least for part in known), sum(part.most for part in known))

    @property
    def few(self) -> bool:
        """Whether it is not told from nobody."""
        return self.most < STEP


@dataclass(frozen=True, slots=True)
class Share:
    """A share that is known to lie between `least` and `most`, from 0 to 1."""

    least: float
    most: float

    @classmethod
    def of(cls, part: Count, whole: Count) -> "Share | None":
        """What the classes say about the share of a part in its whole; None where that is next to nothing."""
        if whole.least < FEWEST_FOR_A_SHARE:
            return None
        return cls(part.least / whole.most, min(1.0, part.most / whole.least))


def quantile(durations: Sequence[timedelta], at: float) -> timedelta | None:
    """The duration that a share `at` (0 to 1) of all does not exceed, rounded up to five minutes.

    None where fewer than five lie on either side of it: it would be one of theirs. The median needs ten, the ninetieth
    percentile fifty.
    """
    number = len(durations)
    # Tenths as binary fractions are a little more or less than tenths.
    beyond = round(min(at, 1 - at) * number, 6)
    if beyond < STEP:
        return None
    nearest = sorted(durations)[ceil(round(at * number, 6)) - 1]
    return -(-nearest // _FIVE_MINUTES) * _FIVE_MINUTES
