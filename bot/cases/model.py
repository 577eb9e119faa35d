"""The words of hand-over: who may take part, what state a case is in, and what can go wrong.

Pure: no database. A `State` is never stored: it follows from the last entry of a case whose kind is in `AFTER`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from bot.cases.rights import RIGHTS, Right
from bot.cases.rights import Role as Role
from bot.errors import CaseError

BELL: Final = "cases"
"""Rings with a case's id at every change of it."""

TO_APPLICANT: Final = ("applicant", "staff")
"""The audience of what both sides read. Staff alone: `TO_STAFF`. An internal note has an empty audience."""

TO_STAFF: Final = ("staff",)

MOST_CHARACTERS: Final = 3000
"""Longest message or note of a person, in code points. Channels with a lower limit split it."""


class CaseNotFound(CaseError):  # noqa: N818 - the names of this tree say what is the case
    """There is no such case, or this person may not know of it."""


class AlreadyClaimed(CaseError):  # noqa: N818
    """Somebody else was faster."""


class NotYours(CaseError):  # noqa: N818
    """Only the person who has claimed the case may do this."""


class CaseClosed(CaseError):  # noqa: N818
    """The case is finished: nothing can be added."""


class UnfitMessage(CaseError):  # noqa: N818
    """A message or note that is empty or longer than `MOST_CHARACTERS`."""


class KeptForColleague(CaseError):  # noqa: N818
    """The case waits for somebody by name first, and their time is not over."""


class CannotTake(CaseError):  # noqa: N818
    """This colleague may not have the case: another language, dismissed, or nobody of this office."""


class StaysClosed(CaseError):  # noqa: N818
    """A finished case is too old to go on, or its applicant has another one by now."""


class OfficersOnly(CaseError):  # noqa: N818
    """Interpreters come from outside the office; this is the office's own business."""


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # nobody has had it yet
    WAITING = "waiting"  # somebody had it and it is back in the queue
    CLAIMED = "claimed"
    CLOSED = "closed"

    @property
    def in_queue(self) -> bool:
        return self in (State.OPEN, State.WAITING)


AFTER: Final = {
    "opened": State.OPEN,
    "returned": State.WAITING,
    "offered": State.WAITING,  # to a colleague who is not there: they come first for `OFFERED_FOR`
    "claimed": State.CLAIMED,
    "handed": State.CLAIMED,  # by its holder
    "taken": State.CLAIMED,  # from its holder
    "reopened": State.CLAIMED,
    "closed": State.CLOSED,
}
"""The state of a case after an entry of this kind. All other kinds (`message`, `unclear`, `moved`, `invited`) change
nothing.

The entry's person is who has the case then, or whom it waits for, or who closed it; never who merely gave it to them.
"""

IN_QUEUE: Final = tuple(kind for kind, state in AFTER.items() if state.in_queue)
HELD: Final = tuple(kind for kind, state in AFTER.items() if state is State.CLAIMED)

OFFERED_FOR: Final = timedelta(minutes=5)
"""How long a case waits for the colleague it was handed to before everybody may take it."""

REOPENED_WITHIN: Final = timedelta(days=7)
"""How long after its end a case can go on."""


class Priority(IntEnum):
    """The order in the queue; within one priority the longest wait comes first."""

    NORMAL = 0
    HIGH = 1  # vulnerable persons, a deadline
    URGENT = 2  # danger, violence, a child alone


class Reason(StrEnum):
    """Why a case was opened or went back to the queue."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not-understood"
    TROUBLE = "trouble"
    SENSITIVE = "sensitive"
    RETURNED = "returned"
    SIGNED_OUT = "signed-out"
    TAKEN_BACK = "taken-back"
    VANISHED = "vanished"
    NOT_TAKEN = "not-taken"


class Outcome(StrEnum):
    """How a case ended, in the words of the person who closed it."""

    HELPED = "helped"
    REFERRED = "referred"
    NO_REPLY = "no-reply"
    OTHER = "other"


JOINED: Final = "joined"
"""The outcome of a case that nobody closed: its applicant had another one, and it goes on there."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the office. `languages` are codes of the registry."""

    id: UUID
    name: str
    role: Role
    languages: tuple[str, ...]

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def may_take(self, language: str) -> bool:
        """Interpreters take cases of their languages; officers and supervisors any; other roles none."""
        return self.may(Right.EVERY_CASE) or (self.may(Right.CASES) and language in self.languages)

    @property
    def may_step_in(self) -> bool:
        """Whether this person may write in a colleague's case, take it over, and open what others have closed."""
        return self.may(Right.EVERY_CASE)

    def may_read(self, language: str, state: State, holder: UUID | None) -> bool:
        """Need to know: what waits for somebody like me, or is (or was last) mine. Officers review every case."""
        if self.may(Right.EVERY_CASE):
            return True
        return self.may(Right.CASES) and (holder == self.id or (state.in_queue and language in self.languages))


def reference(ordinal: int, number: int) -> str:
    """The short name of a person's message, by which a copy is recognised: `#A17`.

    The letter is the conversation's first, second … case, the number counts the messages of the case.
    """
    letters = ""
    while ordinal > 0:
        ordinal, rest = divmod(ordinal - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"#{letters}{number}"
