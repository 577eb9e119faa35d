"""What the sandbox remembers: challenges, the SMS it pretends to send, sessions, subscriptions, changes of files.

The rules of the contract live here. An unknown person gets the same challenge as a known one, made with the same work:
everybody is compared with everybody, to the last letter, and a message is written that nobody can read.
"""

import hmac
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.caseapi.identity import masked_phone
from bot.caseapi.models import Challenge, Session, Subscription, VerifyRequest
from bot.caseapi.sandbox.changes import ChangeKind, changed
from bot.caseapi.sandbox.memory import keep
from bot.caseapi.sandbox.people import Person, people
from bot.errors import RehberError

CODE_SECONDS: Final = 180
SESSION_SECONDS: Final = 300
SUBSCRIPTION_DAYS: Final = 90
TRIES: Final = 5


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
class _Subscribed:
    number: str
    kinds: frozenset[str]
    until: datetime


@dataclass(slots=True)
class Office:
    """The whole state of one sandbox process. `now` gives an aware datetime."""

    now: Callable[[], datetime]
    sms: deque[Sms] = field(default_factory=lambda: deque(maxlen=20))
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _by_key: dict[tuple[str, VerifyRequest], str] = field(default_factory=dict)
    _sessions: dict[str, _Open] = field(default_factory=dict)
    _subscriptions: dict[str, _Subscribed] = field(default_factory=dict)
    _changes: defaultdict[str, Counter[ChangeKind]] = field(default_factory=lambda: defaultdict(Counter))
    _unread: deque[Sms] = field(default_factory=lambda: deque(maxlen=1))

    def people(self) -> tuple[Person, ...]:
        """Everybody, as their files are now."""
        now = self.now()
        return tuple(changed(person, self._changes[person.number], now) for person in people(now))

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
        owner = None
        for person in people(self.now()):
            owner = person if _belongs(asked, person) else owner
        until = self.now() + timedelta(seconds=CODE_SECONDS)
        keep(self._pending, answer.challenge_id, _Pending(answer, owner, code, until))
        keep(self._by_key, (key, asked), answer.challenge_id)
        (self.sms if owner else self._unread).append(Sms(asked.phone, code, asked.lang, self.now()))
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
        keep(self._sessions, session.session, _Open(session.subject, pending.owner.number, until))
        return session

    def person(self, session: str) -> tuple[str, Person] | None:
        """The subject and the file of an open session."""
        found = self._sessions.get(session)
        if found is None or self.now() > found.until:
            return None
        return found.subject, next(p for p in self.people() if p.number == found.number)

    def subscribe(self, session: str, kinds: Iterable[str]) -> Subscription | None:
        """A subscription to changes of these kinds, for an open session."""
        found = self.person(session)
        if found is None:
            return None
        subject, person = found
        until = self.now() + timedelta(days=SUBSCRIPTION_DAYS)
        made = Subscription(subject=subject, subscription_id=secrets.token_urlsafe(24), expires_at=until)
        keep(self._subscriptions, made.subscription_id, _Subscribed(person.number, frozenset(kinds), until))
        return made

    def unsubscribe(self, subscription_id: str) -> None:
        self._subscriptions.pop(subscription_id, None)

    def change(self, number: str, kind: ChangeKind) -> list[str]:
        """Change something in a file. Returns the subscriptions that are to hear of it."""
        self._changes[number][kind] += 1
        return [
            subscription_id
            for subscription_id, one in self._subscriptions.items()
            if one.number == number and kind in one.kinds and self.now() < one.until
        ]


def _belongs(asked: VerifyRequest, person: Person) -> bool:
    said = (asked.doc_type, asked.id_number, asked.factor.type, _folded(asked.factor.value), asked.phone)
    right = (person.document, person.number, person.factor, _folded(person.factor_value), person.phone)
    return hmac.compare_digest("\n".join(said).encode(), "\n".join(right).encode())


def _folded(value: str) -> str:
    return value.translate(str.maketrans("İı", "Ii")).casefold()
