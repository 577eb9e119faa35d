"""When tries of the identity check look like an attack on many, so that a person of the office must know.

Owns the rules; `bot.storage.alarms` counts. Limits stop one number, one chat and one kiosk. Who has many chats and goes
through many numbers stays below every limit, and is seen here. An alarm blocks nobody: a lock that an attacker can
pull would keep everybody from their own file.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

WINDOW: Final = timedelta(hours=1)
"""How far back the signs are counted; less when somebody of the office has seen the alarm since."""

NUMBERS_OF_A_RANGE: Final = 10
"""Different numbers of one neighbourhood that failed. Honest people are spread over all of them."""

TRIES_AFTER_THE_LOCK: Final = 20
"""Of one chat, visit or kiosk. Who mistypes stops earlier, because the answer sends them to the desk."""

TIMES_THE_USUAL: Final = 3
FEWEST_FAILURES: Final = 30
"""A quiet night has no failures at all: three times that would be an alarm for one."""

MOST_FAILURES: Final = 500
"""More than this in an hour is an alarm whatever is usual, so nobody needs to be counted beyond it."""


class Alarm(StrEnum):
    """What it looks like."""

    RANGE = "range"
    FAILURES = "failures"
    PERSISTENCE = "persistence"


@dataclass(frozen=True, slots=True)
class Signs:
    """Counts around one failed try, of the last hour; `usual_failures` of an hour in the day before."""

    numbers_of_range: int
    failures: int
    usual_failures: float
    tries_after_lock: int


def alarms(signs: Signs) -> frozenset[Alarm]:
    """The alarms that these signs are."""
    many = min(max(FEWEST_FAILURES, TIMES_THE_USUAL * signs.usual_failures), MOST_FAILURES)
    found = {
        Alarm.RANGE: signs.numbers_of_range >= NUMBERS_OF_A_RANGE,
        Alarm.FAILURES: signs.failures > many,
        Alarm.PERSISTENCE: signs.tries_after_lock >= TRIES_AFTER_THE_LOCK,
    }
    return frozenset(alarm for alarm, is_one in found.items() if is_one)
