"""Reads what the case system sent, and believes only what the contract allows.

Everything that is not exactly a message of the contract ends in CannotCheck. The reason is kept, the content is not:
a wrong message may hold somebody's data, so it never becomes part of an error or a log line.
"""

import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from bot.caseapi.errors import CannotCheck, Reason
from bot.caseapi.models import Problem

BODY_LIMIT: Final = 256 * 1024
"""Bytes. The longest honest answer (twenty appointments) has about 20 KB."""

DEFAULT_RETRY_AFTER: Final = timedelta(seconds=30)

_M = TypeVar("_M", bound=BaseModel)


async def exchange(
    http: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str], content: str | None = None
) -> tuple[httpx2.Response, bytes]:
    """One request and what came back, whatever its status. Raises CannotCheck when nothing whole came back."""
    try:
        async with http.stream(method, path, content=content, headers=headers) as response:
            return response, await _body(response)
    except httpx2.TimeoutException:
        raise CannotCheck(Reason.TIMEOUT) from None
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise CannotCheck(Reason.UNREACHABLE) from None


async def _body(response: httpx2.Response) -> bytes:
    """The body, at most BODY_LIMIT bytes of it. A compressed one is refused: it could unpack to anything."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise CannotCheck(Reason.MALFORMED)
    received = bytearray()
    async for chunk in response.aiter_raw():
        received += chunk
        if len(received) > BODY_LIMIT:
            raise CannotCheck(Reason.TOO_LARGE)
    return bytes(received)


def message(model: type[_M], response: httpx2.Response, content: bytes) -> _M:
    """The body as one message of the contract."""
    _require_media_type(response, "application/json")
    return parse(model, content)


def problem(response: httpx2.Response, content: bytes) -> Problem | None:
    """The body as a problem report (RFC 9457) that speaks of the status it came with; None when it is none."""
    try:
        _require_media_type(response, "application/problem+json")
        found = parse(Problem, content)
    except CannotCheck:
        return None
    return found if found.status == response.status_code else None


def failure(response: httpx2.Response, now: datetime) -> CannotCheck:
    """What a status means that answers nothing."""
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return CannotCheck(Reason.RATE_LIMITED, retry_at=_retry_at(response, now))
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CannotCheck(Reason.NOT_ALLOWED)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        later = _retry_at(response, now) if "retry-after" in response.headers else None
        return CannotCheck(Reason.SERVER_ERROR, retry_at=later)
    return CannotCheck(Reason.REDIRECT if response.is_redirect else Reason.UNEXPECTED_STATUS)


def _retry_at(response: httpx2.Response, now: datetime) -> datetime:
    """When `Retry-After` allows the next question. Only seconds are read; a date or nonsense means 30 seconds."""
    value = response.headers.get("retry-after", "")
    if value.isascii() and value.isdigit() and len(value) <= 6:
        return now + timedelta(seconds=int(value))
    return now + DEFAULT_RETRY_AFTER


def parse(model: type[_M], content: bytes) -> _M:
    """Bytes as one message of the contract: UTF-8, JSON in which no key stands twice, and no field too many."""
    try:
        json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
        return model.model_validate_json(content)
    except (ValueError, RecursionError, ValidationError):
        raise CannotCheck(Reason.MALFORMED) from None


def _require_media_type(response: httpx2.Response, expected: str) -> None:
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        raise CannotCheck(Reason.MALFORMED)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of two equal keys every parser keeps another one; the reader must not be the one who chooses.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
