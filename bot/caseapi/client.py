"""Asks the office's case system. Owns the deadline, the tries, the breaker, the pool and the checks on every answer.

The boundary: it returns what the contract says about one confirmed person, or raises an error of
`bot.caseapi.errors`. There is no other way out, and no default value: a failure can not become an empty list.
What may be shown to a person is `bot.caseapi.answer`'s decision.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Final, Self, TypeVar
from uuid import uuid4

import httpx2
from pydantic import BaseModel

from bot.caseapi import wire
from bot.caseapi.breaker import Breaker
from bot.caseapi.errors import CannotCheck, Reason, Refused, SessionOver, TooManyTries
from bot.caseapi.models import (
    Appointments,
    Challenge,
    CodeRequest,
    Health,
    Permits,
    ProtectionReport,
    Report,
    Session,
    TravelPermits,
    VerifyRequest,
)
from bot.errors import CaseApiError, SettingsError

DEADLINE: Final = 8.0
"""Seconds for everything between a person's last input and the answer or the notice."""

OLDEST_ANSWER: Final = timedelta(seconds=60)
"""A status that was looked up earlier, or comes from a clock this far ahead, is not shown."""

_PAUSE: Final = (0.1, 0.4)
_WORTH_A_SECOND_TRY: Final = frozenset({Reason.UNREACHABLE, Reason.SERVER_ERROR})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

logger = logging.getLogger(__name__)

_M = TypeVar("_M", bound=BaseModel)
_R = TypeVar("_R", bound=Report)


class Check(StrEnum):
    """What a person asks about. Only this is fetched: nothing is looked up that will not be shown."""

    APPOINTMENT = "appointment"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the case system said about one person a moment ago. None means "not asked", never "there is none"."""

    appointments: Appointments | None = None
    protection: ProtectionReport | None = None
    permits: Permits | None = None
    travel_permits: TravelPermits | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed identity and what was read with it. The session may be used again for `expires_in` seconds."""

    session: Session
    file: CaseFile


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: BaseModel | None = None
    tries: int = 2


