"""The bot writes as fast as Telegram tolerates, and no faster."""

from dataclasses import dataclass

import pytest

from bot.channels.telegram.pacing import CHAT_BURST, OVERALL_PER_SECOND, Pace


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def test_one_chat_gets_a_short_burst_and_then_one_a_second(pace: Pace, clock: Clock) -> None:
    assert [pace.take("a") for _ in range(int(CHAT_BURST))] == [0.0] * int(CHAT_BURST)
    assert pace.take("a") == pytest.approx(1.0)
    clock.now += 0.5
    assert pace.take("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert pace.take("a") == 0.0
    assert pace.take("a") == pytest.approx(1.0)


def test_an_hour_of_silence_earns_no_more_than_a_burst(pace: Pace, clock: Clock) -> None:
    clock.now += 3600
    sent = 0
    while pace.take("a") == 0.0:
        sent += 1
    assert sent == CHAT_BURST


def test_all_chats_together_stay_below_thirty_a_second(pace: Pace, clock: Clock) -> None:
    sent = 0
    for step in range(300):
        clock.now += 0.01
        sent += sum(pace.take(f"chat {step} {number}") == 0.0 for number in range(2))
    assert sent <= OVERALL_PER_SECOND * (1 + 3.0)
    assert sent >= OVERALL_PER_SECOND * 3.0


def test_asking_in_vain_costs_nothing(pace: Pace, clock: Clock) -> None:
    while pace.take("a") == 0.0:
        pass
    for _ in range(1000):
        pace.take("a")
    clock.now += 1.0
    assert pace.take("a") == 0.0


def test_a_refused_chat_waits_and_the_others_go_on(pace: Pace, clock: Clock) -> None:
    pace.refuse("a", 60)
    assert pace.take("a") == pytest.approx(60)
    assert pace.take("b") == 0.0
    clock.now += 60
    assert pace.take("a") == 0.0


def test_a_second_refused_chat_means_that_everybody_waits(pace: Pace, clock: Clock) -> None:
    pace.refuse("a", 5)
    pace.refuse("b", 7)
    assert pace.take("c") == pytest.approx(7)
    clock.now += 7
    assert pace.take("c") == 0.0


def test_chats_that_are_quiet_again_are_forgotten(pace: Pace, clock: Clock) -> None:
    for number in range(10_000):
        pace.take(str(number))
        clock.now += 0.05
    clock.now += 10
    pace.take("one more")
    assert len(pace._chats) == 1
