"""One question to the case system, one answer: within a deadline, at most two tries, one pool, one breaker.

The boundary: it knows HTTP and how systems fail, and nothing of cases. Which question it is, and whether its answer
belongs to it, is `bot.caseapi.client`'s decision.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Generic, TypeVar

import httpx2
from pydantic import BaseModel

from bot.caseapi import wire
from bot.caseapi.breaker import Breaker
from bot.caseapi.budget import RetryBudget
from bot.caseapi.credentials import Credentials
from bot.caseapi.errors import CannotCheck, Reason
from bot.caseapi.models import Problem
from bot.errors import CaseApiError, SettingsError

_PAUSE: Final = (0.1, 0.4)
_WORTH_A_SECOND_TRY: Final = frozenset({Reason.UNREACHABLE, Reason.SERVER_ERROR})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Question(Generic[_T]):
    """What to ask, and how to understand the answer.

    `read` makes the answer of a response with `status`, or raises CannotCheck. `verdict` makes an error of a problem
    report that speaks of this very question. `name` is logged, because a path may hold an identifier.
    """

    name: str
    method: str
    path: str
    status: HTTPStatus
    read: Callable[[httpx2.Response, bytes], _T]
    headers: dict[str, str] = field(default_factory=dict)
    body: BaseModel | None = None
    verdict: Callable[[Problem], CaseApiError | None] = lambda problem: None
    repeatable: bool = True
    open_to_all: bool = False


class _TokenRefused(CannotCheck):
    """The token has ended before its time; a new one may be accepted."""

    def __init__(self, token: str) -> None:
        super().__init__(Reason.NOT_ALLOWED)
        self.token = token


class Exchange:
    """One for a case system and process. `http` is opened and closed by the owner.

    `url` is HTTPS, or HTTP on loopback (the sandbox); anything else raises SettingsError. An empty `client_secret` asks
    for no token: then `tls` has to say who this office is.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        deadline: float,
        now: Callable[[], datetime],
        tls: ssl.SSLContext | None,
        transport: httpx2.AsyncBaseTransport | None,
    ) -> None:
        _require_safe(url)
        self._deadline = deadline
        self._now = now
        self._breaker = Breaker(now)
        self._budget = RetryBudget(now)
        self.http = httpx2.AsyncClient(
            base_url=url,
            headers={"Accept-Encoding": "identity"},
            # A cookie that one person's answer sets would travel with the next person's question.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            timeout=deadline,
            limits=httpx2.Limits(max_connections=20, max_keepalive_connections=5),
            verify=tls or True,
            transport=transport,
        )
        self._credentials = Credentials(self.http, client_id, client_secret, now) if client_secret else None

    def until(self) -> float:
        """When a question that begins now has to be over, in the event loop's time."""
        return asyncio.get_running_loop().time() + self._deadline

    async def ask(self, question: Question[_T], until: float) -> _T:
        """The answer. Raises CannotCheck, or what the question's `verdict` makes of a problem report."""
        try:
            with self._breaker.guard():
                return await self._within(question, until)
        except CannotCheck as failure:
            if failure.reason is Reason.NOT_ALLOWED:
                logger.error("case system does not accept this office's credentials: %s", question.name)
            else:
                logger.warning("case system: %s: %s", question.name, failure.reason)
            raise

    async def _within(self, question: Question[_T], until: float) -> _T:
        self._budget.asked()
        try:
            async with asyncio.timeout_at(until):
                try:
                    return await self._once(question)
                except CannotCheck as failure:
                    if not (_may_help(question, failure) and self._budget.spend()):
                        raise
                    if isinstance(failure, _TokenRefused) and self._credentials:
                        self._credentials.forget(failure.token)
                    else:
                        await asyncio.sleep(random.uniform(*_PAUSE))  # noqa: S311  spreads load, guards nothing
                return await self._once(question)
        except TimeoutError:
            raise CannotCheck(Reason.TIMEOUT) from None

    async def _once(self, question: Question[_T]) -> _T:
        token = await self._credentials.token() if self._credentials and not question.open_to_all else None
        headers = question.headers | ({"Authorization": f"Bearer {token}"} if token else {})
        content = None
        if question.body is not None:
            content, headers = question.body.model_dump_json(), headers | {"Content-Type": "application/json"}
        response, received = await wire.exchange(self.http, question.method, question.path, headers, content)
        if response.status_code == question.status:
            return question.read(response, received)
        problem = wire.problem(response, received)
        verdict = question.verdict(problem) if problem else None
        if verdict is not None:
            raise verdict
        if token and problem and (problem.status, problem.code) == (HTTPStatus.UNAUTHORIZED, "unauthorized"):
            raise _TokenRefused(token)
        raise wire.failure(response, self._now())


def _may_help(question: Question[_T], failure: CannotCheck) -> bool:
    # A refused token was looked at before the question, so nothing has happened yet: even a code may be sent again.
    if isinstance(failure, _TokenRefused):
        return True
    return question.repeatable and failure.reason in _WORTH_A_SECOND_TRY and failure.retry_at is None


def _require_safe(url: str) -> None:
    parsed = httpx2.URL(url)
    if parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in _LOOPBACK):
        return
    raise SettingsError("REHBER_CASE_API_URL must begin with https:// (http:// is allowed on this machine only).")