class CaseClient:
    """One client, one pool, one breaker a process. Use it as an async context manager.

    `url` is HTTPS, or HTTP on loopback (the sandbox); anything else raises SettingsError.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        deadline: float = DEADLINE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        _require_safe(url)
        self._deadline = deadline
        self._now = now
        self._breaker = Breaker(now)
        self._http = httpx2.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
            # A cookie that one person's answer sets would travel with the next person's question.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            timeout=deadline,
            limits=httpx2.Limits(max_connections=20, max_keepalive_connections=5),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def health(self) -> Health:
        """Whether the case system can be asked. Raises CannotCheck."""
        request = _Request("GET", "/v1/health", HTTPStatus.OK, {})
        return await self._ask(Health, request, self._until())

    async def start(self, identity: VerifyRequest) -> Challenge:
        """Ask for a code to the registered phone. Raises CannotCheck; never says whether the person is known."""
        headers = {"Idempotency-Key": str(uuid4())}
        request = _Request("POST", "/v1/verify", HTTPStatus.ACCEPTED, headers, identity)
        return await self._ask(
            Challenge, request, self._until(), lambda answer: answer.masked_to[-2:] == identity.phone[-2:]
        )

    async def confirm(self, challenge_id: str, code: str) -> Session:
        """Hand in the code. Raises Refused (wrong identity or code), TooManyTries (start again), CannotCheck."""
        return await self._confirm(challenge_id, code, self._until())

    async def read(self, session: Session, check: Check) -> CaseFile:
        """What `check` needs, of the file behind an open session. Raises SessionOver (confirm again), CannotCheck."""
        return await self._read(session, check, self._until())

    async def look_up(self, challenge_id: str, code: str, check: Check) -> Confirmed:
        """`confirm` and `read` within one deadline. Raises Refused, TooManyTries, CannotCheck."""
        until = self._until()
        session = await self._confirm(challenge_id, code, until)
        try:
            return Confirmed(session, await self._read(session, check, until))
        except SessionOver:
            # A session that was opened a moment ago and is over is a fault of the case system, not a session's end.
            raise CannotCheck(Reason.UNEXPECTED_STATUS) from None

    async def _confirm(self, challenge_id: str, code: str, until: float) -> Session:
        # Handing in a code twice would spend one of the person's tries.
        path = f"/v1/verify/{challenge_id}"
        request = _Request("POST", path, HTTPStatus.OK, {}, CodeRequest(otp=code), tries=1)
        return await self._ask(Session, request, until, lambda answer: answer.challenge_id == challenge_id)

    async def _read(self, session: Session, check: Check, until: float) -> CaseFile:
        if check is Check.APPOINTMENT:
            return CaseFile(appointments=await self._report(Appointments, "appointments", session, until))
        # Not a task group: one failure decides the outcome, and `until` already bounds the others.
        protection, permits, travel_permits = await asyncio.gather(
            self._report(ProtectionReport, "protection", session, until),
            self._report(Permits, "permits", session, until),
            self._report(TravelPermits, "travel-permits", session, until),
        )
        return CaseFile(protection=protection, permits=permits, travel_permits=travel_permits)

    async def _report(self, model: type[_R], name: str, session: Session, until: float) -> _R:
        request = _Request("GET", f"/v1/case/{name}", HTTPStatus.OK, {"Case-Session": session.session})
        return await self._ask(model, request, until, lambda answer: answer.subject == session.subject)

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._deadline

    async def _ask(
        self, model: type[_M], request: _Request, until: float, belongs: Callable[[_M], bool] = lambda answer: True
    ) -> _M:
        """One answer that `belongs` to the question. Raises one of the three errors."""
        try:
            with self._breaker.guard():
                answer = await self._tries(model, request, until)
                if not belongs(answer):
                    raise CannotCheck(Reason.WRONG_SUBJECT)
                if isinstance(answer, Report) and abs(self._now() - answer.as_of) > OLDEST_ANSWER:
                    raise CannotCheck(Reason.STALE)
                return answer
        except CannotCheck as failure:
            # The path may hold a challenge's identifier, so only its shape is logged.
            logger.warning("case system: %s %s: %s", request.method, model.__name__, failure.reason)
            raise

    async def _tries(self, model: type[_M], request: _Request, until: float) -> _M:
        try:
            async with asyncio.timeout_at(until):
                for _ in range(request.tries - 1):
                    try:
                        return await self._once(model, request)
                    except CannotCheck as failure:
                        if failure.reason not in _WORTH_A_SECOND_TRY or failure.retry_at:
                            raise
                    await asyncio.sleep(random.uniform(*_PAUSE))  # noqa: S311  spreads load, guards nothing
                return await self._once(model, request)
        except TimeoutError:
            raise CannotCheck(Reason.TIMEOUT) from None

    async def _once(self, model: type[_M], request: _Request) -> _M:
        content = request.body.model_dump_json() if request.body else None
        headers = request.headers | ({"Content-Type": "application/json"} if content else {})
        try:
            async with self._http.stream(request.method, request.path, content=content, headers=headers) as response:
                received = await wire.body(response)
        except httpx2.TimeoutException:
            raise CannotCheck(Reason.TIMEOUT) from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise CannotCheck(Reason.UNREACHABLE) from None
        if response.status_code == request.status:
            return wire.message(model, response, received)
        raise self._failure(request, response, received)

    def _failure(self, request: _Request, response: httpx2.Response, received: bytes) -> CaseApiError:
        status = response.status_code
        verdict = _verdict(request, response, received)
        if verdict is not None:
            return verdict
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return CannotCheck(Reason.RATE_LIMITED, retry_at=wire.retry_at(response, self._now()))
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            logger.error("case system does not accept this office's token")
            return CannotCheck(Reason.NOT_ALLOWED)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            later = wire.retry_at(response, self._now()) if "retry-after" in response.headers else None
            return CannotCheck(Reason.SERVER_ERROR, retry_at=later)
        return CannotCheck(Reason.REDIRECT if response.is_redirect else Reason.UNEXPECTED_STATUS)


def _verdict(
    request: _Request, response: httpx2.Response, received: bytes
) -> Refused | TooManyTries | SessionOver | None:
    """What the case system said about this very code or session; None when it said nothing of the kind."""
    try:
        problem = wire.problem(response, received)
    except CannotCheck:
        return None
    mine = problem.challenge_id is not None and request.path.endswith(f"/{problem.challenge_id}")
    match problem.status, problem.code:
        case HTTPStatus.UNAUTHORIZED, "refused" if mine:
            return Refused()
        case HTTPStatus.TOO_MANY_REQUESTS, "too-many-tries" if mine:
            return TooManyTries()
        case HTTPStatus.UNAUTHORIZED, "session-expired" if "Case-Session" in request.headers:
            return SessionOver()
    return None


def _require_safe(url: str) -> None:
    parsed = httpx2.URL(url)
    if parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in _LOOPBACK):
        return
    raise SettingsError("REHBER_CASE_API_URL must begin with https:// (http:// is allowed on this machine only).")
