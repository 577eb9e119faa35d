"""How the Bot API says no: a status, Telegram's own sentence and, for floods, how long to wait."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - it is an answer of the API, not a failure of the emulator
    """Ends a call with `{"ok": false}`. `code` is both the HTTP status and `error_code`."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The JSON object that the caller sees."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(description: str) -> Refusal:
    """400: the call itself is wrong and will stay wrong."""
    return Refusal(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refusal:
    """403: the person or the chat does not want this bot."""
    return Refusal(403, f"Forbidden: {description}")


def conflict(description: str) -> Refusal:
    """409: two ways of receiving updates exclude each other."""
    return Refusal(409, f"Conflict: {description}")


def too_many_requests(seconds: int) -> Refusal:
    """429: `seconds` is both in the sentence and in `parameters.retry_after`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
