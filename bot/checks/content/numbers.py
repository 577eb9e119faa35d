"""Rule: the numbers of the facts stand in every language, and no text has a number that no fact supports.

Covers quantities with their unit ("20 days" is not "20 working days"), laws, dates and phone numbers; articles have a
rule of their own.
"""

import re
from collections import Counter
from datetime import date
from pathlib import Path

from bot.checks.content import articles
from bot.checks.content.glossary import Glossary
from bot.checks.content.texts import folded, latin_digits, texts
from bot.checks.findings import Report
from bot.content import Library, Topic, TopicText
from bot.content.facts import Quantity

_NUMBER = re.compile(r"\d+")
# How far behind a number its unit may begin, in characters: room for "(20) " and one short word.
_REACH = 10


def check(library: Library, words: Glossary, root: Path, report: Report) -> None:
    report.saw("facts", sum(len(topic.facts.facts) for topic in library.topics.values()))
    for path, topic, text in texts(library, root):
        shown = latin_digits("\n".join(text.strings()))
        for reason in _missing(topic, text, shown, words):
            report.add(path, reason, "write it as facts.yaml has it, or correct the fact first")
        for reason in _moved(topic, text):
            report.add(path, reason, "state in every language what the source text states in this place")
        for number in sorted(_unsupported(library, topic, articles.without(shown, text.language, words))):
            report.add(path, f"{number} is in no published fact", "add the fact with its source, or remove the number")


def _missing(topic: Topic, text: TopicText, shown: str, words: Glossary) -> list[str]:
    reasons = []
    for fact in topic.facts.published:
        for quantity in fact.numbers:
            if not _states(quantity, shown, text.language, words):
                unit = f" {quantity.unit}" if quantity.unit else ""
                reasons.append(f"fact {fact.id!r}: {quantity.value}{unit} is not stated")
        for law in fact.laws:
            if not _stands_in(law, shown):
                reasons.append(f"fact {fact.id!r}: law {law} is not named")
        for day in fact.dates:
            if _written(day) not in shown:
                reasons.append(f"fact {fact.id!r}: the date {_written(day)} is not stated")
    for number in topic.facts.phones:
        if not _stands_in(number, shown):
            reasons.append(f"the phone number {number} is not there")
    return reasons


def _moved(topic: Topic, text: TopicText) -> list[str]:
    """Places where a translation has other numbers than the source text has in the same place."""
    original = topic.original()
    if len(original.strings()) != len(text.strings()):
        return []  # the parity rule names the difference
    return [
        f"other numbers than the source text: {ours[:40]!r}"
        for ours, theirs in zip(text.strings(), original.strings(), strict=True)
        if _counted(ours, topic, text.language) != _counted(theirs, topic, original.language)
    ]


def _counted(string: str, topic: Topic, language: str) -> Counter[str]:
    """How often each number stands in a string, with the facts' own forms ("one year") read as numbers."""
    low = folded(latin_digits(string), language)
    quantities = [quantity for fact in topic.facts.published for quantity in fact.numbers]
    forms = {(form, str(quantity.value)) for quantity in quantities for form in quantity.forms.get(language, ())}
    numbers = Counter(_NUMBER.findall(low))
    for form, value in forms:
        numbers[value] += low.count(folded(form, language))
    return +numbers


def _states(quantity: Quantity, shown: str, language: str, words: Glossary) -> bool:
    """Whether the text has the number with its unit behind it, or one of the fact's own forms for it."""
    low = folded(shown, language)
    if any(folded(form, language) in low for form in quantity.forms.get(language, ())):
        return True
    places = re.finditer(rf"(?<![\d.]){quantity.value}(?!\d)", low)
    if quantity.unit is None:
        return any(places)
    units = [folded(form, language) for form in words.unit_forms(quantity.unit, language)]
    for place in places:
        behind = low[place.end() :]
        if any(0 <= behind.find(unit) <= _REACH for unit in units):
            return True
    return False


def _unsupported(library: Library, topic: Topic, shown: str) -> set[str]:
    """Numbers of the text that are neither a phone, law, date nor quantity of a published fact."""
    rest = shown
    for number in sorted(topic.facts.phones, key=len, reverse=True):
        rest = _whole(number).sub(" ", rest)
    for fact in topic.facts.published:
        for day in fact.dates:
            rest = rest.replace(_written(day), " ")
    strangers = {number for number in library.phones if _stands_in(number, rest)}
    for number in strangers:
        rest = _whole(number).sub(" ", rest)
    supported = {str(quantity.value) for fact in topic.facts.published for quantity in fact.numbers}
    supported |= {part for fact in topic.facts.published for law in fact.laws for part in law.split("/")}
    return strangers | (set(_NUMBER.findall(rest)) - supported)


def _written(day: date) -> str:
    """A date as the texts write it, the same in every language: 01.01.2026."""
    return day.strftime("%d.%m.%Y")


def _whole(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d+]){re.escape(number)}(?!\d)")


def _stands_in(number: str, shown: str) -> bool:
    return _whole(number).search(shown) is not None
