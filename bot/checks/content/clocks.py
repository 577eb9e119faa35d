"""Rule: every clock of a topic has its words, every word a clock, and the list of topics that may have none is true.

Which facts may have a clock is decided when the content is read (`bot.content.clocks`). That the words stand in every
language is the catalogues' rule.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.checks.content.texts import facts_path
from bot.checks.findings import Report
from bot.content import Library
from bot.content.clocks import NEVER
from bot.content.facts import Counts
from bot.i18n.clock_phrases import OFFERS, QUESTIONS, TITLES

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "button (OFFERS)": OFFERS,
    "title (TITLES)": TITLES,
    "question (QUESTIONS)": QUESTIONS,
}
_SAY_IT: Final = "write it in bot/i18n/clock_phrases.py"


def check(library: Library, root: Path, report: Report) -> None:
    directions: dict[str, Counts] = {}
    for topic in library.topics.values():
        path = facts_path(root, topic.slug)
        for clock in topic.clocks.values():
            report.saw("clocks")
            for what, words in _WORDS.items():
                if clock.id not in words:
                    report.add(path, f"the clock {clock.id} has no {what}", _SAY_IT)
            # One question is asked for all clocks of an id: "when did it happen" does not suit a date to come.
            if directions.setdefault(clock.id, clock.counts) is not clock.counts:
                report.add(path, f"the clock {clock.id} runs the other way elsewhere", "give it an id of its own")
    used = directions.keys()
    for what, words in _WORDS.items():
        for name in sorted(words.keys() - used):
            report.add(root / "topics", f"no topic has the clock {name}, which has a {what}", "remove its words")
    for slug in sorted(NEVER - library.topics.keys()):
        report.add(root / "topics", f"NEVER in bot/content/clocks.py names {slug}, which is no topic", "correct it")
