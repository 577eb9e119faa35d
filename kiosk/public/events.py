"""The conversation's event stream: everything said after a given id, once each, in order, for as long as it is open.

Events: `said` (id: outbox id, data: `kiosk.public.bubbles.BubbleView`), `language` (the conversation changed its
language: the page should be fetched anew), `wait` (how the wait for a person stands has changed, data:
`kiosk.public.waiting.WaitView`), `moved` (it goes on at a phone), `gone` (it was erased), `beat` (every 4
seconds, so that the page can tell silence from a cut line, which a comment would not show it). Without a visit the
answer is `gone` as well, and no 401: a page cannot see the status of a stream, and would try for ever.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.cases.waiting import Wait, wait_of
from bot.model import Utterance
from bot.post import outbox
from kiosk.public.bubbles import bubble
from kiosk.public.kiosk import Kiosk
from kiosk.public.streams import Listener
from kiosk.public.visit import Visit
from kiosk.public.waiting import MOVED, WaitView, wait_view

log = structlog.get_logger()

BEAT_SECONDS: Final = 4.0
"""A line that died without being closed is noticed after two of them."""
_GONE: Final = ServerSentEvent(event="gone", data={})
_LARGEST_ID: Final = 2**63 - 1


def event_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()

    @routes.get("/chat/events", response_class=EventSourceResponse)
    async def events(
        visit: Annotated[Visit | None, Depends(kiosk.present)],
        after: Annotated[int, Query(ge=0, le=_LARGEST_ID)] = 0,
        last_event_id: Annotated[str, Header()] = "",
    ) -> AsyncIterator[ServerSentEvent]:
        if visit is None:
            yield _GONE
            return
        # The browser repeats the address it first asked for, but knows better what it has seen since.
        known = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
        with kiosk.streams.listen(visit.conversation_id, max(after, min(known, _LARGEST_ID))) as listener:
            try:
                async for event in _follow(kiosk, visit, listener):
                    yield event
            except (DBAPIError, PoolTimeoutError) as error:
                log.warning("events.database_failed", kind=type(error).__name__)

    return routes


async def _follow(kiosk: Kiosk, visit: Visit, listener: Listener) -> AsyncIterator[ServerSentEvent]:
    shown: WaitView | None = None
    while True:
        now, said, wait = await _news(kiosk, visit, listener.seen)
        if now is None:
            async with kiosk.service.engine.connect() as db:
                yield MOVED if await kiosk.visits.has_moved(db, visit.token) else _GONE
            return
        listener.waits = wait is not None
        for outbox_id, utterance in said:
            listener.seen = outbox_id
            yield ServerSentEvent(event="said", id=str(outbox_id), data=bubble(utterance))
        if said:
            async with kiosk.service.engine.begin() as db:
                await outbox.mark_shown(db, visit.conversation_id, listener.seen)
        if now.language != visit.language:
            yield ServerSentEvent(event="language", data={})
            return
        view = wait_view(kiosk, kiosk.pages.language_or_default(now.language), wait)
        if view["lines"] or shown:
            if view != shown:
                yield ServerSentEvent(event="wait", data=view)
            shown = view
        if not await listener.wait(BEAT_SECONDS):
            yield ServerSentEvent(event="beat", data={})


async def _news(kiosk: Kiosk, visit: Visit, seen: int) -> tuple[Visit | None, list[tuple[int, Utterance]], Wait | None]:
    """The visit as it is now, or None when its conversation is gone, what was said since, and how the person waits."""
    async with kiosk.service.engine.connect() as db:
        now = await kiosk.visits.find(db, visit.token)
        if now is None or now.conversation_id != visit.conversation_id:
            return None, [], None
        said = await outbox.since(db, kiosk.service.seal, visit.conversation_id, seen)
        return now, said, await wait_of(db, visit.conversation_id)
