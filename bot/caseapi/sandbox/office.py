"""What the sandbox remembers: challenges, the SMS it pretends to send, sessions. The rules of the contract live here.

An unknown person gets the same challenge as a known one, made with the same work; only no SMS appears.
"""

import hmac
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.caseapi.identity import masked_phone
from bot.caseapi.models import Challenge, Session, VerifyRequest
from bot.caseapi.sandbox.people import Person, people
from bot.errors import RehberError

CODE_SECONDS: Final = 180
SESSION_SECONDS: Final = 300
TRIES: Final = 5
_KEPT: Final = 500

_K = TypeVar("_K")
_V = TypeVar("_V")


class NotConfirmed(RehberError):  # noqa: N818  an answer, not a defect
    """Unknown person, wrong detail, wrong, spent or expired code, unknown challenge: all the same."""


class NoMoreTries(RehberError):  # noqa: N818
    """This challenge takes no more codes."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message that a real system would have sent."""

    phone: str
    code: str
    lang: str
    at: datetime


@dataclass(slots=True)
class _Pending:
    answer: Challenge
    owner: Person | None
    code: str
    until: datetime
    tries: int = 0
    spent: bool = False


@dataclass(slots=True)
class _Open:
    subject: str
    number: str
    until: datetime


@dataclass(slots=True)
class Office:
    """The whole state of one sandbox process. Old entries fall out, so a fuzzer cannot fill the memory."""

    now: Callable[[], datetime]
    sms: deque[Sms] = field(default_factory=lambda: deque(maxlen=20))
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _by_key: dict[tuple[str, VerifyRequest], str] = field(default_factory=dict)
    _sessions: dict[str, _Open] = field(default_factory=dict)

    def start(self, asked: VerifyRequest, key: str) -> Challenge:
        """A challenge; and an SMS, when number, factor and phone belong to one file."""
        known = self._by_key.get((key, asked))
        if known is not None and known in self._pending:
            return self._pending[known].answer
        answer = Challenge(
            challenge_id=secrets.token_urlsafe(24),
            channel="sms",
            masked_to=masked_phone(asked.phone),
            expires_in=CODE_SECONDS,
        )
        code = f"{secrets.randbelow(10**6):06}"
        owner = next((person for person in people(self.now()) if _belongs(asked, person)), None)
        until = self.now() + timedelta(seconds=CODE_SECONDS)
        _keep(self._pending, answer.challenge_id, _Pending(answer, owner, code, until))
        _keep(self._by_key, (key, asked), answer.challenge_id)
        if owner is not None:
            self.sms.append(Sms(owner.phone, code, asked.lang, self.now()))
        return answer

    def confirm(self, challenge_id: str, code: str) -> Session:
        """A session for the right code. Raises NotConfirmed or NoMoreTries."""
        pending = self._pending.get(challenge_id)
        if pending is None:
            raise NotConfirmed
        pending.tries += 1
        if pending.tries > TRIES:
            raise NoMoreTries
        right = hmac.compare_digest(pending.code, code)
        if not right or pending.owner is None or pending.spent or self.now() > pending.until:
            raise NotConfirmed
        pending.spent = True
        session = Session(
            challenge_id=challenge_id,
            session=secrets.token_urlsafe(24),
            subject=secrets.token_urlsafe(24),
            expires_in=SESSION_SECONDS,
        )
        until = self.now() + timedelta(seconds=SESSION_SECONDS)
        _keep(self._sessions, session.session, _Open(session.subject, pending.owner.number, until))
        return session

    def person(self, session: str) -> tuple[str, Person] | None:
        """The subject and the file of an open session."""
        found = self._sessions.get(session)
        if found is None or self.now() > found.until:
            return None
        return found.subject, next(p for p in people(self.now()) if p.number == found.number)


def _belongs(asked: VerifyRequest, person: Person) -> bool:
    said = (asked.doc_type, asked.id_number, asked.factor.type, _folded(asked.factor.value), asked.phone)
    return said == (person.document, person.number, person.factor, _folded(person.factor_value), person.phone)


def _folded(value: str) -> str:
    return value.translate(str.maketrans("İı", "Ii")).casefold()


def _keep(entries: dict[_K, _V], key: _K, value: _V) -> None:
    entries[key] = value
    if len(entries) > _KEPT:
        del entries[next(iter(entries))]
