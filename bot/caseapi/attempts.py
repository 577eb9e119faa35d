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


@dataclass(frozen=True, slots=True)
class Tally:
    """What the log holds of one window."""

    failures_of_subject: int
    """Tries of this number without success, from everywhere."""
    failures_from_origin: int
    """Tries without success from this conversation or kiosk, of any number."""
    other_subjects_from_origin: int
    """Different other numbers tried from there, with or without success."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one origin may try. A number's own limit is the same everywhere."""

    failures_from_origin: int
    other_subjects_from_origin: int
    failures_of_subject: int = 5
    window: timedelta = timedelta(days=1)

    def admit(self, tally: Tally) -> bool:
        return (
            tally.failures_of_subject < self.failures_of_subject
            and tally.failures_from_origin < self.failures_from_origin
            and tally.other_subjects_from_origin < self.other_subjects_from_origin
        )


CHAT: Final = Limits(failures_from_origin=5, other_subjects_from_origin=3)
"""One chat account: a person, perhaps with family."""

KIOSK: Final = Limits(failures_from_origin=20, other_subjects_from_origin=200, window=timedelta(days=1))
"""One kiosk: everybody who comes to the office that day."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. `name` is a conversation ("telegram:7") or a kiosk ("kiosk:hall-2")."""

    name: str
    limits: Limits


class AttemptLog(Protocol):
    """The counted tries of all processes and channels."""

    async def reserve(self, subject: bytes, origin: bytes, limits: Limits) -> int | None:
        """Count this try as failed and give its id; or None, without counting it, when `limits` do not admit it.

        Counting and admitting are one step: two tries of one subject or origin never pass at the same time.
        """
        ...

    async def succeeded(self, attempt: int) -> None:
        """The try confirmed an identity: it no longer counts as failed."""
        ...

    async def withdraw(self, attempt: int) -> None:
        """The case system could not be asked: the try is forgotten, because the person did nothing wrong."""
        ...
