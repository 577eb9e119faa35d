"""The figures of planted conversations and cases, counted by hand, on a real PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.bootstrap import Service
from bot.cases.figures import Channel, Count, Figures, Languages, Period, Share, Topics, Waiting, read_figures, report
from bot.i18n.formats import OFFICE_ZONE
from tests.cases.figures.conftest import Past

TODAY = date(2026, 11, 23)
NOON = datetime.combine(TODAY, time(12), OFFICE_ZONE)
YESTERDAY = NOON - timedelta(days=1)
MINUTE = timedelta(minutes=1)
TOPICS = ("work-permit", "education", "health-care", "violence-abuse-and-self-harm")
ANSWER = ["topic:work-permit#answer"]
GREETING = ["say:greeting"]


@dataclass(frozen=True, slots=True)
class Read:
    """Reads the figures and gives one row of them."""

    figures: Figures

    def language(self, code: str) -> Languages:
        return next(row for row in self.figures.languages if row.code == code)

    def waiting(self, code: str) -> Waiting:
        return next(row for row in self.figures.waiting if row.code == code)


async def read(past: Past, days: int = 7, *, today: date = TODAY, **kept: Any) -> Read:
    found = await read_figures(
        past.service.engine,
        today,
        days,
        languages=("tr", "ar", "ps"),
        topics=TOPICS,
        **({"keep_conversations_days": 60, "keep_cases_days": 60} | kept),
    )
    return Read(found)


def count(number: int) -> Count:
    return Count.of(number)


async def test_conversations_of_a_language(past: Past) -> None:
    await past.talks(4, YESTERDAY, ("ar", ANSWER))
    await past.talks(2, YESTERDAY, ("ar", GREETING), ("ar", GREETING))
    await past.talks(6, YESTERDAY, ("ar", GREETING), ("ar", [*ANSWER, "unclear:work-permit"]))
    for conversation in await past.talks(3, YESTERDAY, ("ar", ANSWER)):
        await past.case(conversation, YESTERDAY)
    # In two languages: answered in the one, and only greeted in the other.
    await past.talks(5, YESTERDAY, ("ps", ANSWER), ("ar", GREETING))
    found = await read(past)
    assert found.language("ar").conversations == count(4 + 2 + 6 + 3 + 5) == Count(20, 24)
    assert found.language("ar").answered == count(4 + 6 + 3) == Count(10, 14)
    assert found.language("ar").alone == count(4 + 6) == Count(10, 14)
    assert found.language("ar").unclear == count(6) == Count(5, 9)
    assert found.language("ar").share_alone == Share(10 / 24, 14 / 20)
    assert found.language("ar").share_unclear is None, "of ten to fourteen no share is told"
    assert found.language("ps").conversations == count(5)
    assert found.language("tr").conversations == count(0)
    assert found.figures.channels == (Channel("telegram", count(20)), Channel("kiosk", count(0)))


async def test_a_case_that_was_over_before_the_period_counts_no_more(past: Past) -> None:
    long_ago = YESTERDAY - timedelta(days=20)
    over, open_still = await past.talks(10, YESTERDAY, ("ar", ANSWER)), await past.talks(20, YESTERDAY, ("ar", ANSWER))
    for conversation in over:
        await past.case(conversation, long_ago, closed_after=timedelta(days=1))
    for conversation in open_still:
        await past.case(conversation, long_ago)
    assert (await read(past)).language("ar").alone == count(10)


async def test_only_whole_days_of_the_period_count(past: Past) -> None:
    midnight = datetime.combine(TODAY, time(), OFFICE_ZONE)
    first = midnight - timedelta(days=7)
    await past.talks(5, first, ("ar", ANSWER))
    await past.talks(5, midnight - timedelta(seconds=1), ("ar", ANSWER))
    await past.talks(25, first - timedelta(seconds=1), ("ar", ANSWER))
    await past.talks(25, midnight, ("ar", ANSWER))
    week, month = await read(past), await read(past, 30)
    assert week.language("ar").conversations == count(10)
    assert week.figures.channels[0].conversations == count(10)
    assert week.figures.topics == (Topics("work-permit", count(10)),)
    assert month.language("ar").conversations == count(35)


async def test_days_that_are_erased_in_part_are_left_out(past: Past) -> None:
    await past.talks(5, YESTERDAY - timedelta(days=6), ("ar", ANSWER))
    await past.talks(10, YESTERDAY - timedelta(days=5), ("ar", ANSWER))
    found = await read(past, 30, keep_conversations_days=7, keep_cases_days=30)
    assert found.figures.asked == Period(date(2026, 10, 24), date(2026, 11, 22))
    assert found.figures.of_talks == Period(date(2026, 11, 17), date(2026, 11, 22))
    assert found.figures.of_talks.days == 6
    assert found.figures.of_cases.days == 29
    assert found.language("ar").conversations == count(10)
    nothing = await read(past, 30, keep_conversations_days=1, keep_cases_days=1)
    assert nothing.figures.of_talks.days == 0
    assert nothing.language("ar").conversations == count(0)


async def test_topics_by_conversation(past: Past) -> None:
    await past.talks(11, YESTERDAY, ("ar", ANSWER), ("ps", ["topic:work-permit"]), ("ar", ["topic:education"]))
    await past.talks(6, YESTERDAY, ("ar", ["danger:violence-abuse-and-self-harm"]))
    await past.talks(4, YESTERDAY, ("ar", ["topic:health-care"]))
    await past.talks(9, YESTERDAY, ("ar", ["topic:a-topic-that-is-no-more"]))
    await past.talks(9, YESTERDAY, ("ar", ["say:greeting", "unclear:health-care"]))
    assert (await read(past)).figures.topics == (
        Topics("education", count(11)),
        Topics("work-permit", count(11)),
        Topics("violence-abuse-and-self-harm", count(6)),
    )


async def test_questions_without_an_answer(past: Past) -> None:
    offer = ["topics:violence-abuse-and-self-harm,education,work-permit"]
    await past.talks(7, YESTERDAY, ("ar", offer), ("ar", offer), likeliest="education")
    await past.talks(12, YESTERDAY, ("ar", ["say:out-of-scope"]), likeliest="education")
    await past.talks(5, YESTERDAY, ("ar", ["say:not-understood-again"]))
    await past.talks(4, YESTERDAY, ("ar", offer), likeliest="health-care")
    assert (await read(past)).figures.doubts == (
        Topics("out-of-scope", count(12)),
        Topics("education", count(7)),
        Topics("nothing", count(5)),
    )


async def test_other_channels_are_shown_where_they_are_used(past: Past) -> None:
    await past.talks(5, YESTERDAY, ("ar", ANSWER), channel="terminal")
    await past.talks(4, YESTERDAY, ("ar", ANSWER), channel="secret")
    await past.talks(6, YESTERDAY, ("ar", ANSWER), channel="kiosk")
    assert [(one.name, one.conversations) for one in (await read(past)).figures.channels] == [
        ("telegram", count(0)),
        ("kiosk", count(6)),
        ("terminal", count(5)),
    ]


async def _wait(past: Past, minutes: Sequence[int], at: datetime = YESTERDAY, language: str = "ar") -> None:
    """Cases a minute apart, each taken after so many minutes."""
    for number, waited in enumerate(minutes):
        (conversation,) = await past.talks(1, at)
        opened = at + number * MINUTE
        await past.case(conversation, opened, language=language, taken_after=waited * MINUTE)


async def test_how_long_people_waited(past: Past) -> None:
    await _wait(past, range(1, 51))
    await _wait(past, [7] * 10, language="ps")
    for conversation in await past.talks(6, YESTERDAY):
        await past.case(conversation, YESTERDAY, language="ps")
    found = await read(past)
    arabic, pashto = found.waiting("ar"), found.waiting("ps")
    assert (arabic.cases, arabic.taken) == (count(50), count(50))
    assert (arabic.median, arabic.ninetieth) == (25 * MINUTE, 45 * MINUTE)
    assert (pashto.cases, pashto.taken) == (count(16), count(10))
    assert (pashto.median, pashto.ninetieth) == (10 * MINUTE, None)
    assert found.waiting("tr") == Waiting("tr", count(0), count(0), None, None, count(0), count(0))


async def test_the_wait_against_what_could_be_told(past: Past) -> None:
    # Five people at nine, ten minutes each; then the estimate is ten minutes.
    nine = YESTERDAY.replace(hour=9)
    await _wait(past, [10] * 5, nine)
    kept, broken = [9, 10, 10, 8, 7], [11, 30, 45, 60, 50, 12]
    for number, waited in enumerate([*kept, *broken]):
        # An hour after the five, and each of these on a day of its own, so that none is another one's past.
        day = YESTERDAY - timedelta(days=number)
        if number:
            await _wait(past, [10] * 5, day.replace(hour=9))
        await _wait(past, [waited], day.replace(hour=10))
    found = (await read(past, 30)).waiting("ar")
    assert found.cases == count(11 * 6)
    assert found.estimated == count(11)
    assert found.in_time == count(5)
    assert found.share_in_time is None


async def test_messages_of_people_that_were_unclear(past: Past) -> None:
    for number in range(25):
        (conversation,) = await past.talks(1, YESTERDAY)
        await past.case(conversation, YESTERDAY, unclear=number < 6)
    for conversation in await past.talks(9, YESTERDAY):
        await past.case(conversation, YESTERDAY)
    for conversation in await past.talks(9, YESTERDAY):
        await past.case(conversation, YESTERDAY - timedelta(days=9), unclear=True)
    arabic = (await read(past)).language("ar")
    assert (arabic.written, arabic.unclear_words) == (count(25), count(6))
    assert arabic.share_unclear_words == Share(5 / 29, 9 / 25)


async def test_what_takes_too_long_is_broken_off(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LONGEST_STATEMENT_SECONDS", 1)
    async with past.service.engine.begin() as other:
        await other.execute(text("LOCK TABLE turns"))
        with pytest.raises(OperationalError, match="statement timeout"):
            await read(past)


async def test_nothing_of_it_stays_with_the_connection(service: Service, past: Past) -> None:
    await read(past)
    async with service.engine.begin() as db:
        assert await db.scalar(text("SHOW transaction_read_only")) == "off"
        assert await db.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert await db.scalar(text("SHOW statement_timeout")) == "0"
