"""Begins a language, or goes on with it: `make new-language CODE=uk`. Run it as often as you like.

Exit code 0: the state was said; 1: there is nothing to begin with, and what to add.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict

from bot.checks.__main__ import PROJECT
from bot.checks.extraction import extract, update
from bot.checks.new_language.codes import advance_codes
from bot.checks.new_language.progress import Row, progress
from bot.checks.new_language.sentences import advance_measuring, advance_teaching, advance_word_list
from bot.checks.new_language.texts import advance_text
from bot.checks.new_language.working_files import Step, working_path
from bot.content import load_library
from bot.content.case_words import case_path
from bot.errors import ContentError
from bot.i18n.registry import Language, Registry, load_registry
from bot.i18n.yaml_files import ContentFileError, read_model

_ROW: Final = (
    "  - {{code: {code}, name: {name}, english_name: {english}, direction: {direction}, locale: {locale}, "
    "fallback: [en, tr], digits: latin, status: planned, detectable: false}}"
)


class _Intent(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    purpose: str


class _Intents(BaseModel):
    intents: tuple[_Intent, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of `arguments` (default: the command line's) and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.checks.new_language", description=__doc__)
    parser.add_argument("code", help="the language's code in content/languages.yaml, such as uk")
    parser.add_argument("--root", type=Path, default=PROJECT, help="the project folder (default: this one)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    try:
        registry = load_registry(root / "content")
        if options.code not in registry.languages:
            print(_unknown(options.code), file=sys.stderr)
            return 1
        language = registry.get(options.code)
        _require_locale(root, language)
        for line in _go_on(root, language, registry):
            print(line)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _unknown(code: str) -> str:
    """What to add for a code that the registry does not have: it cannot be guessed how a language calls itself."""
    try:
        locale = Locale.parse(code)
        row = _ROW.format(
            code=code,
            name=locale.display_name,
            english=locale.english_name,
            direction=locale.text_direction,
            locale=code,
        )
        hint = "Let a speaker correct its own name, and choose as `fallback` what its readers are likely to know."
    except (UnknownLocaleError, ValueError):
        row = _ROW.format(code=code or "…", name="…", english="…", direction="…", locale="…")
        hint = "Babel does not know this code: give a `locale` that it knows, which selects plural forms and dates."
    return (
        f"content/languages.yaml: no language {code!r}: everything follows from its row there. Add one such as\n{row}\n"
        f"{hint}\n`detectable` is true only where bot/i18n/identify.py tells it from its neighbours."
    )


def _require_locale(root: Path, language: Language) -> None:
    try:
        Locale.parse(language.locale)
    except (UnknownLocaleError, ValueError):
        path = root / "content" / "languages.yaml"
        raise ContentFileError(path, f"Babel knows no locale {language.locale!r}", "give one that it knows") from None


def _go_on(root: Path, language: Language, registry: Registry) -> Iterator[str]:
    """Take every file of the language a step further and say how far it is."""
    code, name = language.code, language.english_name
    intents = read_model(root / "nlu_data" / "intents.yaml", _Intents).intents
    yield f"{name} ({code}), {language.status}"
    topics = sorted(path for path in (root / "content" / "topics").iterdir() if path.is_dir())
    yield from _said(
        "Topic texts",
        root,
        {folder / f"{code}.md": advance_text(folder, code, name, registry.source.code) for folder in topics},
    )
    teaching, measuring = root / "nlu_data" / "nlu" / code, root / "tests" / "nlu" / "held_out" / code
    codes = {case_path(root / "content", code): advance_codes(root / "content", code, name, registry.source.code)}
    yield from _said("Words of codes", root, codes)
    yield from _said(
        "Sentences that teach",
        root,
        {teaching / f"{i.name}.yml": advance_teaching(root, code, name, i.name, i.purpose) for i in intents},
    )
    yield from _said(
        "Sentences that measure",
        root,
        {measuring / f"{i.name}.yml": advance_measuring(root, code, name, i.name, i.purpose) for i in intents},
    )
    word_list = root / "nlu_data" / "entities" / f"{code}.yml"
    yield from _said("List of papers and provinces", root, {word_list: advance_word_list(root, code, name, registry)})
    catalogue = update(root, language, extract(root))
    yield f"\nPhrases: {catalogue.relative_to(root)} is up to date with the code"
    rows = progress(root, language, load_library(root / "content"), [intent.name for intent in intents])
    yield from _missing(rows, name)
    yield from _table(rows)
    yield from _next(rows, language)


def _said(what: str, root: Path, steps: dict[Path, tuple[Step, str]]) -> Iterator[str]:
    """How many files took which step, and what the begun ones still lack."""
    yield f"\n{what}"
    for step, number in Counter(step for step, _ in steps.values()).items():
        yield f"  {number:>3} {step}"
    for path, (step, reason) in steps.items():
        if step is Step.WAITING:
            yield f"      {working_path(path).relative_to(root)}: {reason}"


def _missing(rows: Sequence[Row], name: str) -> Iterator[str]:
    if any(row.missing for row in rows):
        yield f"\nWithout {name} in shared files"
    for row in rows:
        if row.missing:
            yield f"  {row.where}, {row.what}: {', '.join(row.missing)}"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "\nHow far it is"
    widest = max(len(row.what) for row in rows)
    for row in rows:
        yield f"  {row.what:<{widest}} {row.done:>4} of {row.of:<4} {row.where}"


def _next(rows: Sequence[Row], language: Language) -> Iterator[str]:
    yield "\nNext"
    unfinished = [row for row in rows if not row.complete]
    if unfinished:
        yield f"  {unfinished[0].what}: {unfinished[0].where}"
        yield "  Working files end in .todo: write over each … and after each - there."
        yield f"  Then `make new-language CODE={language.code}` again: it puts what is complete into its place."
    elif language.offered:
        yield "  Nothing: it is offered, and `make check` holds it to what the others have."
    else:
        yield "  Everything is written. Set `status: offered` in content/languages.yaml and run `make check`: only when"
        yield "  that is clean may people choose the language. Then have the texts reviewed: `bot.checks review`."


if __name__ == "__main__":
    sys.exit(main())
