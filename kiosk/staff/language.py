"""The console's own language. The applicant's language is the case's business."""

from typing import Final

from babel import negotiate_locale
from starlette.requests import Request

STAFF_LANGUAGES: Final = ("tr", "en")
LANGUAGE_COOKIE: Final = "rehber_staff_language"


def language_of(request: Request) -> str:
    """The console's language: chosen by cookie, else the browser's if it is one of ours, else Turkish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in STAFF_LANGUAGES:
        return chosen
    accepted = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return negotiate_locale([code for code in accepted if code], STAFF_LANGUAGES, sep="-") or STAFF_LANGUAGES[0]
