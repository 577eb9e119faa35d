"""How a question to the case system can end without an answer. Branch `CaseApiError` of `bot.errors`."""

from datetime import datetime
from enum import StrEnum

from bot.errors import CaseApiError


class Reason(StrEnum):
    """Why the case system could not be asked. Holds no personal data, so it may be logged and counted."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BREAKER_OPEN = "breaker-open"
    SERVER_ERROR = "server-error"
    NOT_ALLOWED = "not-allowed"
    RATE_LIMITED = "rate-limited"
    REDIRECT = "redirect"
    UNEXPECTED_STATUS = "unexpected-status"
    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    WRONG_SUBJECT = "wrong-subject"
    STALE = "stale"


class CannotCheck(CaseApiError):  # noqa: N818  the name is what the person is told
    """Nothing is known: the system failed, was too slow, or said something that cannot be trusted.

    It says nothing about the person's file and must never be shown as "no appointment".
    """

    def __init__(self, reason: Reason, *, retry_at: datetime | None = None) -> None:
        super().__init__(
            f"The case system gave no usable answer ({reason}). Nothing about the file is known. "
            "Try again later; if it lasts, look at the case system and at REHBER_CASE_API_URL."
        )
        self.reason = reason
        self.retry_at = retry_at


class Refused(CaseApiError):  # noqa: N818
    """The identity was not confirmed. The same for an unknown person, a wrong detail and a wrong code."""

    def __init__(self) -> None:
        super().__init__("The case system did not confirm the identity.")


class TooManyTries(CaseApiError):  # noqa: N818
    """The code was tried too often; a new check has to be started. The person sees the text of `Refused`."""

    def __init__(self) -> None:
        super().__init__("The case system takes no more codes for this check.")


class SessionOver(CaseApiError):  # noqa: N818
    """The session of a confirmed person is not accepted any more; the identity has to be confirmed again."""

    def __init__(self) -> None:
        super().__init__("The case system does not know this session any more.")


class BadAnnouncement(CaseApiError):  # noqa: N818
    """What came in as an announcement of a change is not one: unsigned, wrongly signed, old, too long or malformed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no announcement of the case system: {why}.")
