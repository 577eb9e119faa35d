"""The beat on which answers are given, on a clock that the test owns."""

from dataclasses import dataclass, field

import pytest

from bot.caseapi.client import DEADLINE
from bot.caseapi.pace import REMEMBERED, TICK, Pace, Question


@dataclass
class Time:
    """A monotonic clock that moves when somebody sleeps."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.mark.parametrize(
    ("takes", "answered_after"),
    [(0.0, 0.5), (0.01, 0.5), (0.49, 0.5), (0.51, 1.0), (3.2, 3.5), (7.9, 8.0), (8.2, 8.2), (9.0, 9.0)],
)
async def test_an_answer_comes_on_the_next_beat_and_no_wait_passes_the_deadline(
    takes: float, answered_after: float
) -> None:
    time = Time()
    pace = Pace(TICK, longest=DEADLINE, clock=time, sleep=time.sleep)
    began = time.at
    async with pace.on_the_beat():
        time.at += takes
    assert time.at - began == pytest.approx(answered_after)


async def test_a_locked_try_waits_as_long_as_some_real_question_of_its_kind() -> None:
    time = Time()
    pace = Pace(TICK, clock=time, sleep=time.sleep)
    for n in range(REMEMBERED):
        asked = pace.started()
        time.at += 1 + n / 100
        pace.remember(Question.SEND_CODE, asked)
    for _ in range(200):
        await pace.pretended(Question.SEND_CODE)
    real = {round(1 + n / 100, 2) for n in range(REMEMBERED)}
    assert {round(seconds, 2) for seconds in time.slept} <= real
    assert len(set(time.slept)) > 20
    time.slept.clear()
    await pace.pretended(Question.CONFIRM_CODE)
    assert time.slept[0] < 1


async def test_one_real_question_is_enough_to_look_like_it() -> None:
    """After a start a guess would tell a locked number from an office that needs longer than the guess."""
    time = Time()
    pace = Pace(TICK, clock=time, sleep=time.sleep)
    asked = pace.started()
    time.at += 1.2
    pace.remember(Question.SEND_CODE, asked)
    for _ in range(50):
        await pace.pretended(Question.SEND_CODE)
    assert min(time.slept) == pytest.approx(1.2)


async def test_old_questions_are_forgotten() -> None:
    time = Time()
    pace = Pace(TICK, clock=time, sleep=time.sleep)
    for seconds in (5.0, *[0.2] * REMEMBERED):
        asked = pace.started()
        time.at += seconds
        pace.remember(Question.SEND_CODE, asked)
    for _ in range(100):
        await pace.pretended(Question.SEND_CODE)
    assert max(time.slept) < 1
