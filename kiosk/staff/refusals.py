"""What the console says when something about a case is not possible, without losing what was typed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.cases.model import (
    AlreadyClaimed,
    CannotTake,
    CaseClosed,
    CaseNotFound,
    KeptForColleague,
    NotYours,
    OfficersOnly,
    StaysClosed,
    UnfitMessage,
)
from bot.cases.people import PersonNotFound
from bot.errors import CaseError
from bot.i18n.catalogues import N_
from kiosk.staff.desk import Desk

REFUSALS: Final[dict[type[CaseError], tuple[int, str]]] = {
    CaseNotFound: (404, N_("There is no such case for you.")),
    AlreadyClaimed: (409, N_("A colleague has taken this case before you.")),
    NotYours: (403, N_("You do not have this case. A colleague has it, or it is finished.")),
    CaseClosed: (409, N_("This case is finished.")),
    KeptForColleague: (409, N_("This case was handed to a colleague. It waits for them for 5 minutes.")),
    CannotTake: (409, N_("This colleague cannot have this case.")),
    StaysClosed: (
        409,
        N_("This case cannot be opened again. It is too old, or the applicant has another open case."),
    ),
    OfficersOnly: (403, N_("Only an officer can do this.")),
    PersonNotFound: (404, N_("There is no such person.")),
    UnfitMessage: (422, N_("The message is empty or too long. Nothing was sent.")),
}


class Refusals:
    """Makes the page for a `CaseError`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: Request, error: Exception) -> Response:
        return self.with_text(request, error, "")

    def with_text(self, request: Request, error: Exception, typed: str) -> Response:
        """The same page with the words that were not sent, to be copied."""
        status, reason = next(found for kind, found in REFUSALS.items() if isinstance(error, kind))
        return self._desk.page(request, "refused.html", status=status, reason=reason, typed=typed)
