"""The breaker opens, rests, lets one question through, and does what `Retry-After` says."""

import asyncio
from datetime import timedelta

import pytest

from bot.caseapi.breaker import FAILURES, LONGEST_REST, REST, Breaker
from bot.caseapi.errors import CannotCheck, Reason, Refused
from tests.caseapi.conftest import Clock


def _fail(breaker: Breaker, failure: Exception) -> None:
    with pytest.raises(type(failure)), breaker.guard():
        raise failure


def _is_open(breaker: Breaker) -> bool:
    try:
        with breaker.guard():
            return False
    except CannotCheck as refused:
        return refused.reason is Reason.BREAKER_OPEN


def _opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        _fail(breaker, CannotCheck(Reason.TIMEOUT))
    return breaker


def test_opens_after_five_failures_and_not_after_four(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        _fail(breaker, CannotCheck(Reason.TIMEOUT))
    assert not _is_open(breaker)
    _fail(breaker, CannotCheck(Reason.TIMEOUT))
    assert _is_open(breaker)


def test_failures_far_apart_do_not_open(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES * 3):
        _fail(breaker, CannotCheck(Reason.TIMEOUT))
        clock.pass_by(seconds=8)
    assert not _is_open(breaker)


def test_refusals_are_answers(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES * 3):
        _fail(breaker, Refused())
    assert not _is_open(breaker)


def test_one_good_question_after_the_rest_closes_it(clock: Clock) -> None:
    breaker = _opened(clock)
    clock.at += REST - timedelta(seconds=1)
    assert _is_open(breaker)
    clock.pass_by(seconds=1)
    with breaker.guard():
        assert _is_open(breaker), "a second question must wait for the first"
    assert not _is_open(breaker)
    _fail(breaker, CannotCheck(Reason.TIMEOUT))
    assert not _is_open(breaker), "old failures are forgotten"


def test_one_bad_question_after_the_rest_opens_it_again(clock: Clock) -> None:
    breaker = _opened(clock)
    clock.at += REST
    _fail(breaker, CannotCheck(Reason.TIMEOUT))
    assert _is_open(breaker)
    clock.at += REST
    assert not _is_open(breaker)


def test_a_cancelled_probe_leaves_room_for_the_next(clock: Clock) -> None:
    breaker = _opened(clock)
    clock.at += REST
    with pytest.raises(asyncio.CancelledError), breaker.guard():
        raise asyncio.CancelledError
    assert not _is_open(breaker)


@pytest.mark.parametrize(
    ("asked", "kept"), [(timedelta(minutes=2), timedelta(minutes=2)), (timedelta(days=9), LONGEST_REST)]
)
def test_retry_after_is_kept_but_not_for_ever(clock: Clock, asked: timedelta, kept: timedelta) -> None:
    breaker = Breaker(clock)
    _fail(breaker, CannotCheck(Reason.RATE_LIMITED, retry_at=clock() + asked))
    clock.at += kept - timedelta(seconds=1)
    assert _is_open(breaker)
    clock.pass_by(seconds=1)
    assert not _is_open(breaker)
