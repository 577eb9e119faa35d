"""The sandbox's token endpoint: client credentials (RFC 6749 section 4.4), random tokens that end after ten minutes."""

import secrets
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Final
from urllib.parse import unquote_plus

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse

from bot.caseapi.credentials import SCOPES
from bot.caseapi.models import Token
from bot.caseapi.sandbox.memory import keep

TOKEN_SECONDS: Final = 600
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Client:
    """What an office and the case system agreed on. `certified` callers have shown a certificate and need no token."""

    client_id: str = "rehber"
    secret: str = "sandbox"  # noqa: S105  everybody may know it
    certified: bool = False


@dataclass(slots=True)
class Tokens:
    """The tokens of one sandbox process. `now` gives an aware datetime."""

    client: Client
    now: Callable[[], datetime]
    _issued: dict[str, tuple[frozenset[str], datetime]] = field(default_factory=dict)

    def knows(self, authorization: str) -> bool:
        """Whether a header of HTTP Basic holds the client's identifier and secret."""
        scheme, _, encoded = authorization.partition(" ")
        try:
            client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return False
        said = f"{unquote_plus(client_id)}\n{unquote_plus(secret)}"
        right = compare_digest(said.encode(), f"{self.client.client_id}\n{self.client.secret}".encode())
        return right and scheme.lower() == "basic"

    def issue(self, scopes: frozenset[str]) -> Token:
        token = Token(
            access_token=secrets.token_urlsafe(32),
            token_type="Bearer",  # noqa: S106  a kind, not a secret
            expires_in=TOKEN_SECONDS,
            scope=" ".join(sorted(scopes)),
        )
        keep(self._issued, token.access_token, (scopes, self.now() + timedelta(seconds=TOKEN_SECONDS)))
        return token

    def needs(self, scope: str) -> Callable[[str], None]:
        """A dependency that lets through who may do this."""

        def check(authorization: Annotated[str, Header()] = "") -> None:
            scopes, until = self._issued.get(authorization.removeprefix("Bearer "), (frozenset(), self.now()))
            if not self.client.certified and (scope not in scopes or self.now() >= until):
                raise HTTPException(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})

        return check


def token_routes(tokens: Tokens) -> APIRouter:
    router = APIRouter()
    router.post("/oauth/token", response_model=None)(_token_endpoint(tokens))
    return router


def _token_endpoint(tokens: Tokens) -> Callable[..., Awaitable[Token | JSONResponse]]:
    async def fetch(request: Request, authorization: Annotated[str, Header()] = "") -> Token | JSONResponse:
        if not tokens.knows(authorization):
            return _refused(401, "invalid_client")
        if request.headers.get("content-type", "").partition(";")[0] != _FORM:
            return _refused(400, "invalid_request")
        form = (await request.form()).multi_items()
        if len(dict(form)) != len(form):
            return _refused(400, "invalid_request")
        if dict(form).get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type")
        asked = frozenset(str(dict(form).get("scope", " ".join(SCOPES))).split(" "))
        return tokens.issue(asked) if asked <= SCOPES else _refused(400, "invalid_scope")

    return fetch


def _refused(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error}, status, {"WWW-Authenticate": "Basic"} if status == 401 else None)
