"""Turns away requests that change something and were not made by our own pages, and bodies nobody needs.

The rules are those of Go 1.25's `http.CrossOriginProtection` (https://pkg.go.dev/net/http#CrossOriginProtection): the
browser itself says where a request was made, in `Sec-Fetch-Site` and `Origin`, so pages need no tokens. A client that
sends neither is no browser and carries nobody's cookies.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BODY_BYTES: Final = 64 * 1024

Refuse = Callable[[Request, int], Awaitable[Response]]
"""Makes the page for a refused request from its status."""


class Guard:
    """Answers 403 to a cross-origin write and 413 to a body that says it is too large, before anything reads it."""

    def __init__(self, app: ASGIApp, *, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        status = refusal(request)
        if status is None:
            await self._app(scope, receive, send)
        else:
            await (await self._refuse(request, status))(scope, receive, send)


def refusal(request: Request) -> int | None:
    """The status to refuse a request with, or None when it may pass."""
    if request.method not in SAFE_METHODS and not is_same_origin(request):
        return 403
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return 400
    return 413 if int(length) > MOST_BODY_BYTES else None


def is_same_origin(request: Request) -> bool:
    """Whether a page of this very origin, or no page at all, made the request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
