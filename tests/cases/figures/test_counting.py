"""What may be shown of numbers: whoever sees all of it cannot tell one number of a class from the other."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.figures import Count, Figures, Languages, Period, Share
from bot.cases.figures.clearness import NOTHING_WRITTEN
from bot.cases.figures.counting import FEWEST_FOR_A_SHARE, STEP, quantile
from bot.cases.figures.report import largest_first
from bot.cases.figures.talks import Talks

PARTS = {"answered": "all", "alone": "answered", "unclear": "answered"}
"""Each number is a part of another one."""

WEEK = Period.before(date(2026, 11, 23), 7)

Numbers = dict[str, int]
Office = dict[str, Numbers]


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """The exact numbers of each language. Small ones, where there is something to hide."""

    def one() -> Numbers:
        numbers = {"all": draw(st.integers(0, 60))}
        for part, whole in PARTS.items():
            numbers[part] = draw(st.integers(0, numbers[whole]))
        return numbers

    codes = draw(st.lists(st.sampled_from(["ar", "fa", "ps", "ru", "so"]), min_size=1, unique=True))
    return {code: one() for code in codes}


def everything_shown(office: Office) -> list[object]:
    """All that the page and the file are made of: cells, totals, shares, and the topics that are there at all."""
    languages = tuple(Languages.of(code, Talks(**numbers), NOTHING_WRITTEN) for code, numbers in office.items())
    topics = largest_first({code: numbers["all"] for code, numbers in office.items()})
    figures = Figures(WEEK, WEEK, WEEK, (), languages, (), topics, ())
    rows = [*figures.languages, figures.all_languages]
    return [figures, [(row, row.share_alone, row.share_unclear) for row in rows]]


def with_number(numbers: Mapping[str, int], name: str, value: int) -> Numbers:
    """The numbers with another one in one place; its parts and wholes give way where they must."""
    changed = {**numbers, name: value}
    above = name
    while above in PARTS:
        changed[PARTS[above]] = max(changed[PARTS[above]], changed[above])
        above = PARTS[above]
    for part, whole in PARTS.items():
        changed[part] = min(changed[part], changed[whole])
    return changed


@given(offices())
def test_every_number_of_the_class_fits_to_all_that_is_shown(office: Office) -> None:
    shown = everything_shown(office)
    for code, numbers in office.items():
        for name in numbers:
            cell = Count.of(numbers[name])
            for value in range(cell.least, cell.most + 1):
                other = with_number(numbers, name, value)
                assert all(other[part] <= other[whole] for part, whole in PARTS.items())
                assert everything_shown({**office, code: other}) == shown


@given(st.integers(0, 10_000))
def test_fewer_than_five_look_like_nobody(number: int) -> None:
    cell = Count.of(number)
    assert cell.least <= number <= cell.most
    assert cell.most - cell.least == STEP - 1
    assert cell.few is (number < STEP)
    assert (cell == Count.of(0)) is (number < STEP)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_period_minus_a_shorter_one_leaves_five_values_open(shorter: int, more: int) -> None:
    """For every class of the two at least five differences are possible, and the true one is among them."""
    long, short = Count.of(shorter + more), Count.of(shorter)
    possible = {a - b for a in range(long.least, long.most + 1) for b in range(short.least, short.most + 1) if a >= b}
    assert more in possible
    assert len(possible) >= STEP


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_share_holds_what_it_promises(part: int, others: int) -> None:
    share = Share.of(Count.of(part), Count.of(part + others))
    if part + others < FEWEST_FOR_A_SHARE:
        assert share is None
    else:
        assert share is not None
        assert 0 <= share.least <= part / (part + others) <= share.most <= 1


def test_nobody_is_counted_below_zero() -> None:
    with pytest.raises(ValueError, match="from zero"):
        Count.of(-1)


@pytest.mark.parametrize(("at", "fewest"), [(0.5, 10), (0.9, 50)])
def test_a_wait_is_shown_where_five_lie_beyond_it(at: float, fewest: int) -> None:
    waits = [timedelta(minutes=10 * n) for n in range(1, fewest + 1)]
    assert quantile(waits[1:], at) is None
    shown = quantile(list(reversed(waits)), at)
    assert shown is not None
    assert sum(wait >= shown for wait in waits) > STEP
    assert shown == timedelta(minutes=10 * fewest * at)


@given(st.lists(st.integers(1, 10_000), min_size=10, max_size=80))
def test_a_wait_is_rounded_against_us(seconds: list[int]) -> None:
    waits = [timedelta(seconds=n) for n in seconds]
    shown = quantile(waits, 0.5)
    assert shown is not None
    assert shown % timedelta(minutes=5) == timedelta()
    assert 2 * sum(wait <= shown for wait in waits) >= len(waits)
    before = shown - timedelta(minutes=5)
    assert any(before < wait <= shown for wait in waits), "rounded up, and by less than five minutes"


@given(st.lists(st.integers(0, 300), min_size=2, unique=True))
def test_larger_numbers_never_look_smaller(numbers: list[int]) -> None:
    for smaller, larger in pairwise(sorted(numbers)):
        assert Count.of(smaller).least <= Count.of(larger).least
