"""How the sandbox says no: problem reports (RFC 9457) that never repeat what was sent."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.caseapi.models import Problem

ANNOUNCEMENT: Final = "Rehber sandbox, made-up people only"


def problem(
    status: int, code: str, challenge_id: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    report = Problem(type="about:blank", title=ANNOUNCEMENT, status=status, code=code, challenge_id=challenge_id)
    content = report.model_dump(exclude_none=True)
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(content, status, {**challenge, **(headers or {})}, "application/problem+json")


def answer_problems(app: FastAPI) -> None:
    """Every refusal of the framework becomes a problem report of the contract."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        code = error.detail if error.detail in {"unauthorized", "session-expired"} else "invalid"
        return problem(error.status_code, code, headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # FastAPI's own answer would repeat what was sent, identity numbers included.
        return problem(400, "invalid")
