"""Reminders in a conversation: say what they mean, ask for consent, plan them, stop them with one tap.

Owns the consent and the hour of a reminder. Saying it is `bot.hub.reminding`'s; the rows are `bot.post.reminders`'.
A reminder of an appointment is made only together with a subscription to its changes: a reminder of an hour that was
moved would be worse than none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi import answer
from bot.caseapi.client import CaseClient, CaseFile, Check
from bot.caseapi.errors import CannotCheck, SessionOver
from bot.caseapi.models import Session
from bot.hub.identity_check import IdentityCheck
from bot.hub.render import Renderer
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.phrases import PHRASES
from bot.model import Utterance
from bot.post import consents, reminders, subscriptions
from bot.post.conversations import Conversation
from bot.post.reminders import ReminderDetails

THE_DAY_BEFORE: Final = time(10, tzinfo=OFFICE_ZONE)
HOURS_BEFORE: Final = timedelta(hours=2)


class Kind(StrEnum):
    """What is reminded of. Each has a consent of its own."""

    APPOINTMENT = "appointment"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder to make; see `bot.post.reminders.plan`."""

    what: str
    details: ReminderDetails
    due_at: datetime
    ends_at: datetime
    subscription_id: int | None = None


class Reminders:
    """One for a process."""

    def __init__(self, service: Service, client: CaseClient, check: IdentityCheck) -> None:
        self._service = service
        self._client = client
        self._check = check

    def are_possible(self, words: Renderer) -> bool:
        """Whether the office offers them, and this channel can write first."""
        return self._service.settings.reminders and words.capabilities.writes_first

    def _are_offered(self, words: Renderer, kind: Kind) -> bool:
        """The same of one kind. Where no change is heard of, a reminder could name an hour that was moved."""
        return self.are_possible(words) and (kind is not Kind.APPOINTMENT or self._service.settings.hears_of_changes)

    def explain(self, words: Renderer, kind: Kind) -> Utterance:
        """What is kept, until when, who sees it, how it ends: the question for consent."""
        if not self._are_offered(words, kind):
            return words.remark("remind-impossible")
        yes = words.button("remind-yes", f"remind.yes:{kind.value}")
        buttons = [yes, words.button("no", "menu"), words.person()]
        return words.say(*_question(words, kind), buttons=buttons, key=f"remind:{kind.value}")

    async def agree(self, db: AsyncConnection, talk: Conversation, words: Renderer) -> list[Utterance]:
        """The person wants to be reminded of the appointments of the file they opened a moment ago."""
        if not self._are_offered(words, Kind.APPOINTMENT):
            return [words.remark("remind-impossible")]
        session = await self._check.session(db, talk)
        if session is None:
            return [_check_first(words)]
        try:
            subscription_id = await self._subscribe(db, talk, session.session)
        except SessionOver:
            return [_check_first(words)]
        except CannotCheck:
            return [words.remark("remind-not-now")]
        # Read after subscribing: whatever changes from here on is announced.
        file = await self._check.read(db, talk, words, Check.APPOINTMENT)
        planned = list(self._of(file, await reminders.now(db), subscription_id)) if isinstance(file, CaseFile) else []
        if not planned:
            # Nothing was promised, so nothing may be told on account of it.
            await subscriptions.let_go_unused(db, talk.id)
        if not isinstance(file, CaseFile):
            return file
        return [await self.promise(db, talk, words, Kind.APPOINTMENT, planned)]

    async def promise(
        self, db: AsyncConnection, talk: Conversation, words: Renderer, kind: Kind, planned: Iterable[Planned]
    ) -> Utterance:
        """Note the consent and plan the reminders; without any that could still be said, say so and keep nothing."""
        wanted = list(planned)
        if not self._are_offered(words, kind):
            return words.remark("remind-impossible")
        if not wanted:
            return words.remark("remind-too-soon")
        asked = consents.version(*(PHRASES[name] for name in _question(words, kind)))
        await consents.give(db, talk, kind.value, asked, words.language)
        for one in wanted:
            await reminders.plan(
                db,
                self._service.seal,
                talk.id,
                one.what,
                one.details,
                one.due_at,
                one.ends_at,
                one.subscription_id,
            )
        buttons = [words.button("remind-stop", "remind.stop"), words.button("menu", "menu"), words.person()]
        return words.say(f"remind-{kind.value}-done", buttons=buttons)

    async def stop(self, db: AsyncConnection, talk: Conversation, words: Renderer) -> Utterance:
        """Withdraw the consent: no reminder and no news any more."""
        await reminders.stop(db, talk.id)
        return words.remark("remind-stopped")

    async def are_on(self, db: AsyncConnection, talk: Conversation) -> bool:
        return await reminders.are_on(db, talk.id)

    async def _subscribe(self, db: AsyncConnection, talk: Conversation, session: Session) -> int:
        """The id of this session's subscription, which is made once. Raises SessionOver, CannotCheck."""
        seal = self._service.seal
        known = await subscriptions.of_session(db, seal, session.session)
        if known is not None:
            return known
        made = await self._client.subscribe(session)
        # In a transaction of its own: a change that is announced while this turn goes on must find it.
        async with self._service.engine.begin() as own:
            return await subscriptions.add(own, seal, talk.id, session.session, made.subscription_id, made.expires_at)

    def _of(self, file: CaseFile, now: datetime, subscription_id: int) -> Iterable[Planned]:
        for entry in answer.to_come(file, now):
            due = due_at(entry.start, now)
            if due is not None:
                details = ReminderDetails(at=entry.start, unit=entry.unit, address=entry.address)
                # A family may be asked to come at the same hour: each appointment is one of its own.
                which = self._service.seal.fingerprint("case-appointment", entry.id).hex()[:32]
                what = f"{Kind.APPOINTMENT.value}:{which}"
                yield Planned(what, details, due, entry.start.astimezone(UTC), subscription_id)


def due_at(start: datetime, now: datetime) -> datetime | None:
    """When to remind of what begins at `start`: the day before at ten, else two hours before, else not at all."""
    day_before = start.astimezone(OFFICE_ZONE).date() - timedelta(days=1)
    moments = (datetime.combine(day_before, THE_DAY_BEFORE), start - HOURS_BEFORE)
    return next((moment.astimezone(UTC) for moment in moments if moment > now), None)


def _question(words: Renderer, kind: Kind) -> list[str]:
    """The phrases of the question, in order: at most four short sentences."""
    office = ["remind-office"] if kind is Kind.APPOINTMENT else []
    abroad = ["remind-telegram"] if words.capabilities.stored_abroad else []
    return [f"remind-{kind.value}", *office, *abroad, "remind-free"]


def _check_first(words: Renderer) -> Utterance:
    buttons = [words.button("check-appointment", "check:appointment"), words.person()]
    return words.say("remind-check-first", buttons=buttons)
