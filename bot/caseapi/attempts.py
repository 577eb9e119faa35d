"""How often an identity may be tried, and the port behind which tries are counted.

Owns the policy; PostgreSQL stands behind `AttemptLog` in `bot.storage`. Numbers reach the log only as keyed hashes. A
try counts from its start until it succeeds, so many tries at once can not outrun the count, and nobody can make the
office send SMS without end. The desk always works: a locked number is locked for machines only, for a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

Fingerprint = Callable[..., bytes]
"""`bot.storage.sealing.Seal.fingerprint`: a keyed hash of strings."""

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """Tries that one number, conversation or device may have within a window that ends now."""

    failures: int
    """Tries without success."""
    window: timedelta = DAY
    subjects: int | None = None
    """Different numbers tried from there, with or without success; None for any."""


NUMBER: Final = Limit(failures=5)
"""One number, from everywhere."""

CHAT: Final = Limit(failures=5, subjects=3)
"""One chat account, or one visit at a kiosk: a person, perhaps with family."""

KIOSK: Final = Limit(failures=20, window=timedelta(hours=1))
"""One kiosk: everybody who comes to the office."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: a chat account ("telegram:7"), or a visit ("kiosk:…") at a device with its own limit."""

    name: str
    limit: Limit
    device: "Origin | None" = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Something whose tries are counted, by its keyed hash."""

    name: bytes
    limit: Limit


@dataclass(frozen=True, slots=True)
class Try:
    """One try as the log knows it. `neighbourhood` is the keyed hash of the numbers that differ in their end only."""

    subject: Counted
    origin: Counted
    device: Counted | None = None
    neighbourhood: bytes | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the log holds of a try before it, each within the window of its limit."""

    failures_of_subject: int
    failures_from_origin: int
    other_subjects_from_origin: int
    failures_from_device: int = 0


def admits(attempt: Try, tally: Tally) -> bool:
    """Whether this try may begin."""
    subject, origin, device = attempt.subject.limit, attempt.origin.limit, attempt.device
    return (
        tally.failures_of_subject < subject.failures
        and tally.failures_from_origin < origin.failures
        and (origin.subjects is None or tally.other_subjects_from_origin < origin.subjects)
        and (device is None or tally.failures_from_device < device.limit.failures)
    )


class AttemptLog(Protocol):
    """The counted tries of all processes and channels."""

    async def reserve(self, attempt: Try) -> int | None:
        """Count this try as failed and give its id; or None when its limits do not admit it.

        Counting and admitting are one step: two tries of one subject, origin or device never pass at the same time.
        """
        ...

    async def succeeded(self, attempt: int) -> None:
        """The try confirmed an identity: it no longer counts as failed."""
        ...

    async def withdraw(self, attempt: int) -> None:
        """The case system could not be asked: the try is forgotten, because the person did nothing wrong."""
        ...
