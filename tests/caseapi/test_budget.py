"""A case system that fails is hardly asked more often than one that works."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from bot.caseapi import exchange
from bot.caseapi.budget import FLOOR, WINDOW, RetryBudget
from bot.caseapi.client import CaseClient
from bot.caseapi.errors import CannotCheck
from tests.caseapi.conftest import Clock, answer_of

HEALTHY = b'{"status":"ok","sandbox":true}'


def _spent(budget: RetryBudget, tries: int) -> int:
    return sum(budget.spend() for _ in range(tries))


def test_a_tenth_of_the_questions_of_a_minute_and_a_few_more_in_quiet_times(clock: Clock) -> None:
    budget = RetryBudget(clock)
    assert _spent(budget, 10) == FLOOR
    for _ in range(100):
        budget.asked()
    assert _spent(budget, 100) == 10 - FLOOR
    clock.at += WINDOW
    assert _spent(budget, 10) == FLOOR


def test_the_minute_slides(clock: Clock) -> None:
    budget = RetryBudget(clock)
    assert _spent(budget, 1) == 1
    clock.at += WINDOW - timedelta(seconds=1)
    assert _spent(budget, 10) == FLOOR - 1
    clock.pass_by(seconds=1)
    assert _spent(budget, 10) == 1


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_PAUSE", (0.0, 0.0))


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("broken", ["always", "every second request"])
async def test_an_outage_adds_at_most_a_fifth_of_traffic(broken: str, clock: Clock) -> None:
    """Two hundred questions in every minute, for ten minutes, and every request is counted."""
    requests = 0

    def fail(_: httpx2.Request) -> httpx2.Response:
        nonlocal requests
        requests += 1
        return answer_of(b"", 500) if broken == "always" or requests % 2 else answer_of(HEALTHY)

    questions, failed = 2000, 0
    async with CaseClient("https://case.example", "", now=clock, transport=httpx2.MockTransport(fail)) as client:
        for _ in range(questions):
            clock.pass_by(seconds=0.3)
            try:
                await client.health()
            except CannotCheck:
                failed += 1
    assert failed > 0
    assert 0 < requests <= 1.2 * questions


@pytest.mark.usefixtures("at_once")
async def test_many_at_once_do_not_ask_twice(clock: Clock) -> None:
    requests = 0

    async def fail(_: httpx2.Request) -> httpx2.Response:
        nonlocal requests
        requests += 1
        await asyncio.sleep(0.01)
        return answer_of(b"", 500)

    async with CaseClient("https://case.example", "", now=clock, transport=httpx2.MockTransport(fail)) as client:
        ends = await asyncio.gather(*(client.health() for _ in range(60)), return_exceptions=True)
    assert all(isinstance(end, CannotCheck) for end in ends)
    assert requests <= 66
