"""Asks the office's case system: which questions there are, and whether an answer belongs to its question.

The boundary: it returns what the contract says about one confirmed person, or raises an error of
`bot.caseapi.errors`. There is no other way out, and no default value: a failure can not become an empty list.
What may be shown to a person is `bot.caseapi.answer`'s decision; how a question travels is `bot.caseapi.exchange`'s.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self, TypeVar
from uuid import uuid4

import httpx2
from pydantic import BaseModel

from bot.caseapi import wire
from bot.caseapi.errors import CannotCheck, Reason, Refused, SessionOver, TooManyTries
from bot.caseapi.exchange import Exchange, Question
from bot.caseapi.models import (
    Appointments,
    Challenge,
    CodeRequest,
    Health,
    Permits,
    Problem,
    ProtectionReport,
    Report,
    Session,
    Subscription,
    SubscriptionRequest,
    TravelPermits,
    VerifyRequest,
)
from bot.errors import CaseApiError

DEADLINE: Final = 8.0
"""Seconds for everything between a person's last input and the answer or the notice."""

OLDEST_ANSWER: Final = timedelta(seconds=60)
"""A status that was looked up earlier, or comes from a clock this far ahead, is not shown."""

CHANGES: Final = ("APPOINTMENT", "FILE")
"""What a subscription asks to hear of."""

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


class CaseClient:
    """One client, one pool, one breaker a process. Use it as an async context manager.

    `url` is HTTPS, or HTTP on loopback (the sandbox); anything else raises SettingsError. `tls` (`bot.caseapi.tls`)
    says whom to trust and, with a client certificate, who this office is; then `client_secret` may be empty.
    """

    def __init__(
        self,
        url: str,
        client_secret: str,
        *,
        client_id: str = "rehber",
        deadline: float = DEADLINE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls: ssl.SSLContext | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._now = now
        self._exchange = Exchange(
            url, client_id, client_secret, deadline=deadline, now=now, tls=tls, transport=transport
        )

    async def __aenter__(self) -> Self:
        await self._exchange.http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exchange.http.__aexit__(kind, error, trace)

    async def health(self) -> Health:
        """Whether the case system can be asked. Raises CannotCheck."""
        question = Question("health", "GET", "/v1/health", HTTPStatus.OK, _message(Health), open_to_all=True)
        return await self._exchange.ask(question, self._exchange.until())

    async def start(self, identity: VerifyRequest) -> Challenge:
        """Ask for a code to the registered phone. Raises CannotCheck; never says whether the person is known."""
        question = Question(
            "start",
            "POST",
            "/v1/verify",
            HTTPStatus.ACCEPTED,
            _message(Challenge, lambda answer: answer.masked_to[-2:] == identity.phone[-2:]),
            {"Idempotency-Key": str(uuid4())},
            identity,
        )
        return await self._exchange.ask(question, self._exchange.until())

    async def confirm(self, challenge_id: str, code: str) -> Session:
        """Hand in the code. Raises Refused (wrong identity or code), TooManyTries (start again), CannotCheck."""
        return await self._confirm(challenge_id, code, self._exchange.until())

    async def read(self, session: Session, check: Check) -> CaseFile:
        """What `check` needs, of the file behind an open session. Raises SessionOver (confirm again), CannotCheck."""
        return await self._read(session, check, self._exchange.until())

    async def look_up(self, challenge_id: str, code: str, check: Check) -> Confirmed:
        """`confirm` and `read` within one deadline. Raises Refused, TooManyTries, CannotCheck."""
        until = self._exchange.until()
        session = await self._confirm(challenge_id, code, until)
        try:
            return Confirmed(session, await self._read(session, check, until))
        except SessionOver:
            # A session that was opened a moment ago and is over is a fault of the case system, not a session's end.
            raise CannotCheck(Reason.UNEXPECTED_STATUS) from None

    async def subscribe(self, session: Session) -> Subscription:
        """Ask to hear of changes in the file behind an open session. Raises SessionOver, CannotCheck.

        Where they are announced was agreed with the office; `bot.caseapi.announcements` reads them.
        """
        question = Question(
            "subscribe",
            "POST",
            "/v1/case/subscriptions",
            HTTPStatus.CREATED,
            _message(Subscription, lambda answer: answer.subject == session.subject),
            {"Case-Session": session.session},
            SubscriptionRequest(kinds=CHANGES),
            verdict=_on_session,
            # A second one that nobody knows of would announce everything twice.
            repeatable=False,
        )
        return await self._exchange.ask(question, self._exchange.until())

    async def unsubscribe(self, subscription_id: str) -> None:
        """Hear of no more changes. A subscription that is unknown or over is no error. Raises CannotCheck."""
        path = f"/v1/subscriptions/{subscription_id}"
        question = Question("unsubscribe", "DELETE", path, HTTPStatus.NO_CONTENT, lambda response, received: None)
        await self._exchange.ask(question, self._exchange.until())

    async def _confirm(self, challenge_id: str, code: str, until: float) -> Session:
        def verdict(problem: Problem) -> CaseApiError | None:
            return _on_code(problem) if problem.challenge_id == challenge_id else None

        question = Question(
            "confirm",
            "POST",
            f"/v1/verify/{challenge_id}",
            HTTPStatus.OK,
            _message(Session, lambda answer: answer.challenge_id == challenge_id),
            body=CodeRequest(otp=code),
            verdict=verdict,
            # Handing in a code twice would spend one of the person's tries.
            repeatable=False,
        )
        return await self._exchange.ask(question, until)

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
        def read(response: httpx2.Response, received: bytes) -> _R:
            report = _message(model, lambda answer: answer.subject == session.subject)(response, received)
            if abs(self._now() - report.as_of) > OLDEST_ANSWER:
                raise CannotCheck(Reason.STALE)
            return report

        headers = {"Case-Session": session.session}
        question = Question(name, "GET", f"/v1/case/{name}", HTTPStatus.OK, read, headers, verdict=_on_session)
        return await self._exchange.ask(question, until)


def _message(
    model: type[_M], belongs: Callable[[_M], bool] = lambda answer: True
) -> Callable[[httpx2.Response, bytes], _M]:
    """Reads one message of the contract, and only one that `belongs` to the question."""

    def read(response: httpx2.Response, received: bytes) -> _M:
        answer = wire.message(model, response, received)
        if not belongs(answer):
            raise CannotCheck(Reason.WRONG_SUBJECT)
        return answer

    return read


def _on_code(problem: Problem) -> CaseApiError | None:
    match problem.status, problem.code:
        case HTTPStatus.UNAUTHORIZED, "refused":
            return Refused()
        case HTTPStatus.TOO_MANY_REQUESTS, "too-many-tries":
            return TooManyTries()
    return None


def _on_session(problem: Problem) -> CaseApiError | None:
    over = (problem.status, problem.code) == (HTTPStatus.UNAUTHORIZED, "session-expired")
    return SessionOver() if over else None
