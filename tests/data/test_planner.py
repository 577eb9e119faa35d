"""The last day of a clock: examples counted by hand on a calendar, and what must hold for every day."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import planner
from bot.content.clocks import SHORTEST, Clock
from bot.content.facts import Counts
from bot.content.office_days import Holiday, closes_at_noon, holidays_on, is_open, last_open_day
from bot.content.planner import Advice, Closed, Doubt, advice, doubt, moments_to_remind, plan
from bot.i18n.formats import OFFICE_ZONE

ADDRESS = Clock("address-registration", "address", Counts.AFTER, 20, working=True)
BIRTH = Clock("address-registration", "birth", Counts.AFTER, 30, working=False)
PERMIT = Clock("residence-permit-extension", "permit-end", Counts.BEFORE, 60, working=False)

ONE = timedelta(days=1)
TODAY = date(2026, 11, 23)
CERTAIN = st.dates(date(2020, 1, 1), date(2032, 7, 1))
"""Days around which the library knows the feasts for sure: it names 2032 as the last such year."""
COMPUTED = st.dates(date(2033, 1, 1), date(2060, 1, 1))
LENGTHS = st.integers(SHORTEST, 90)
OFFICIAL = holidays.country_holidays("TR", language="tr")


def working(days: int) -> Clock:
    return Clock("any", "any", Counts.AFTER, days, working=True)


def calendar_days(days: int) -> Clock:
    return Clock("any", "any", Counts.AFTER, days, working=False)


def before(days: int) -> Clock:
    return Clock("any", "any", Counts.BEFORE, days, working=False)


@pytest.mark.parametrize(
    ("moved", "last", "closed"),
    [
        # 3-6, 9-13, 16-19, then Friday the 20th is the feast; 23-27, 30, 31 March.
        pytest.param(
            date(2026, 3, 2),
            date(2026, 3, 31),
            [Closed(Holiday.RAMAZAN, date(2026, 3, 20), date(2026, 3, 22))],
            id="ramazan-2026",
        ),
        # 11-15, 18, not the 19th, 20-22, 25, 26 (half a day counts), not 27-29 May; 1-5, 8-11 June.
        pytest.param(
            date(2026, 5, 8),
            date(2026, 6, 11),
            [
                Closed(Holiday.YOUTH, date(2026, 5, 19), date(2026, 5, 19)),
                Closed(Holiday.KURBAN, date(2026, 5, 27), date(2026, 5, 30)),
            ],
            id="kurban-2026",
        ),
        # 15, 16, 19-23, 26-28 (half a day counts), not the 29th, 30 October; 2-6, 9-12 November.
        pytest.param(
            date(2026, 10, 14),
            date(2026, 11, 12),
            [Closed(Holiday.REPUBLIC, date(2026, 10, 29), date(2026, 10, 29))],
            id="republic-2026",
        ),
        # 2-5, 8 (half a day counts), not 9-11, 12, 15-19, 22-26, 29-31 March; 1 April.
        pytest.param(
            date(2027, 3, 1),
            date(2027, 4, 1),
            [Closed(Holiday.RAMAZAN, date(2027, 3, 9), date(2027, 3, 11))],
            id="ramazan-2027",
        ),
        # 21, 22, not the 23rd, 26-30 April; 3-7, 10-14, not 17-19 (a feast and a national day meet), 20, 21, 24 May.
        pytest.param(
            date(2027, 4, 20),
            date(2027, 5, 24),
            [
                Closed(Holiday.CHILDREN, date(2027, 4, 23), date(2027, 4, 23)),
                Closed(Holiday.KURBAN, date(2027, 5, 16), date(2027, 5, 19)),
                Closed(Holiday.YOUTH, date(2027, 5, 19), date(2027, 5, 19)),
            ],
            id="kurban-2027",
        ),
        # From Monday: 17-21, 24-28, 31 August, 1-4, 7-11 September. Victory Day is a Sunday and takes nothing.
        pytest.param(date(2026, 8, 16), date(2026, 9, 11), [], id="victory-day-on-a-sunday"),
    ],
)
def test_twenty_working_days_as_counted_by_hand(moved: date, last: date, closed: list[Closed]) -> None:
    found = plan(ADDRESS, moved)
    assert (found.last, found.ends, list(found.closed), found.estimated) == (last, last, closed, False)


@pytest.mark.parametrize(
    ("born", "ends", "last", "noon"),
    [
        pytest.param(date(2026, 11, 23), date(2026, 12, 23), date(2026, 12, 23), False, id="a-wednesday"),
        pytest.param(date(2026, 11, 19), date(2026, 12, 19), date(2026, 12, 18), False, id="a-saturday"),
        # 29 May is the third day of the feast; before it only the morning of the 26th is left.
        pytest.param(date(2026, 4, 29), date(2026, 5, 29), date(2026, 5, 26), True, id="in-the-feast"),
        pytest.param(date(2026, 9, 29), date(2026, 10, 29), date(2026, 10, 28), True, id="republic-day"),
    ],
)
def test_thirty_days_end_on_an_open_day(born: date, ends: date, last: date, noon: bool) -> None:
    found = plan(BIRTH, born)
    assert (found.ends, found.last, found.closes_at_noon) == (ends, last, noon)


@pytest.mark.parametrize(
    ("end", "first", "last"),
    [
        pytest.param(date(2027, 3, 20), date(2027, 1, 19), date(2027, 3, 19), id="a-saturday"),
        pytest.param(date(2027, 1, 1), date(2026, 11, 2), date(2026, 12, 31), id="new-year"),
        # Sunday, then the feast from Wednesday to Saturday: the day before it is Tuesday.
        pytest.param(date(2026, 6, 1), date(2026, 4, 2), date(2026, 5, 26), id="after-the-feast"),
    ],
)
def test_an_extension_is_applied_for_before_the_permit_ends(end: date, first: date, last: date) -> None:
    found = plan(PERMIT, end)
    assert (found.first, found.last) == (first, last)


@given(event=CERTAIN, days=LENGTHS)
def test_working_days_are_as_many_as_the_law_gives_and_the_last_is_one_of_them(event: date, days: int) -> None:
    found = plan(working(days), event)
    assert is_open(found.last)
    assert found.last.weekday() < 5
    assert found.last not in OFFICIAL
    between = (event + n * ONE for n in range(1, (found.last - event).days + 1))
    assert sum(day.weekday() < 5 and day not in OFFICIAL for day in between) == days
    # The library counts on its own.
    assert found.last == OFFICIAL.get_nth_working_day(event, days)


@given(event=CERTAIN, days=LENGTHS)
def test_holidays_never_make_the_last_day_earlier(event: date, days: int) -> None:
    naive, left = event, days
    while left:
        naive += ONE
        left -= naive.weekday() < 5
    found = plan(working(days), event)
    assert found.last >= naive
    assert (found.last == naive) is (not found.closed)


@given(event=CERTAIN, later=st.integers(0, 40), days=LENGTHS, make=st.sampled_from([working, calendar_days, before]))
def test_what_happens_later_has_no_earlier_last_day(event: date, later: int, days: int, make: object) -> None:
    assert callable(make)
    clock = make(days)
    assert plan(clock, event).last <= plan(clock, event + later * ONE).last


@given(event=CERTAIN, days=LENGTHS)
def test_calendar_days_are_never_extended(event: date, days: int) -> None:
    found = plan(calendar_days(days), event)
    assert found.ends == event + days * ONE
    assert event < found.last <= found.ends
    assert is_open(found.last)
    assert not any(is_open(found.last + n * ONE) for n in range(1, (found.ends - found.last).days + 1))


@given(end=CERTAIN, days=LENGTHS)
def test_the_time_before_a_date_ends_before_it(end: date, days: int) -> None:
    found = plan(before(days), end)
    assert found.first is not None
    assert found.first == end - days * ONE
    assert found.first <= found.last < end
    assert is_open(found.last)


@given(event=COMPUTED, days=LENGTHS)
def test_where_a_feast_is_only_computed_the_earlier_day_is_taken(event: date, days: int) -> None:
    found = plan(working(days), event)
    assert found.last <= OFFICIAL.get_nth_working_day(event, days)
    assert is_open(found.last)
    feasts = [day for n in range(1, (found.ends - event).days) if _is_a_feast(day := event + n * ONE)]
    assert found.estimated or not feasts


def test_a_feast_that_is_only_computed_is_said_to_be_so() -> None:
    found = plan(ADDRESS, date(2033, 1, 2))
    assert found.estimated
    assert found.closed == ()
    assert not plan(ADDRESS, date(2026, 5, 8)).estimated


@given(event=CERTAIN, ago=st.integers(-3, 60), make=st.sampled_from([working, calendar_days, before]))
def test_the_advice_fits_the_calendar(event: date, ago: int, make: object) -> None:
    assert callable(make)
    found, today = plan(make(20), event), event + ago * ONE
    match advice(found, today):
        case Advice.PASSED:
            assert today > found.last
        case Advice.NOT_YET:
            assert found.first is not None
            assert today < found.first
        case Advice.TODAY:
            assert today == found.last
        case Advice.ON_THE_LAST_DAY:
            assert not any(is_open(today + n * ONE) for n in range((found.last - today).days))
        case Advice.THIS_WEEK:
            week = [today + n * ONE for n in range(7 - today.weekday())]
            assert any(is_open(day) and day < found.last for day in week)
        case Advice.NEXT_OPEN_DAY:
            week = [today + n * ONE for n in range(7 - today.weekday())]
            assert not any(map(is_open, week))


@given(event=CERTAIN, days=LENGTHS, make=st.sampled_from([working, calendar_days, before]), ago=st.integers(-90, 90))
def test_reminders_come_by_day_in_time_and_never_after(event: date, days: int, make: object, ago: int) -> None:
    assert callable(make)
    found = plan(make(days), event)
    now = datetime(event.year, event.month, event.day, 12, tzinfo=OFFICE_ZONE) + ago * ONE
    moments = moments_to_remind(found, now)
    assert list(moments) == sorted(set(moments))
    assert all(now < moment and moment.hour == 10 and moment.date() <= found.last for moment in moments)
    tenth_hour = datetime(found.last.year, found.last.month, found.last.day, 10, tzinfo=OFFICE_ZONE)
    assert (tenth_hour in moments) is (now < tenth_hour)


def test_reminders_of_a_permit_begin_when_it_can_be_extended() -> None:
    moments = moments_to_remind(plan(PERMIT, date(2027, 3, 20)), datetime(2026, 11, 23, tzinfo=OFFICE_ZONE))
    assert [moment.date() for moment in moments] == [date(2027, 1, 19), date(2027, 3, 16), date(2027, 3, 19)]


@pytest.mark.parametrize(
    ("clock", "event", "expected"),
    [
        (ADDRESS, TODAY, None),
        (ADDRESS, TODAY + ONE, Doubt.TO_COME),
        (BIRTH, TODAY - planner.LONGEST_AGO, None),
        (BIRTH, TODAY - planner.LONGEST_AGO - ONE, Doubt.LONG_AGO),
        (PERMIT, TODAY - ONE, None),
        (PERMIT, TODAY + planner.FARTHEST, None),
        (PERMIT, TODAY + planner.FARTHEST + ONE, Doubt.FAR_OFF),
        (PERMIT, date(2001, 1, 1), Doubt.LONG_AGO),
    ],
)
def test_a_day_that_can_hardly_be_meant_is_asked_for_again(clock: Clock, event: date, expected: Doubt | None) -> None:
    assert doubt(clock, event, TODAY) is expected


def test_every_official_holiday_of_the_coming_years_has_a_name() -> None:
    days = [date(2025, 1, 1) + n * ONE for n in range(365 * 15)]
    named = {holiday for day in days for holiday in holidays_on(day)}
    assert named == set(Holiday) - {Holiday.OTHER}


def test_half_days_are_open_in_the_morning() -> None:
    for day in (date(2026, 10, 28), date(2026, 5, 26), date(2026, 3, 19), date(2027, 3, 8)):
        assert is_open(day)
        assert closes_at_noon(day)
    assert not closes_at_noon(date(2026, 10, 27))
    assert last_open_day(date(2026, 5, 31)) == date(2026, 5, 26)


def _is_a_feast(day: date) -> bool:
    return bool({Holiday.RAMAZAN, Holiday.KURBAN}.intersection(holidays_on(day)))
