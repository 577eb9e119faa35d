"""Collects the interface's phrases from the code and keeps the catalogues of `locales/` in step with them.

Owns the files under `locales/`: the template `rehber.pot`, one `.po` a language, and the compiled `.mo`, which
git ignores. The same sources always give the same template, byte for byte: no dates and no line numbers. The
phrases in the code are English, so the English catalogue is written by machine; the others keep what their
translators wrote.
"""

import os
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.i18n.catalogues import DOMAIN
from bot.i18n.registry import Language, Registry
from bot.i18n.yaml_files import ContentFileError

# `count` is a look-up of bot.i18n.catalogues: its first argument is the language. Words for `say` are marked with `N_`.
KEYWORDS: Final = {**DEFAULT_KEYWORDS, **parse_keywords(["_", "N_", "ngettext:1,2", "count:2,3"])}
MESSAGE_LANGUAGE: Final = "en"
# Headers that differ between two runs or that Babel fills with placeholders.
_LEFT_OUT: Final = tuple(
    f'"{name}:'.encode()
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
    )
)
_HEADER: Final = "# Words of the interface of Rehber. Written by `python -m bot.checks extract`."


def template_path(root: Path) -> Path:
    return root / "locales" / f"{DOMAIN}.pot"


def catalogue_path(root: Path, language: Language) -> Path:
    return root / "locales" / language.locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract(root: Path) -> Catalog:
    """All phrases of the project in `root`, as a template. Raises ContentFileError for an unreadable template file."""
    template = Catalog(domain=DOMAIN, header_comment=_HEADER, fuzzy=False)
    config = root / "locales" / "babel.cfg"
    with config.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, str(config))  # type: ignore[no-untyped-call]
    rows = extract_from_dir(
        root, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",), directory_filter=_is_source
    )
    try:
        for filename, _, message, comments, context in rows:
            template.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    except SyntaxError as error:
        raise ContentFileError(config, f"a source file cannot be read: {error}", "correct that file") from error
    return template


def update_all(root: Path, registry: Registry) -> list[Path]:
    """Write the template and bring the catalogues up to date: every offered language's, and those begun already.

    Returns the files written.
    """
    template = extract(root)
    written = [_write(template_path(root), template)]
    for language in registry.languages.values():
        if language.offered or catalogue_path(root, language).exists():
            written.append(update(root, language, template))
    return written


def update(root: Path, language: Language, template: Catalog) -> Path:
    """Bring one catalogue up to date, or begin it with the plural forms of its language. Returns the file."""
    path = catalogue_path(root, language)
    catalogue = read(path, language) if path.exists() else Catalog(locale=language.locale, domain=DOMAIN)
    # Babel puts the template's own message objects into the catalogue, so each gets a template of its own.
    catalogue.update(read_po(BytesIO(as_bytes(template))), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = _HEADER
    catalogue.fuzzy = False
    if language.code == MESSAGE_LANGUAGE:
        for message in catalogue:
            if message.id:
                message.string = message.id
    return _write(path, catalogue)


def compile_all(root: Path, registry: Registry) -> list[Path]:
    """Write the `.mo` file beside every offered language's `.po` file. Returns the files written."""
    written = []
    for language in registry.offered():
        path = catalogue_path(root, language)
        target = path.with_suffix(".mo")
        # Written in one step under a name of its own: a process that starts meanwhile never reads half a
        # catalogue, and two that compile at once do not take each other's file.
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            write_mo(file, read(path, language))
        partial.replace(target)
        written.append(target)
    return written


def read(path: Path, language: Language) -> Catalog:
    """The `.po` file of a language. Raises ContentFileError."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language.locale, domain=DOMAIN, abort_invalid=True)
    except FileNotFoundError as error:
        raise ContentFileError(path, "there is no catalogue", "run `python -m bot.checks extract`") from error
    except (ValueError, PoFileError) as error:
        raise ContentFileError(path, f"not a catalogue: {error}", "correct the file") from error


def as_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as a file: sorted, without anything that differs between two runs."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_LEFT_OUT))


def _write(path: Path, catalogue: Catalog) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(catalogue))
    return path


def _is_source(directory: str) -> bool:
    """Whether to look for phrases in this folder: not in environments, caches and tests."""
    return not Path(directory).name.startswith((".", "__", "tests", "node_modules"))
