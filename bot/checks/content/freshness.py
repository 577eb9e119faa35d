"""Rule: reviews are due often enough, expired topics are named, and translations follow the source text."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.checks.content.texts import facts_path, texts
from bot.checks.findings import Report
from bot.content import Library

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
VOLATILE_REVIEW: Final = timedelta(days=90)


def check(library: Library, root: Path, on: date, report: Report) -> None:
    for topic in library.topics.values():
        path = facts_path(root, topic.slug)
        longest = VOLATILE_REVIEW if topic.slug in VOLATILE else LONGEST_REVIEW
        latest = topic.facts.last_reviewed + longest
        if topic.facts.review_due > latest:
            report.add(path, f"review_due is more than {longest.days} days after the review", f"set {latest}")
        if topic.withheld(on):
            due = topic.facts.review_due
            report.warn(path, f"the review was due on {due}; people do not see this topic", "review it, set the dates")
    for path, topic, text in texts(library, root):
        if text.outdated:
            report.add(
                path,
                f"translated from an older {topic.original().language} text",
                "bring it up to date, then run `python -m bot.checks translated <file>`",
            )
