"""The safe page: one question of the identity check at a time, then the answer, hidden until *Show*.

Where people's phones reach this door, the screen shows the answer without its places, and a code leads to the whole
of it (`kiosk.public.phone`). Below the answer the same person may ask for the other thing without a new code, until 90
seconds pass without a touch.

Nothing typed here goes to the inbox, the database, a log, a cookie or an address: it stays in `OpenChecks` between
two questions. The questions, their order and every word about them belong to `bot.caseapi`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.caseapi import attempts
from bot.caseapi.client import Check
from bot.caseapi.form import Input
from bot.caseapi.identity import LONGEST_INPUT
from bot.caseapi.masking import masked
from bot.caseapi.verification import Outcome, Reply
from bot.caseapi.wording import Sentence, say
from bot.printing.codes import code as draw
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.phone_answers import LIFETIME
from kiosk.public.places import CHAT, CHECK
from kiosk.public.visit import CHANNEL, Visit
from kiosk.web.declared import SEE_OTHER, goes_on

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
    routes = APIRouter(prefix=CHECK, responses=NEEDS_VISIT)
    in_visit = Annotated[Visit, Depends(kiosk.visiting)]

    @routes.get("")
    async def page(
        request: Request,
        visit: in_visit,
        about: Annotated[Check | None, Query()] = None,
        whole: Annotated[bool, Query()] = False,
    ) -> Response:
        """`whole`: with the places, for somebody who has no phone and says so by a second touch."""
        language = kiosk.language(request, visit)
        reply = kiosk.checks.find(visit.token)
        if reply is None and about is not None:
            reply = kiosk.verification.begin(about, language)
        return _page(kiosk, language, reply, about, whole=whole)

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
            device = attempts.Origin(f"{CHANNEL}:{await kiosk.devices.name(request)}", attempts.KIOSK)
            origin = attempts.Origin(f"{CHANNEL}:{visit.token}", attempts.CHAT, device=device)
            await kiosk.checks.go_on(visit.token, open_reply, lambda: kiosk.verification.answer(form, typed, origin))
        return see_other(CHECK)

    @routes.get("/phone", responses=SEE_OTHER)
    async def by_phone(request: Request, visit: in_visit) -> Response:
        """The code that shows the whole answer on the person's own phone."""
        reply, settings = kiosk.checks.find(visit.token), kiosk.service.settings
        if reply is None or reply.outcome is not Outcome.ANSWERED or not settings.public_url:
            return see_other(CHECK)
        language = kiosk.language(request, visit)
        once = kiosk.phones.offer(visit.token, language, reply)
        minutes = int(LIFETIME.total_seconds() // 60)
        code = draw(f"{settings.public_url}/phone/{once}")
        return kiosk.pages.page("check-phone.html", language, code=code, minutes=minutes, place=CHECK)

    @routes.post("/more", **goes_on())
    async def more(request: Request, visit: in_visit, about: Annotated[Check, Form()]) -> Response:
        shown = kiosk.checks.find(visit.token)
        if shown is not None and (session := shown.session) is not None:
            await kiosk.checks.go_on(visit.token, shown, lambda: kiosk.verification.again(session, about))
            return see_other(CHECK)
        return see_other(f"{CHECK}?about={about.value}")

    @routes.post("/close", **goes_on())
    async def close(visit: in_visit, again: Annotated[bool, Form()] = False) -> Response:
        kiosk.checks.drop(visit.token)
        return see_other(CHECK if again else CHAT)

    return routes


def _page(kiosk: Kiosk, language: str, reply: Reply | None, about: Check | None, *, whole: bool) -> Response:
    if reply is None:
        return kiosk.pages.page("check-start.html", language, place=CHECK)

    def words(sentence: Sentence) -> str:
        return say(sentence, kiosk.service.case_words, kiosk.service.registry.get(language))

    hidden = reply.outcome is Outcome.ANSWERED
    on_phone = hidden and bool(kiosk.service.settings.public_url)
    lines = [words(sentence) for sentence in (masked(reply.lines) if on_phone and not whole else reply.lines)]
    if reply.prompt is None:
        return kiosk.pages.page(
            "check-end.html",
            language,
            lines=lines,
            hidden=hidden,
            on_phone=on_phone,
            whole=whole,
            more=list(Check) if reply.session else [],
            place=CHECK,
        )
    return kiosk.pages.page(
        "check-question.html",
        language,
        about=about,
        notices=lines,
        step=reply.prompt.step.value,
        question=words(reply.prompt.question),
        choices=[(value, words(label)) for value, label in reply.prompt.choices],
        kind=reply.prompt.input.value,
        keyboard=KEYBOARDS.get(reply.prompt.input, "text"),
        covered=reply.prompt.input in COVERED,
        code=reply.prompt.input is Input.CODE,
        longest=LONGEST_INPUT,
        place=CHECK,
    )
