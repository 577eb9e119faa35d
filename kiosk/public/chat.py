"""The conversation: the page with everything said so far, and the ways to say something.

A message is in the database before it is answered with 202 (a script sent it) or with the page again (a plain form
did). What is said in return comes by `kiosk.public.events`, or with the next look at the page.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.cases.waiting import wait_of
from bot.hub.render import renderer
from bot.i18n.formats import OFFICE_ZONE
from bot.model import Button, Kind
from bot.post import outbox
from bot.post.transcript import Heard, Said, transcript
from kiosk.public.bubbles import bubble
from kiosk.public.kiosk import LANGUAGE_COOKIE, NEEDS_VISIT, Kiosk, see_other
from kiosk.public.places import CHAT
from kiosk.public.visit import CHANNEL, Visit
from kiosk.public.waiting import wait_view
from kiosk.web.declared import goes_on
from kiosk.web.untrusted import readable

LONGEST_TEXT = 2000

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Token = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class NewMessage(BaseModel):
    """What the page sends: its own id for the message, and either words or the token of a button."""

    model_config = ConfigDict(extra="forbid")

    client_id: UUID
    text: Text | None = None
    token: Token | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.text is None) == (self.token is None):
            raise ValueError("send `text` or `token`")
        if self.text is not None and not readable(self.text).strip():
            raise ValueError("the text is empty")
        return self


def chat_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(prefix=CHAT, responses=NEEDS_VISIT)
    in_visit = Annotated[Visit, Depends(kiosk.visiting)]

    @routes.get("")
    async def page(request: Request, visit: in_visit) -> Response:
        language = kiosk.language(request, visit)
        first = _asked_most(kiosk)
        async with kiosk.service.engine.begin() as db:
            said_so_far = await transcript(db, kiosk.service.seal, visit.conversation_id)
            offered = await outbox.offer(db, visit.conversation_id, _suggestions(kiosk, language, first))
            wait = await wait_of(db, visit.conversation_id)
            last_id = max((line.outbox_id for line in said_so_far if isinstance(line, Said)), default=0)
            await outbox.mark_shown(db, visit.conversation_id, last_id)
        person, *topics = offered
        response = kiosk.pages.page(
            "chat.html",
            language,
            lines=_lines(said_so_far, offered),
            topics=list(zip(first, topics, strict=True)),
            person_token=person.token,
            last_id=last_id,
            answer_is_due=wait is None and _is_waiting(said_so_far),
            wait=wait_view(kiosk, language, wait),
            longest_text=LONGEST_TEXT,
            place=CHAT,
        )
        if request.cookies.get(LANGUAGE_COOKIE) != language:
            kiosk.remember_language(response, language)
        return response

    @routes.post("/messages", status_code=202, response_class=JSONResponse)
    async def send(request: Request, message: NewMessage, visit: in_visit) -> JSONResponse:
        if not await _receive(kiosk, visit, message):
            raise kiosk.turned_away(request)
        return JSONResponse({"client_id": str(message.client_id)}, 202)

    @routes.post("", **goes_on())
    async def send_form(
        visit: in_visit,
        client_id: Annotated[UUID, Form()],
        text: Annotated[str, Form()] = "",
        token: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            message = NewMessage(client_id=client_id, text=None if token else text, token=token or None)
        except ValueError:
            raise HTTPException(413 if len(text) > LONGEST_TEXT else 422) from None
        await _receive(kiosk, visit, message)
        return see_other(CHAT)

    return routes


async def _receive(kiosk: Kiosk, visit: Visit, message: NewMessage) -> bool:
    """False when the visit is over."""
    kind = Kind.CHOICE if message.token is not None else Kind.TEXT
    text = message.token if message.token is not None else readable(message.text or "").strip()
    # Who speaks of something else has read it, and may soon stand there with somebody.
    kiosk.checks.drop_answer(visit.token)
    async with kiosk.service.engine.begin() as db:
        return await kiosk.visits.receive(db, visit, kind, text, message.client_id)


def _asked_most(kiosk: Kiosk) -> list[str]:
    """The topics asked most that may be shown today. All others are one touch away, by pictures."""
    library = kiosk.service.library
    today = datetime.now(OFFICE_ZONE).date()
    return [slug for slug in library.arrangement.first if not library.topic(slug).withheld(today)]


def _suggestions(kiosk: Kiosk, language: str, slugs: Iterable[str]) -> tuple[Button, ...]:
    """A person, then these topics."""
    words = renderer(kiosk.service, CHANNEL, language)
    return (words.person(), *words.topic_buttons(slugs))


def _lines(said_so_far: list[Heard | Said], offered: tuple[Button, ...]) -> list[dict[str, Any]]:
    """The conversation as the template shows it. A button that was pressed is shown as the words that stood on it."""
    said = [line for line in said_so_far if isinstance(line, Said)]
    labels = {button.token: button.label for line in said for button in line.utterance.buttons}
    labels |= {button.token: button.label for button in offered}
    shown: list[dict[str, Any]] = []
    for line in said_so_far:
        if isinstance(line, Said):
            shown.append({"own": False, "id": line.outbox_id, "bubble": bubble(line.utterance)})
        elif words := labels.get(line.text, "") if line.kind is Kind.CHOICE else line.text:
            shown.append({"own": True, "text": words})
    return shown


def _is_waiting(said_so_far: list[Heard | Said]) -> bool:
    return any(isinstance(line, Heard) and line.waiting for line in said_so_far)
