"""Answers of the identity check on their way to a person's own phone, in the memory of this process and nowhere else.

A code is 128 random bits, good once and for ten minutes. It belongs to the visit until a phone has opened it: the end
of the visit takes back what no phone has, and leaves what a person has in the hand. A door that runs as several
processes must send all of `/phone` to the one that showed the code.
"""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.caseapi.models import Appointment
from bot.caseapi.verification import Reply
from bot.caseapi.wording import Sentence

LIFETIME: Final = timedelta(minutes=10)
CODE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """What a code leads to. `visit` is the visit's token, empty once a phone has opened the code."""

    visit: str
    language: str
    lines: tuple[Sentence, ...]
    to_come: tuple[Appointment, ...]


class PhoneAnswers:
    """The answers by code, and the appointments of those that were shown, for the calendar of the phone."""

    def __init__(self, lifetime: timedelta = LIFETIME) -> None:
        self._seconds = lifetime.total_seconds()
        self._answers: dict[str, PhoneAnswer] = {}
        self._shown: dict[str, PhoneAnswer] = {}

    def offer(self, visit: str, language: str, reply: Reply) -> str:
        """A code for this answer: the one that the visit has already, where it is for the same."""
        answer = PhoneAnswer(visit, language, reply.lines, reply.to_come)
        for code, kept in self._answers.items():
            if kept == answer:
                return code
        self.end(visit)
        return self._keep(self._answers, answer)

    def look(self, code: str) -> PhoneAnswer | None:
        """What the code leads to, without using it up. From now on it outlives the visit."""
        answer = self._answers.get(code)
        if answer is not None:
            self._answers[code] = replace(answer, visit="")
        return answer

    def take(self, code: str) -> tuple[PhoneAnswer, str] | None:
        """The answer, once, and a code for the calendar files of it."""
        answer = self._answers.pop(code, None)
        return None if answer is None else (answer, self._keep(self._shown, answer))

    def appointment(self, calendar_code: str, number: int) -> tuple[Appointment, str] | None:
        """The n-th appointment to come, counted from 1, and the language of its person."""
        answer = self._shown.get(calendar_code)
        if answer is None or not 0 < number <= len(answer.to_come):
            return None
        return answer.to_come[number - 1], answer.language

    def end(self, visit: str) -> None:
        """The visit is over: what no phone has opened is for nobody."""
        self._drop(code for code, answer in self._answers.items() if answer.visit == visit)

    def __len__(self) -> int:
        return len(self._answers) + len(self._shown)

    def _keep(self, place: dict[str, PhoneAnswer], answer: PhoneAnswer) -> str:
        code = secrets.token_hex(CODE_BYTES)
        place[code] = answer
        asyncio.get_running_loop().call_later(self._seconds, place.pop, code, None)
        return code

    def _drop(self, codes: Iterable[str]) -> None:
        for code in list(codes):
            del self._answers[code]
