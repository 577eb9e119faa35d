"""What each role of the office may see and do: one table, and nothing that is not in it.

Pure: no database, no web. A route names the right that it needs (`kiosk.staff.access`); which cases somebody sees
follows from their languages too (`bot.cases.model.Staff`).
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person of the office is. The value is also the author of their entries in a case."""

    INTERPRETER = "interpreter"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    CONTENT_EDITOR = "content-editor"
    ADMINISTRATOR = "administrator"
    DATA_OFFICER = "data-officer"


class Right(StrEnum):
    """Something that one may see or do."""

    CASES = "cases"
    """The queue, and the cases in one's own languages: read what waits, take it, answer, close."""
    EVERY_CASE = "every-case"
    """The same in every language, and read cases that colleagues have or had."""
    TAKE_BACK = "take-back"
    """Put a case that a colleague has back into the queue."""
    ALARMS = "alarms"
    """Say that an alarm over identity checks was seen."""
    CONTENT = "content"
    """What Rehber answers, and how far it was reviewed."""
    FIGURES = "figures"
    """How many people ask what, and how long they wait; nothing about anybody."""
    KIOSKS = "kiosks"
    """Which kiosks are alive."""
    PEOPLE = "people"
    """Who has an account, and to end their sessions."""
    AUDIT = "audit"
    """Who saw and did what."""


RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.INTERPRETER: frozenset({Right.CASES, Right.CONTENT, Right.FIGURES, Right.KIOSKS}),
    Role.OFFICER: frozenset({Right.CASES, Right.EVERY_CASE, Right.ALARMS, Right.CONTENT, Right.FIGURES, Right.KIOSKS}),
    Role.SUPERVISOR: frozenset(
        {Right.CASES, Right.EVERY_CASE, Right.TAKE_BACK, Right.ALARMS, Right.CONTENT, Right.FIGURES, Right.KIOSKS}
    ),
    Role.CONTENT_EDITOR: frozenset({Right.CONTENT, Right.FIGURES}),
    Role.ADMINISTRATOR: frozenset({Right.PEOPLE, Right.KIOSKS}),
    Role.DATA_OFFICER: frozenset({Right.AUDIT}),
}


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that have a right."""
    return tuple(role for role, rights in RIGHTS.items() if right in rights)
