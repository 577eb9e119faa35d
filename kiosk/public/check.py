"""The safe page: one question of the identity check at a time, then the answer, hidden until *Show*.

Below the answer the same person may ask for the other thing without a new code, until 90 seconds pass without a touch.

Nothing typed here goes to the inbox, the database, a log, a cookie or an address: it stays in `OpenChecks` between
two questions. The questions, their order and every word about them belong to `bot.caseapi`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.caseapi.attempts import CHAT, KIOSK, Origin
from bot.caseapi.client import Check
from bot.caseapi.form import Input
from bot.caseapi.identity import LONGEST_INPUT
from bot.caseapi.verification import Outcome, Reply
from bot.caseapi.wording import Sentence, say
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.visit import CHANNEL, Visit
from kiosk.web.declared import goes_on

KEYBOARDS: Final = {
    Input.DIGITS: "numeric",
    Input.CODE: "numeric",
    Input.PHONE: "tel",
    Input.DATE: "numeric",
    Input.NUMBER: "text",
    Input.NAME: "text",
}
COVERED: Final = frozenset({Input.DIGITS, Input.NUMBER, Input.PHONE})
"""What is covered while it is typed, because somebody may stand behind."""


def check_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(prefix="/check", responses=NEEDS_VISIT)
    in_visit = Annotated[Visit, Depends(kiosk.visiting)]

    @routes.get("")
    async def page(request: Request, visit: in_visit, about: Annotated[Check | None, Query()] = None) -> Response:
        language = kiosk.language(request, visit)
        reply = kiosk.checks.find(visit.token)
        if reply is None and about is not None:
            reply = kiosk.verification.begin(about, language)
        return _page(kiosk, language, reply, about)

    @routes.post("", **goes_on())
    async def answer(
        request: Request,
        visit: in_visit,
        step: Annotated[str, Form(max_length=20)],
        typed: Annotated[str, Form(max_length=LONGEST_INPUT)] = "",
        about: Annotated[Check | None, Form()] = None,
    ) -> Response:
        open_reply = kiosk.checks.find(visit.token)
        if open_reply is None and about is not None:
            open_reply = kiosk.verification.begin(about, kiosk.language(request, visit))
            kiosk.checks.keep(visit.token, open_reply)
        # An old page, sent again by a second touch, is not an answer to the question that is open now.
        if open_reply is not None and (form := open_reply.form) is not None and form.step == step:
            origin = Origin(f"{CHANNEL}:{visit.token}", CHAT, device=Origin(f"{CHANNEL}:{_device(request)}", KIOSK))
            await kiosk.checks.go_on(visit.token, open_reply, lambda: kiosk.verification.answer(form, typed, origin))
        return see_other("/check")

    @routes.post("/more", **goes_on())
    async def more(request: Request, visit: in_visit, about: Annotated[Check, Form()]) -> Response:
        shown = kiosk.checks.find(visit.token)
        if shown is not None and (session := shown.session) is not None:
            await kiosk.checks.go_on(visit.token, shown, lambda: kiosk.verification.again(session, about))
            return see_other("/check")
        return see_other(f"/check?about={about.value}")

    @routes.post("/close", **goes_on())
    async def close(visit: in_visit, again: Annotated[bool, Form()] = False) -> Response:
        kiosk.checks.drop(visit.token)
        return see_other("/check" if again else "/chat")

    return routes


def _device(request: Request) -> str:
    """What tells one kiosk from another: its address in the office's network."""
    return request.client.host if request.client else ""


def _page(kiosk: Kiosk, language: str, reply: Reply | None, about: Check | None) -> Response:
    if reply is None:
        return kiosk.pages.page("check-start.html", language, place="/check")

    def words(sentence: Sentence) -> str:
        return say(sentence, kiosk.service.case_words, kiosk.service.registry.get(language))

    lines = [words(sentence) for sentence in reply.lines]
    if reply.prompt is None:
        hidden = reply.outcome is Outcome.ANSWERED
        more = list(Check) if reply.session else []
        return kiosk.pages.page("check-end.html", language, lines=lines, hidden=hidden, more=more, place="/check")
    return kiosk.pages.page(
        "check-question.html",
        language,
        about=about,
        notices=lines,
        step=reply.prompt.step.value,
        question=words(reply.prompt.question),
        choices=[(value, words(label)) for value, label in reply.prompt.choices],
        keyboard=KEYBOARDS.get(reply.prompt.input, "text"),
        covered=reply.prompt.input in COVERED,
        code=reply.prompt.input is Input.CODE,
        longest=LONGEST_INPUT,
        place="/check",
    )
