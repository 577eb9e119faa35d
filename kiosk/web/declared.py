"""What the doors declare of their answers in OpenAPI. Nobody is served the description: tests are made from it.

FastAPI would declare JSON and its own shape of an invalid request; the doors answer with pages.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import HTMLResponse, RedirectResponse

Declared = dict[int | str, dict[str, Any]]
"""Answers by status, as FastAPI takes them (https://spec.openapis.org/oas/v3.1.0#responses-object)."""

_PAGE: Final = {"text/html": {"schema": {"type": "string"}}}
_SENTENCES: Final = {
    "type": "object",
    "properties": {"happened": {"type": "string"}, "remedy": {"type": "string"}},
    "required": ["happened", "remedy"],
    "additionalProperties": False,
}

SEE_OTHER: Final[Declared] = {
    303: {
        "description": "Go on with another page",
        "headers": {"Location": {"required": True, "schema": {"type": "string", "pattern": "^/"}}},
    }
}


def failures(*statuses: int) -> Declared:
    """The answers of `kiosk.web.failures` with these statuses: a page, or its two sentences as JSON."""
    content = {**_PAGE, "application/json": {"schema": _SENTENCES}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def goes_on(*statuses: int) -> dict[str, Any]:
    """For a route whose only success is to go on with another page, and which may fail with these statuses."""
    return {
        "status_code": 303,
        "response_class": RedirectResponse,
        "responses": SEE_OTHER | failures(*statuses),
    }


ANYWHERE: Final[Mapping[str, Any]] = {
    "default_response_class": HTMLResponse,
    "responses": failures(400, 403, 413, 422, 503),
}
"""For a door: its routes answer with pages, and any of them may be refused like this."""
