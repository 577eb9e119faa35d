"""Makes the sandbox fail on purpose: slowly, loudly, or by lying. One fault at a time, on the paths of the contract.

A fault works on the finished answer, at the level of ASGI, so that it can break what a framework would not let through:
half a JSON text, a body that never ends, another person's subject.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CONTRACT: Final = ("/v1/", "/oauth/")


class Kind(StrEnum):
    """The ways to fail. `seconds` of a fault is used by SLOW only; EXPIRED_CERTIFICATE needs a sandbox with HTTPS.

    Two ways are not here, because nobody answers in them: a connection that is refused, and a name that is unknown.
    """

    SLOW = "slow"
    HANG = "hang"
    HANG_AFTER_HEADERS = "hang-after-headers"
    DRIP = "drip"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    TOO_MANY = "429"
    REDIRECT = "redirect"
    TRUNCATED = "truncated"
    HTML = "html"
    EMPTY = "empty"
    INVALID_UTF8 = "invalid-utf8"
    DUPLICATE_KEYS = "duplicate-keys"
    WRONG_TYPES = "wrong-types"
    EXTRA_FIELD = "extra-field"
    MISSING_FIELD = "missing-field"
    DATE_ZERO = "date-zero"
    OLD = "old"
    WRONG_PERSON = "wrong-person"
    UNKNOWN_STATUS = "unknown-status"
    LARGE = "large"
    COMPRESSED = "compressed"
    SESSION_EXPIRED = "session-expired"
    EXPIRED_CERTIFICATE = "expired-certificate"


class Fault(BaseModel):
    """How to fail, on which paths (by beginning), and how often (None: until told otherwise)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: Kind
    seconds: Annotated[float, Field(ge=0, le=120)] = 3.0
    path: str = "/v1/"
    times: Annotated[int, Field(ge=1)] | None = None


class FaultInjector:
    """ASGI middleware. `fault` may be set and cleared at any time; it applies to requests that begin later."""

    def __init__(self, app: ASGIApp, expire: Callable[[bool], None] | None = None) -> None:
        self._app = app
        self._expire = expire
        self.fault: Fault | None = None
        self._left: int | None = None

    def set(self, fault: Fault | None) -> None:
        """Fail like this, or no more. Raises ValueError for an expired certificate where there is no HTTPS."""
        expired = fault is not None and fault.kind is Kind.EXPIRED_CERTIFICATE
        if self._expire is not None:
            self._expire(expired)
        elif expired:
            raise ValueError("only a sandbox with HTTPS shows a certificate")
        self.fault, self._left = (None if expired else fault), fault.times if fault else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._take(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        elif fault.kind is Kind.HANG:
            await _until_gone(receive)
            return
        status, headers, body = await _answer(self._app, scope, receive)
        status, headers, body = _spoilt(fault.kind, status, headers, body)
        await _send(fault.kind, status, headers, body, receive, send)

    def _take(self, scope: Scope) -> Fault | None:
        fault = self.fault
        if scope["type"] != "http" or fault is None or not scope["path"].startswith(fault.path):
            return None
        # Whoever controls the sandbox, or looks at its phone, is not to be locked out by `path: "/"`.
        if not scope["path"].startswith(_CONTRACT):
            return None
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.fault = None
        return fault


_Headers = list[tuple[bytes, bytes]]


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, _Headers, bytes]:
    status, headers, body = 500, [], bytearray()

    async def collect(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, collect)
    return status, headers, bytes(body)


def _spoilt(kind: Kind, status: int, headers: _Headers, body: bytes) -> tuple[int, _Headers, bytes]:
    if kind in _STATUSES:
        return _STATUSES[kind]
    if kind is Kind.HTML:
        return status, [(b"content-type", b"text/html")], b"<h1>Sistem bak\xc4\xb1mda</h1>"
    if kind is Kind.COMPRESSED:
        return status, [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")], body
    if kind in _BODIES:
        body = _BODIES[kind](body)
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return status, kept, body


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(kind: Kind, status: int, headers: _Headers, body: bytes, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if kind is Kind.HANG_AFTER_HEADERS:
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await _until_gone(receive)
        return
    if kind is Kind.DRIP:
        for byte in body:
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            with suppress(TimeoutError):
                await asyncio.wait_for(_until_gone(receive), 1)
                return
        body = b""
    await send({"type": "http.response.body", "body": body})


_JSON: Final = [(b"content-type", b"application/problem+json")]


def _problem(status: int, code: str) -> tuple[int, _Headers, bytes]:
    body = {"type": "about:blank", "title": "told to fail", "status": status, "code": code}
    return status, [*_JSON, (b"retry-after", b"60")] if status in {429, 503} else _JSON, json.dumps(body).encode()


_STATUSES: Final = {
    Kind.SERVER_ERROR: (500, [(b"content-type", b"text/plain")], b"Internal Server Error"),
    Kind.UNAVAILABLE: _problem(503, "unavailable"),
    Kind.UNAUTHORIZED: _problem(401, "unauthorized"),
    Kind.SESSION_EXPIRED: _problem(401, "session-expired"),
    Kind.FORBIDDEN: (403, [(b"content-type", b"text/plain")], b"Forbidden"),
    Kind.TOO_MANY: _problem(429, "rate-limited"),
    Kind.REDIRECT: (307, [(b"location", b"http://169.254.169.254/latest/meta-data/")], b""),
}


def _changed(change: Callable[[str, Any], Any]) -> Callable[[bytes], bytes]:
    """A function that walks a JSON body and replaces every value by what `change(key, value)` gives."""

    def walk(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(name, inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(key, inner) for inner in value]
        return change(key, value)

    return lambda body: json.dumps(walk("", json.loads(body))).encode()


def _with(body: bytes, **fields: object) -> bytes:
    return json.dumps({**json.loads(body), **fields}).encode()


_DATES: Final = frozenset({"as_of", "start", "end", "valid_from", "valid_to"})
_BODIES: Final[dict[Kind, Callable[[bytes], bytes]]] = {
    Kind.TRUNCATED: lambda body: body[: len(body) // 2],
    Kind.EMPTY: lambda body: b"",
    Kind.INVALID_UTF8: lambda body: body.replace(b'":"', b'":"\xff\xfe', 1),
    Kind.DUPLICATE_KEYS: lambda body: body[:-1] + b"," + body[1:],
    Kind.WRONG_TYPES: _changed(lambda key, value: [value]),
    Kind.EXTRA_FIELD: lambda body: _with(body, name="X"),
    Kind.MISSING_FIELD: lambda body: json.dumps(dict(list(json.loads(body).items())[:-1])).encode(),
    Kind.DATE_ZERO: _changed(lambda key, value: "0000-00-00T00:00:00Z" if key in _DATES else value),
    Kind.OLD: _changed(lambda key, value: "2020-01-01T00:00:00+03:00" if key == "as_of" else value),
    Kind.WRONG_PERSON: _changed(lambda key, value: "another-persons-file-0000" if key == "subject" else value),
    Kind.UNKNOWN_STATUS: _changed(lambda key, value: "SOMETHING_NEW" if key == "status" and value != "ok" else value),
    Kind.LARGE: lambda body: body + b" " * 10_000_000,
}
