"""Rule: the places that facts.yaml names for the aspects of a topic stand in every language, each line once.

What a section answers by its own id is not named again: the section is shown before any aspect is looked at.
"""

from collections.abc import Iterable
from pathlib import Path

from bot.checks.content.texts import facts_path, text_path
from bot.checks.findings import Report
from bot.content import Library, Topic, TopicText
from bot.content.aspects import Aspect, passages


def check(library: Library, root: Path, report: Report) -> None:
    for topic in library.topics.values():
        source = topic.original()
        for aspect, places in topic.facts.aspects.items():
            report.saw("aspects")
            path = facts_path(root, topic.slug)
            if not places:
                report.add(path, f"the aspect {aspect} names no place", "name the places that answer it, or remove it")
            if aspect in source.sections:
                report.add(path, f"a section answers the aspect {aspect}", "remove the aspect: the section is shown")
            for place in _lost(source, places):
                report.add(path, f"the aspect {aspect} names {place}, which the text has not", "correct the place")
            for place in _repeated(source, places):
                report.add(path, f"the aspect {aspect} shows {place} twice", "name each line once")
            _check_translations(topic, aspect, root, report)


def _check_translations(topic: Topic, aspect: Aspect, root: Path, report: Report) -> None:
    source = topic.original()
    there = [place for place in topic.facts.aspects[aspect] if not _lost(source, [place])]
    for code, text in topic.texts.items():
        for place in _lost(text, there):
            report.add(
                text_path(root, topic.slug, code),
                f"has no {place}, where the aspect {aspect} is answered",
                "translate it from the source text",
            )


def _lost(text: TopicText, places: Iterable[str]) -> list[str]:
    """The places that the text does not have."""
    lost = []
    for place in places:
        try:
            passages(text, [place])
        except KeyError:
            lost.append(place)
    return lost


def _repeated(text: TopicText, places: Iterable[str]) -> list[str]:
    """The places with a line that an earlier place has shown: `do/3` after `do`, or one section by two of its ids."""
    shown: set[tuple[str, str]] = set()
    repeated = []
    for place in places:
        if _lost(text, [place]):
            continue
        lines = {(passage.heading, line) for passage in passages(text, [place]) for line in passage.lines}
        if shown & lines:
            repeated.append(place)
        shown |= lines
    return repeated
