"""The identity check as a whole: the form's questions, the count of tries, and the case system behind them.

Chat and kiosk drive it the same way: `begin`, then `answer` for every input, until a reply has no form. What a person
reads is the same, to the byte, whether the number is unknown, a detail is wrong, the code is wrong or the number is
locked: otherwise a stranger could find out who is in Türkiye.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.caseapi import answer as answers
from bot.caseapi import form as forms
from bot.caseapi.attempts import AttemptLog, Fingerprint, Origin
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.errors import CannotCheck, Refused, TooManyTries
from bot.caseapi.form import Ask, CodeGiven, Form, Identified, Prompt
from bot.caseapi.wording import Sentence, line

CODES: Final = 3
"""Codes that may be typed in one check."""

CODE_LIFETIME: Final = timedelta(seconds=180)
"""How long a code may be typed. Fixed here, because a time that depends on the person would say something."""


class Outcome(StrEnum):
    """How a check ended. Safe to count: says nothing about a person."""

    ANSWERED = "answered"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANNOT_CHECK = "cannot-check"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show, in order: `lines`, then `prompt`. Without a form the check is over and `outcome` says how."""

    lines: tuple[Sentence, ...]
    form: Form | None = None
    prompt: Prompt | None = None
    outcome: Outcome | None = None


class Verification:
    """One for a process. `fingerprint` is the installation's keyed hash; `now` gives an aware datetime."""

    def __init__(
        self,
        client: CaseClient,
        log: AttemptLog,
        fingerprint: Fingerprint,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._log = log
        self._fingerprint = fingerprint
        self._now = now

    def begin(self, check: Check, language: str) -> Reply:
        """Open a check. `language` is the BCP 47 code in which the SMS should be."""
        return _going_on(Ask(forms.open_form(check, language, self._now())))

    async def answer(self, form: Form, text: str, origin: Origin) -> Reply:
        """Go on with what the person typed or chose. Never raises for a failing case system."""
        if self._now() - form.opened_at > forms.LIFETIME or (form.code_until and self._now() > form.code_until):
            return _over(Outcome.EXPIRED, line("expired"))
        match forms.step(form, text):
            case Ask() as ask:
                return _going_on(ask)
            case Identified() as identified:
                return await self._ask_for_code(identified, origin)
            case CodeGiven() as given:
                return await self._look_up(given, origin)

    async def _ask_for_code(self, identified: Identified, origin: Origin) -> Reply:
        subject = self._fingerprint("case-subject", identified.identity.id_number)
        attempt = await self._reserve(subject, origin)
        challenge_id = ""
        if attempt is not None:
            try:
                challenge_id = (await self._client.start(identified.identity)).challenge_id
            except CannotCheck:
                await self._log.withdraw(attempt)
                return _cannot_check()
        form = forms.code_asked(identified.form, challenge_id, self._now() + CODE_LIFETIME)
        return _going_on(Ask(form.model_copy(update={"subject": subject.hex(), "attempt": attempt})))

    async def _look_up(self, given: CodeGiven, origin: Origin) -> Reply:
        form = given.form
        if form.attempt is None:
            return await self._not_confirmed(form, origin)
        try:
            file = await self._client.look_up(form.challenge_id, given.code, form.check)
        except Refused:
            return await self._not_confirmed(form, origin)
        except TooManyTries:
            return _over(Outcome.REFUSED, line("refused"))
        except CannotCheck:
            await self._log.withdraw(form.attempt)
            return _cannot_check()
        await self._log.succeeded(form.attempt)
        return _over(Outcome.ANSWERED, *answers.build(file, self._now()).lines)

    async def _not_confirmed(self, form: Form, origin: Origin) -> Reply:
        if form.wrong_codes + 1 >= CODES:
            return _over(Outcome.REFUSED, line("refused"))
        # Each code is a try of its own; a number that gets locked meanwhile goes on looking the same.
        attempt = await self._reserve(bytes.fromhex(form.subject), origin) if form.challenge_id else None
        again = form.model_copy(update={"wrong_codes": form.wrong_codes + 1, "attempt": attempt})
        return _going_on(Ask(again, (line("not-confirmed"),)))

    async def _reserve(self, subject: bytes, origin: Origin) -> int | None:
        return await self._log.reserve(subject, self._fingerprint("case-origin", origin.name), origin.limits)


def _going_on(ask: Ask) -> Reply:
    return Reply(ask.notices, ask.form, forms.prompt(ask.form))


def _over(outcome: Outcome, *lines: Sentence) -> Reply:
    return Reply(lines, outcome=outcome)


def _cannot_check() -> Reply:
    return _over(Outcome.CANNOT_CHECK, line("cannot-check"), line("cannot-check.later"))
