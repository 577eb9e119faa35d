"""Where the case system announces that a file has changed: `POST /case/changes`, signed, and answered with nothing.

The boundary: it writes the announcement down and no more; what is told to whom, and when, the worker decides. Whether a
subscription is ours, or the event was here before, no answer tells. A browser has no business here: it cannot sign, so
the door's rules for browsers stay as they are. No page, no cookie, no language.
"""

from typing import Any, Final

import structlog
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.bootstrap import Service
from bot.caseapi.announcements import LONGEST, read_announcement
from bot.caseapi.errors import BadAnnouncement
from bot.post import subscriptions

log = structlog.get_logger()

PATH: Final = "/case/changes"

_WITHOUT_A_WORD: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "It broke off."},
    401: {"description": "Not signed by the office."},
    413: {"description": "Longer than any announcement."},
}


def case_change_routes(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.post(PATH, status_code=204, response_class=Response, responses=_WITHOUT_A_WORD)
    async def changed(request: Request) -> Response:
        """204: written down, known already, or nobody's. 401: not signed by the office. 413: longer than any is."""
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            change = read_announcement(request.headers, body, service.settings.effective_case_api_webhook_secret)
        except BadAnnouncement:
            # Not a word of it: whoever guesses would learn from the reason.
            log.info("case_change.refused")
            return Response(status_code=401)
        async with service.engine.begin() as db:
            await subscriptions.note_change(db, service.seal, change.event_id, change.subscription_id, change.kind)
        return Response(status_code=204)

    return routes


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return body
