"""The whole answer of an identity check on the person's own phone, once: `/phone/<code>` from the screen's QR.

No visit and no cookie: the code is all. Looking at the address shows a button only, so that whatever looks at links
does not use it up. Unknown, used and old codes are answered alike. Tries are not counted: nobody finds one of
2^128 codes in ten minutes, and one phone could lock out the whole office that shares its address.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.requests import Request
from starlette.responses import Response

from bot.caseapi.calendar_file import FILE_NAME, MEDIA_TYPE
from bot.caseapi.wording import say
from bot.hub.calendar_page import MOST_FILES, calendar_of
from bot.i18n.accepted import accepted
from kiosk.public.kiosk import Kiosk
from kiosk.web.declared import failures

Once = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{32}$"})]
"""Only described: what is no code at all is answered like any other that leads to nothing."""
Code = Annotated[str, Form(max_length=64)]


def phone_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(prefix="/phone", responses=failures(404))

    def over(request: Request) -> Response:
        return _page(kiosk, "phone-over.html", _of_the_phone(kiosk, request), status=404)

    @routes.get("/{once}")
    async def look(request: Request, once: Once) -> Response:
        answer = kiosk.phones.look(once)
        if answer is None:
            return over(request)
        return _page(kiosk, "phone-covered.html", answer.language, code=once)

    @routes.post("/{once}")
    async def show(request: Request, once: Once) -> Response:
        taken = kiosk.phones.take(once)
        if taken is None:
            return over(request)
        answer, calendar_code = taken
        language = kiosk.service.registry.get(answer.language)
        return _page(
            kiosk,
            "phone-answer.html",
            answer.language,
            lines=[say(sentence, kiosk.service.case_words, language) for sentence in answer.lines],
            appointments=range(1, min(len(answer.to_come), MOST_FILES) + 1),
            calendar_code=calendar_code,
        )

    @routes.post("/answer/calendar")
    async def calendar(request: Request, of: Code, number: Annotated[int, Form(ge=1, le=MOST_FILES)]) -> Response:
        found = kiosk.phones.appointment(of, number)
        if found is None:
            return over(request)
        entry, language = found
        file = calendar_of(kiosk.service, entry, language, datetime.now(UTC))
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return Response(file, media_type=MEDIA_TYPE, headers=headers)

    return routes


def _page(kiosk: Kiosk, template: str, language: str, *, status: int = 200, **context: object) -> Response:
    response = kiosk.pages.page(template, language, status=status, **context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _of_the_phone(kiosk: Kiosk, request: Request) -> str:
    """The language of a page that knows nobody: the phone's, where we have it."""
    offered = [language.code for language in kiosk.service.registry.offered()]
    return kiosk.pages.language_or_default(accepted(request.headers.get("accept-language", ""), offered))
