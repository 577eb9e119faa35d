"""Rule: reviews are due often enough, expired topics are named, and translations follow the source text."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.checks.content.texts import facts_path, texts
from bot.checks.findings import Report
from bot.content import Library, TopicText
from bot.content.case_words import CaseText
from bot.content.facts import Facts

LONGEST_REVIEW: Final = timedelta(days=180)
# Rules in these areas changed several times in recent years: health contribution, work exemptions, appointments.
VOLATILE: Final = frozenset(
    {
        "health-care",
        "interview-appointment",
        "residence-permit-fee-exemption",
        "residence-permit-fees",
        "stateless-persons-health-insurance",
        "work-permit",
    }
)
TEMPORARY_PROTECTION: Final = "2014/6883"
"""The regulation whose rules change by circular: topics that stand on it are volatile too."""
VOLATILE_REVIEW: Final = timedelta(days=90)


def longest_review(facts: Facts) -> timedelta:
    """How long after a review the next one may be due."""
    on_it = any(reference.law == TEMPORARY_PROTECTION for reference in facts.legal_basis)
    return VOLATILE_REVIEW if on_it or facts.slug in VOLATILE else LONGEST_REVIEW


def check(library: Library, root: Path, on: date, report: Report) -> None:
    for topic in library.topics.values():
        path = facts_path(root, topic.slug)
        longest = longest_review(topic.facts)
        latest = topic.facts.last_reviewed + longest
        if topic.facts.review_due > latest:
            report.add(path, f"review_due is more than {longest.days} days after the review", f"set {latest}")
        if topic.withheld(on):
            due = topic.facts.review_due
            report.warn(path, f"the review was due on {due}; people do not see this topic", "review it, set the dates")
    for path, _, text in texts(library, root):
        check_text(path, text, library.languages.source.code, report)


def check_text(path: Path, text: TopicText | CaseText, source: str, report: Report) -> None:
    """Whether the words are those that were reviewed, and those that were translated."""
    if text.altered:
        report.add(
            path,
            f"changed after {text.reviewer} reviewed it on {text.reviewed}",
            "have it reviewed again, then run `python -m bot.checks review <file>`",
        )
    if text.outdated:
        report.add(
            path,
            f"translated from an older {source} text",
            "bring it up to date, then run `python -m bot.checks translated <file>`",
        )
