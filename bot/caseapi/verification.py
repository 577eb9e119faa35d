"""The identity check as a whole: the form's questions, the count of tries, and the case system behind them.

Chat and kiosk drive it the same way: `begin`, then `answer` for every input, until a reply has no form. What a person
reads is the same, to the byte and in time, whether the number is unknown, a detail is wrong, the code is wrong or the
number is locked: otherwise a stranger could find out who is in Türkiye.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.caseapi import answer as answers
from bot.caseapi import form as forms
from bot.caseapi.attempts import NUMBER, AttemptLog, Counted, Fingerprint, Origin, Try
from bot.caseapi.client import CaseClient, CaseFile, Check
from bot.caseapi.errors import CannotCheck, Refused, SessionOver, TooManyTries
from bot.caseapi.form import Ask, CodeGiven, Form, Identified, Prompt, Step
from bot.caseapi.identity import neighbourhood
from bot.caseapi.models import Appointment, Session
from bot.caseapi.pace import Pace, Question
from bot.caseapi.wording import Sentence, line

CODES: Final = 3
"""Codes that may be typed in one check."""

CODE_LIFETIME: Final = timedelta(seconds=180)
"""How long a code may be typed. Fixed here, because a time that depends on the person would say something."""

_ASKS_THE_OFFICE: Final = frozenset({Step.PHONE, Step.CODE})
"""Questions whose answers lead to the case system, or look as if they did."""

SESSION_LIFETIME: Final = timedelta(minutes=5)
"""How long a confirmed person may go on asking without a new code; shorter when the case system says so."""


class Outcome(StrEnum):
    """How a check ended. Safe to count: says nothing about a person."""

    ANSWERED = "answered"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANNOT_CHECK = "cannot-check"


class OpenSession(BaseModel):
    """A confirmed person, for some minutes. It opens their file: keep it sealed or in memory, and never longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: Session
    until: AwareDatetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show, in order: `lines`, then `prompt`. Without a form the check is over and `outcome` says how.

    With a `session` the same person may be asked about again (`Verification.again`). `to_come`: the
    appointments to come that are among what is shown, the next one first.
    """

    lines: tuple[Sentence, ...]
    form: Form | None = None
    prompt: Prompt | None = None
    outcome: Outcome | None = None
    session: OpenSession | None = None
    to_come: tuple[Appointment, ...] = ()


class Verification:
    """One for a process. `fingerprint` is the installation's keyed hash; `now` gives an aware datetime."""

    def __init__(
        self,
        client: CaseClient,
        log: AttemptLog,
        fingerprint: Fingerprint,
        *,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._log = log
        self._fingerprint = fingerprint
        self._pace = pace or Pace()
        self._now = now

    def begin(self, check: Check, language: str) -> Reply:
        """Open a check. `language` is the BCP 47 code in which the SMS should be."""
        return _going_on(Ask(forms.open_form(check, language, self._now())))

    async def answer(self, form: Form, text: str, origin: Origin) -> Reply:
        """Go on with what the person typed or chose. Never raises for a failing case system."""
        if form.step not in _ASKS_THE_OFFICE:
            return await self._answer(form, text, origin)
        async with self._pace.on_the_beat():
            return await self._answer(form, text, origin)

    async def _answer(self, form: Form, text: str, origin: Origin) -> Reply:
        if self._now() - form.opened_at > forms.LIFETIME or (form.code_until and self._now() > form.code_until):
            return _over(Outcome.EXPIRED, line("expired"))
        match forms.step(form, text):
            case Ask() as ask:
                return _going_on(ask)
            case Identified() as identified:
                return await self._ask_for_code(identified, origin)
            case CodeGiven() as given:
                return await self._look_up(given, origin)

    async def again(self, open_session: OpenSession, check: Check) -> Reply:
        """Another question of a confirmed person, without a new code. Never raises for a failing case system."""
        found = await self.read(open_session, check)
        return found if isinstance(found, Reply) else self._answered(found, open_session)

    async def read(self, open_session: OpenSession, check: Check) -> CaseFile | Reply:
        """What `check` needs of a confirmed person's file, or what to say instead. Keep the session the reply has."""
        if self._now() > open_session.until:
            return _over(Outcome.EXPIRED, line("expired"))
        try:
            return await self._client.read(open_session.session, check)
        except SessionOver:
            return _over(Outcome.EXPIRED, line("expired"))
        except CannotCheck:
            return replace(_cannot_check(), session=open_session)

    async def _ask_for_code(self, identified: Identified, origin: Origin) -> Reply:
        number = identified.identity.id_number
        names = {
            "subject": self._fingerprint("case-subject", number).hex(),
            "neighbourhood": self._fingerprint("case-neighbourhood", neighbourhood(number)).hex(),
        }
        form = identified.form.model_copy(update=names)
        attempt = await self._reserve(form, origin)
        challenge_id = ""
        if attempt is None:
            await self._pace.pretended(Question.SEND_CODE)
        else:
            asked = self._pace.started()
            try:
                challenge_id = (await self._client.start(identified.identity)).challenge_id
            except CannotCheck:
                await self._log.withdraw(attempt)
                return _cannot_check()
            self._pace.remember(Question.SEND_CODE, asked)
        form = forms.code_asked(form, challenge_id, self._now() + CODE_LIFETIME)
        return _going_on(Ask(form.model_copy(update={"attempt": attempt})))

    async def _look_up(self, given: CodeGiven, origin: Origin) -> Reply:
        form = given.form
        if form.attempt is None:
            await self._pace.pretended(Question.CONFIRM_CODE)
            return await self._not_confirmed(form, origin)
        asked = self._pace.started()
        try:
            confirmed = await self._client.look_up(form.challenge_id, given.code, form.check)
        except Refused:
            self._pace.remember(Question.CONFIRM_CODE, asked)
            return await self._not_confirmed(form, origin)
        except TooManyTries:
            return _over(Outcome.REFUSED, line("refused"))
        except CannotCheck:
            await self._log.withdraw(form.attempt)
            return _cannot_check()
        await self._log.succeeded(form.attempt)
        lifetime = min(SESSION_LIFETIME, timedelta(seconds=confirmed.session.expires_in))
        return self._answered(confirmed.file, OpenSession(session=confirmed.session, until=self._now() + lifetime))

    def _answered(self, file: CaseFile, session: OpenSession) -> Reply:
        now = self._now()
        return Reply(
            answers.build(file, now).lines,
            outcome=Outcome.ANSWERED,
            session=session,
            to_come=answers.to_come(file, now),
        )

    async def _not_confirmed(self, form: Form, origin: Origin) -> Reply:
        if form.wrong_codes + 1 >= CODES:
            return _over(Outcome.REFUSED, line("refused"))
        # Each code is a try of its own; a number that gets locked meanwhile goes on looking the same.
        attempt = await self._reserve(form, origin)
        taken = attempt if form.challenge_id else None
        again = form.model_copy(update={"wrong_codes": form.wrong_codes + 1, "attempt": taken})
        return _going_on(Ask(again, (line("not-confirmed"),)))

    async def _reserve(self, form: Form, origin: Origin) -> int | None:
        subject = Counted(bytes.fromhex(form.subject), NUMBER)
        device = self._counted(origin.device) if origin.device else None
        return await self._log.reserve(Try(subject, self._counted(origin), device, bytes.fromhex(form.neighbourhood)))

    def _counted(self, origin: Origin) -> Counted:
        return Counted(self._fingerprint("case-origin", origin.name), origin.limit)


def _going_on(ask: Ask) -> Reply:
    return Reply(ask.notices, ask.form, forms.prompt(ask.form))


def _over(outcome: Outcome, *lines: Sentence) -> Reply:
    return Reply(lines, outcome=outcome)


def _cannot_check() -> Reply:
    return _over(Outcome.CANNOT_CHECK, line("cannot-check"), line("cannot-check.later"))
