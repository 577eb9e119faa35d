"""The one cookie that names a session. It carries 256 random bits and nothing else."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A cookie until the browser closes, out of reach of scripts and other sites.

    Behind HTTPS it gets the `__Host-` prefix, with which a browser refuses a cookie that another host or an
    unprotected connection has set (RFC 6265bis, section 4.1.3.2).
    """

    base_name: str
    https: bool

    @property
    def name(self) -> str:
        return f"__Host-{self.base_name}" if self.https else self.base_name

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    def read(self, request: Request) -> str | None:
        """The token a browser sent, or None when there is none or it cannot be one of ours."""
        token = request.cookies.get(self.name, "")
        return token if _TOKEN.fullmatch(token) else None

    def write(self, response: Response, token: str) -> None:
        response.set_cookie(self.name, token, path="/", secure=self.https, httponly=True, samesite="strict")

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.https, httponly=True, samesite="strict")
