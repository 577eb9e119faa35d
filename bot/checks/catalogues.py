"""Rule: the template is what the code says now, and every offered language has every phrase, whole and safe."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.checks.extraction import as_bytes, catalogue_path, extract, read, template_path
from bot.checks.findings import Report
from bot.i18n.bidi import FORBIDDEN, ISOLATES
from bot.i18n.registry import Language, load_registry
from bot.i18n.yaml_files import ContentFileError

_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}|%\((\w+)\)[sd]")
_MARKUP: Final = re.compile(r"<[A-Za-z/!][^>]*>|&(?:[a-z]+|#\d+);|https?://|www\.|href=")
# A plural form for "one" or "two" may leave the number out, because the word itself says it.
_COUNT: Final = "n"
_EXTRACT: Final = "run `python -m bot.checks extract`"


def check_catalogues(root: Path, report: Report) -> None:
    """Check `locales/` of the project folder `root`."""
    try:
        registry = load_registry(root / "content")
        template = extract(root)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    path = template_path(root)
    if not path.exists() or path.read_bytes() != as_bytes(template):
        report.add(path, "the template is not what the code says now", _EXTRACT)
    for message in _messages(template):
        report.saw("phrases")
        for msgid in _strings(message.id):
            for reason in _unsafe(msgid):
                report.add(path, f"{msgid[:40]!r} {reason}", "keep markup and addresses in templates and content")
    for language in registry.offered():
        path = catalogue_path(root, language)
        try:
            _check_language(path, language, template, read(path, language), report)
        except ContentFileError as error:
            report.add(error.path, error.reason, error.remedy)
    report.require("phrases", root / "locales")


def _check_language(path: Path, language: Language, template: Catalog, catalogue: Catalog, report: Report) -> None:
    report.saw("catalogues")
    wanted = {(message.context, message.id): message for message in _messages(template)}
    have = {(message.context, message.id): message for message in _messages(catalogue)}
    # One command mends all of these at once, so they are one finding.
    for what, ids in (
        ("has phrases that no source says", have.keys() - wanted.keys()),
        ("lacks phrases of the source", wanted.keys() - have.keys()),
    ):
        if ids:
            first = sorted(_strings(msgid)[0] for _, msgid in ids)[0]
            report.add(path, f"{what} ({len(ids)}, such as {first[:40]!r})", _EXTRACT)
    if catalogue.plural_forms != Catalog(locale=language.locale).plural_forms:
        report.add(path, "the plural rule is not that of the language", _EXTRACT)
    for message in have.values():
        for reason in _defects(message, catalogue.num_plurals):
            report.add(path, f"{_strings(message.id)[0][:40]!r} {reason}", "correct the translation")


def _defects(message: Message, plurals: int) -> Iterator[str]:
    ids, translated = _strings(message.id), _strings(message.string)
    if message.fuzzy:
        yield "is marked as fuzzy"
    if message.pluralizable and len(translated) != plurals:
        yield f"has {len(translated)} plural forms, the language has {plurals}"
    if not all(text.strip() for text in translated) or not translated:
        yield "is not translated"
        return
    wanted = set[str]().union(*(_placeholders(text) for text in ids))
    for text in translated:
        found = _placeholders(text)
        optional = {_COUNT} if message.pluralizable else set()
        if found - wanted or (wanted - optional) - found:
            yield f"has the places {sorted(found)}, the phrase has {sorted(wanted)}"
        yield from _unsafe(text)


def _unsafe(text: str) -> Iterator[str]:
    if match := _MARKUP.search(text):
        yield f"has markup or an address ({match[0]})"
    if any(char in FORBIDDEN | ISOLATES for char in text):
        yield "has an invisible direction mark"
    if any(char.isdigit() and not char.isascii() for char in text):
        yield "has digits that are not Latin"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    """The phrases without the header."""
    return (message for message in catalogue if message.id)


def _strings(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _placeholders(text: str) -> set[str]:
    return {braces or percent for braces, percent in _PLACEHOLDER.findall(text)}
