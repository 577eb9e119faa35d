"""The console's own language. The applicant's language is the case's business."""

from typing import Final

from starlette.requests import Request

from bot.i18n.accepted import accepted

STAFF_LANGUAGES: Final = ("tr", "en")
LANGUAGE_COOKIE: Final = "rehber_staff_language"


def language_of(request: Request) -> str:
    """The console's language: chosen by cookie, else the browser's if it is one of ours, else Turkish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in STAFF_LANGUAGES:
        return chosen
    return accepted(request.headers.get("accept-language", ""), STAFF_LANGUAGES) or STAFF_LANGUAGES[0]
