"""A clock that may not be is found by name, by the one who reads the content and by the checks."""

from datetime import date
from pathlib import Path

import pytest

from bot.checks.content import check_content, clocks
from bot.checks.findings import Report
from bot.content import load_library
from bot.content.clocks import NEVER
from bot.content.facts import Level
from bot.i18n import clock_phrases
from bot.i18n.yaml_files import ContentFileError
from tests.data.conftest import PROJECT, Plant

TODAY = date(2026, 11, 23)
FACTS = "topics/{}/facts.yaml"
CLOCK = "clocks:\n  - {{id: address, fact: {}, counts: after}}\n"
ALONE = "only a person may advise on"


def add(slug: str, fact: str) -> tuple[str, str, str]:
    """A clock on a topic that has none: file, old, new."""
    return FACTS.format(slug), "\nsources:\n", f"\n{CLOCK.format(fact)}sources:\n"


ADDRESS = FACTS.format("address-registration")
PLANTED = [
    pytest.param(*add("deportation-and-detention", "seven-days"), ALONE, id="removal"),
    pytest.param(*add("negative-decision-and-appeals", "periods"), ALONE, id="appeals"),
    pytest.param(*add("residence-permit-refusal-and-cancellation", "removal-grounds"), ALONE, id="refusal"),
    pytest.param(*add("trafficking-victims", "thirty-day-permit"), ALONE, id="victims"),
    pytest.param(*add("unaccompanied-children", "under-eighteen"), ALONE, id="an-emergency"),
    # Its level lets a page advise, and it has a published number of days: the list of topics forbids it.
    pytest.param(*add("interview-appointment", "thirty-days"), ALONE, id="the-interview"),
    pytest.param(
        *add("registration-and-identification", "pre-registration-paper"), "is not published, or its", id="unpublished"
    ),
    pytest.param(
        *add("after-graduation-residence", "permit-may-end"), "its sources disagree", id="sources-that-disagree"
    ),
    pytest.param(*add("work-permit", "applicants-six-months"), "exactly one number of days", id="months"),
    pytest.param(*add("temporary-leave-from-province", "fifteen-day"), "there is no fact 'fifteen-day'", id="no-fact"),
    pytest.param(ADDRESS, "fact: births", "fact: population-office", "exactly one number of days", id="no-number"),
    pytest.param(ADDRESS, "{value: 30, unit: day}", "{value: 10, unit: day}", "10 days are too few", id="too-short"),
    pytest.param(ADDRESS, "{value: 30, unit: day}]", "{value: 30, unit: day}, {value: 20, unit: day}]", "one number"),
    pytest.param(ADDRESS, "id: birth,", "id: address,", "two clocks have the same id", id="twice"),
    pytest.param(ADDRESS, "counts: after", "counts: before", "is counted in calendar days", id="wrong-way"),
    pytest.param(ADDRESS, "fact: births, counts: after", "fact: births, counts: since", "counts", id="no-such-way"),
    pytest.param(ADDRESS, "id: birth,", "id: new-job,", "the clock new-job has no button (OFFERS)", id="wordless"),
    pytest.param(
        FACTS.format("family-and-civil-status"),
        "fact: births, counts: after",
        "fact: births, counts: before",
        "the clock birth runs the other way elsewhere",
        id="two-ways",
    ),
    pytest.param(
        FACTS.format("family-and-civil-status"),
        "  - {id: civil-status, fact: report-changes, counts: after}\n",
        "",
        "no topic has the clock civil-status",
        id="words-without-a-clock",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), PLANTED)
def test_a_clock_that_may_not_be_is_found(
    content: Path, plant: Plant, name: str, old: str, new: str, says: str
) -> None:
    plant(name, old, new)
    report = _findings(content)
    found = [finding for finding in report.findings if says in finding.reason]
    assert found, [finding.line(content) for finding in report.findings]
    assert all(finding.remedy for finding in found)


def test_the_content_as_it_stands_has_no_such_clock_and_all_checks_see_to_it(content: Path, plant: Plant) -> None:
    assert _findings(content).findings == []
    plant(ADDRESS, "id: birth,", "id: new-job,")
    report = Report()
    check_content(content, TODAY, report)
    assert any("the clock new-job has no" in finding.reason for finding in report.findings)


@pytest.mark.parametrize("slug", sorted(NEVER))
def test_no_topic_about_decisions_and_courts_gets_past_the_start(content: Path, plant: Plant, slug: str) -> None:
    plant(*add(slug, "any"))
    with pytest.raises(ContentFileError, match=ALONE):
        load_library(content)


def test_a_list_of_topics_that_names_a_stranger_is_found(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "NEVER", NEVER | {"a-topic-of-last-year"})
    report = Report()
    clocks.check(load_library(content), content, report)
    assert [finding.reason for finding in report.findings] == [
        "NEVER in bot/content/clocks.py names a-topic-of-last-year, which is no topic"
    ]


def test_the_clocks_there_are() -> None:
    """A new one is a decision: what it counts is read by people who plan by it."""
    library = load_library(PROJECT / "content")
    found = {
        (clock.topic, clock.id, clock.counts.value, clock.days, clock.working)
        for topic in library.topics.values()
        for clock in topic.clocks.values()
    }
    assert found == {
        ("address-registration", "address", "after", 20, True),
        ("address-registration", "birth", "after", 30, False),
        ("family-and-civil-status", "civil-status", "after", 20, True),
        ("family-and-civil-status", "birth", "after", 30, False),
        ("residence-permit-extension", "permit-end", "before", 60, False),
        ("student-residence-permit", "permit-end", "before", 60, False),
    }
    assert all(library.topic(slug).facts.level in {Level.H0, Level.H1} for slug, *_ in found)


def _findings(content: Path) -> Report:
    report = Report()
    try:
        clocks.check(load_library(content), content, report)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
    return report


def test_nothing_that_is_said_of_a_last_day_threatens() -> None:
    said = " ".join([*clock_phrases.ANSWER.values(), *clock_phrases.DIALOGUE.values()]).lower()
    assert not [word for word in ("fine", "penalty", "punish", "deport", "illegal", "late") if word in said.split()]
