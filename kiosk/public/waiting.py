"""Waiting for a person, honest and in sight: the place in the queue on every page, and the way on by phone.

What is known of the wait is `bot.cases.waiting`'s; here it becomes sentences. The conversation's page hears of changes
by its own stream (`kiosk.public.events`), all others by `/waiting/events`, which shows nothing of what was said, so
that nothing counts as seen.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Final, TypedDict

import structlog
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response

from bot.cases.waiting import Wait, wait_of
from bot.hub.deep_link import CODE, chat_address
from bot.hub.render import renderer
from bot.i18n.catalogues import N_
from bot.i18n.formats import format_duration
from bot.post import continuations, outbox
from bot.printing.codes import code as draw
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.places import CHAT, CONTINUE
from kiosk.public.streams import Listener
from kiosk.public.visit import CHANNEL, Visit
from kiosk.web.declared import SEE_OTHER

log = structlog.get_logger()

BEAT_SECONDS: Final = 15.0
SOMEBODY_IS_THERE: Final = N_("A person who speaks your language is at work now.")
USUAL: Final = N_("In the last hours, people waited about this long: {time}.")

NOT_WAITING: Final = ServerSentEvent(event="none", data={})
MOVED: Final = ServerSentEvent(event="moved", data={})
"""The conversation went on at a phone: the screen ends its visit and says so."""


class WaitView(TypedDict):
    """What stands in the panel: the place first, then what else is known. Empty where nobody was asked for.

    `unread`: something was said that this screen has not shown.
    """

    lines: list[str]
    unread: bool


def wait_view(kiosk: Kiosk, language: str, wait: Wait | None, *, unread: bool = False) -> WaitView:
    if wait is None:
        return WaitView(lines=[], unread=unread)
    words = renderer(kiosk.service, CHANNEL, language)
    if wait.place == 0:
        return WaitView(lines=[words.phrase("handoff-already")], unread=unread)
    say = kiosk.service.catalogues.say
    lines = [words.phrase("handoff-place", place=wait.place)]
    lines.append(say(language, SOMEBODY_IS_THERE) if wait.anybody else words.phrase("handoff-nobody-now"))
    if wait.usual is not None:
        usual = format_duration(wait.usual, kiosk.service.registry.get(language))
        lines.append(words.isolated(say(language, USUAL, time=usual)))
    return WaitView(lines=lines, unread=unread)


def waiting_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()

    @routes.get("/waiting/events", response_class=EventSourceResponse)
    async def events(visit: Annotated[Visit | None, Depends(kiosk.present)]) -> AsyncIterator[ServerSentEvent]:
        """`wait` at first and at every change, `beat` in between; `none` or `moved` and the end."""
        if visit is None:
            yield NOT_WAITING
            return
        with kiosk.streams.listen(visit.conversation_id, 0) as listener:
            try:
                async for event in _follow(kiosk, visit, listener):
                    yield event
            except (DBAPIError, PoolTimeoutError) as error:
                log.warning("waiting.database_failed", kind=type(error).__name__)

    @routes.get(CONTINUE, responses=NEEDS_VISIT | SEE_OTHER)
    async def by_phone(request: Request, visit: Annotated[Visit, Depends(kiosk.visiting)]) -> Response:
        """A code that is good once and for ten minutes; each look at the page makes one."""
        bot_name = kiosk.service.settings.telegram_bot_name
        async with kiosk.service.engine.begin() as db:
            if not bot_name or await wait_of(db, visit.conversation_id) is None:
                return see_other(CHAT)
            code = await continuations.offer(db, kiosk.service.seal, visit.conversation_id)
        return kiosk.pages.page(
            "continue.html",
            kiosk.language(request, visit),
            code=draw(chat_address(bot_name, f"{CODE}{code}")),
            minutes=int(continuations.LIFETIME.total_seconds() // 60),
            place=CONTINUE,
        )

    return routes


async def _follow(kiosk: Kiosk, visit: Visit, listener: Listener) -> AsyncIterator[ServerSentEvent]:
    listener.waits = True
    shown: WaitView | None = None
    while True:
        async with kiosk.service.engine.connect() as db:
            now = await kiosk.visits.find(db, visit.token)
            if now is None:
                yield MOVED if await kiosk.visits.has_moved(db, visit.token) else NOT_WAITING
                return
            wait = await wait_of(db, visit.conversation_id)
            unread = await outbox.is_waiting(db, visit.conversation_id)
        if wait is None and not unread:
            yield NOT_WAITING
            return
        view = wait_view(kiosk, kiosk.pages.language_or_default(now.language), wait, unread=unread)
        if view != shown:
            yield ServerSentEvent(event="wait", data=view)
            shown = view
        if not await listener.wait(BEAT_SECONDS):
            yield ServerSentEvent(event="beat", data={})
