"""The project's own data has no findings."""

from datetime import date
from pathlib import Path

import pytest

from bot.checks.catalogues import check_catalogues
from bot.checks.content import check_content
from bot.checks.findings import Report
from bot.checks.languages import check_languages
from bot.checks.nlu import check_nlu
from bot.content import load_library
from tests.data.conftest import PROJECT

TODAY = date(2026, 11, 23)
FOUNDATION_TOPICS = {
    "registration-and-identification",
    "registration-documents",
    "interview-appointment",
    "temporary-leave-from-province",
    "health-care",
    "work-permit",
    "address-registration",
    "education",
    "legal-aid-and-counselling",
    "emergency-and-contacts",
}


def _lines(report: Report, root: Path) -> list[str]:
    return [finding.line(root) for finding in report.findings]


def test_content_has_no_findings() -> None:
    report = Report()
    check_content(PROJECT / "content", TODAY, report)
    assert _lines(report, PROJECT) == []
    assert report.looked_at["texts"] >= 40
    assert report.looked_at["facts"] >= 80


@pytest.mark.parametrize("check", [check_languages, check_catalogues, check_nlu])
def test_the_rest_has_no_findings(check: object) -> None:
    report = Report()
    assert callable(check)
    check(PROJECT, report)
    assert _lines(report, PROJECT) == []
    assert report.looked_at.total() > 0


def test_every_foundation_topic_is_there_in_every_offered_language() -> None:
    library = load_library(PROJECT / "content")
    assert set(library.slugs) >= FOUNDATION_TOPICS
    for slug in FOUNDATION_TOPICS:
        for language in library.languages.offered():
            assert library.topic(slug).text(language.code).language == language.code


def test_no_topic_is_withheld_on_the_day_of_its_review() -> None:
    library = load_library(PROJECT / "content")
    for topic in library.topics.values():
        assert not topic.withheld(topic.facts.last_reviewed)
        assert not topic.withheld(topic.facts.review_due)


def test_the_rules_that_change_often_are_reviewed_every_ninety_days() -> None:
    library = load_library(PROJECT / "content")
    for slug in ("health-care", "work-permit", "interview-appointment"):
        facts = library.topic(slug).facts
        assert (facts.review_due - facts.last_reviewed).days <= 90
