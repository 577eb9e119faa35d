"""Rule: every code that the case system may send has words in every language, no other code has, and no decision has.

The open lists of `openapi.yaml` say which codes there are. The words themselves obey the rules of topics: they follow
the source, are short, and are written in the letters of their language.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import bot.caseapi
from bot.caseapi.codes import ADVERSE, OTHER, WITH_OTHER, Vocabulary
from bot.checks.content import freshness, glossary, plain_words, script
from bot.checks.content.glossary import Glossary
from bot.checks.content.texts import folded
from bot.checks.content.untranslated import ENGLISH, FEWEST_WORDS
from bot.checks.findings import Report
from bot.content import Library
from bot.content.case_words import CaseText, case_path
from bot.i18n.yaml_files import parse_mapping, read_text

CONTRACT: Final = Path(bot.caseapi.__file__).with_name("openapi.yaml")

_FIELDS: Final[Mapping[Vocabulary, tuple[str, str]]] = {
    Vocabulary.APPOINTMENT_TYPE: ("Appointment", "type"),
    Vocabulary.APPOINTMENT_STATUS: ("Appointment", "status"),
    Vocabulary.ITEM: ("Appointment", "items_to_bring"),
    Vocabulary.PERMIT_KIND: ("Permit", "kind"),
    Vocabulary.PERMIT_STATUS: ("Permit", "status"),
    Vocabulary.NEXT_STEP: ("Permit", "next_step_code"),
    Vocabulary.INTERNATIONAL_PROTECTION: ("Protection", "status"),
    Vocabulary.TEMPORARY_PROTECTION: ("Protection", "status"),
    Vocabulary.TRAVEL_STATUS: ("TravelPermit", "status"),
}
"""The field whose open list a vocabulary puts into words. Both kinds of protection share one."""


def check(library: Library, words: Glossary, root: Path, report: Report) -> None:
    texts = library.case_words.texts
    source = texts[library.languages.source.code]
    for language in library.languages.offered():
        if language.code not in texts:
            path = case_path(root, language.code)
            report.add(path, f"no {language.english_name} words of codes", "translate the source file into this one")
    lists = _lists(parse_mapping(CONTRACT, read_text(CONTRACT)))
    for code, text in texts.items():
        path = case_path(root, code)
        report.saw("words of codes", sum(len(codes) for codes in text.words.values()))
        _check_codes(path, text, lists, report)
        _check_parts(path, text, source, report)
        _check_left(path, text, texts, report)
        freshness.check_text(path, text, source.language, report)
        plain_words.check_strings(path, text.strings(), report)
        script.check_strings(path, code, text.strings(), report)
        glossary.check_wrong_words(path, code, text.strings(), words, report)


def _check_codes(path: Path, text: CaseText, lists: Mapping[Vocabulary, frozenset[str]], report: Report) -> None:
    for name in sorted(text.words.keys() - set(Vocabulary)):
        report.add(path, f"unknown vocabulary {name!r}", f"use one of {', '.join(Vocabulary)}")
    have = {vocabulary: text.words.get(vocabulary, {}).keys() for vocabulary in Vocabulary}
    for vocabulary, codes in have.items():
        for code in sorted(codes & ADVERSE):
            remedy = "take it out: for every decision one sentence asks people to see an officer"
            report.add(path, f"{vocabulary} has words for {code}", remedy)
        for code in sorted(codes - ADVERSE - lists[vocabulary] - {OTHER}):
            report.add(path, f"{vocabulary} has words for {code}, which is not in the contract", "take it out")
        if (OTHER in codes) is not (vocabulary in WITH_OTHER):
            what = "words for" if OTHER in codes else "no words for"
            report.add(path, f"{vocabulary} has {what} {OTHER}", "take them out" if OTHER in codes else "add them")
    for vocabulary, listed in lists.items():
        sharing = [other for other in Vocabulary if lists[other] == listed]
        worded = set[str]().union(*(have[other] for other in sharing))
        for code in sorted(listed - ADVERSE - worded):
            report.add(path, f"{vocabulary} has no words for {code}", "add them: the contract has this code")


def _check_parts(path: Path, text: CaseText, source: CaseText, report: Report) -> None:
    """A right must not get lost in translation: what the source says to do, every language says."""
    for name, codes in source.words.items():
        for code, original in codes.items():
            translated = text.words.get(name, {}).get(code)
            if translated is None:
                continue
            for part, words in original.parts.items():
                if bool(words) is not bool(translated.parts[part]):
                    remedy = "translate it" if words else "take it out, or add it to the source"
                    report.add(path, f"{code}: {part!r} is not as in the source", remedy)


def _check_left(path: Path, text: CaseText, texts: Mapping[str, CaseText], report: Report) -> None:
    for code in (ENGLISH, *(name for name, other in texts.items() if other.status == "source")):
        if code == text.language or code not in texts:
            continue
        there = {folded(string, text.language) for string in texts[code].strings()}
        for string in text.strings():
            if len(string.split()) >= FEWEST_WORDS and folded(string, text.language) in there:
                report.add(path, f"left as in {code}: {string[:40]!r}", "translate it")


def _lists(contract: Mapping[str, Any]) -> dict[Vocabulary, frozenset[str]]:
    schemas = contract["components"]["schemas"]
    lists = {name: frozenset(_list(schemas[schema]["properties"][field])) for name, (schema, field) in _FIELDS.items()}
    return {Vocabulary.DOCUMENT: frozenset(schemas["DocumentType"]["enum"]), **lists}


def _list(field: Mapping[str, Any]) -> Iterator[str]:
    """The open list of a field: its own, that of its items, or that of the alternative that is not null."""
    for place in (field, field.get("items", {}), *field.get("anyOf", [])):
        yield from place.get("x-extensible-enum", [])
