"""The pages in the console's bar, each with the right that it needs; the first one that somebody may see is theirs."""

from dataclasses import dataclass
from typing import Final

from bot.cases.model import Staff
from bot.cases.rights import Right
from bot.i18n.catalogues import N_


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A page of the console: its address and its name (English message id)."""

    right: Right
    address: str
    name: str


PAGES: Final = (
    MenuPage(Right.CASES, "/", N_("Queue")),
    MenuPage(Right.CONTENT, "/staff/content", N_("Content")),
    MenuPage(Right.FIGURES, "/figures", N_("Figures")),
    MenuPage(Right.PEOPLE, "/staff/people", N_("People")),
    MenuPage(Right.KIOSKS, "/staff/kiosks", N_("Kiosks")),
    MenuPage(Right.AUDIT, "/staff/audit", N_("Audit")),
)


def pages_of(person: Staff) -> tuple[MenuPage, ...]:
    """The pages that this person may open."""
    return tuple(page for page in PAGES if person.may(page.right))


def home_of(person: Staff) -> str:
    """Where the console begins for this person."""
    return pages_of(person)[0].address
