"""Rule: the registry, the folders and what Babel knows about a language tell the same story."""

from pathlib import Path

from babel import Locale, UnknownLocaleError

from bot.checks.findings import Report
from bot.i18n.registry import Language, Registry, load_registry
from bot.i18n.yaml_files import ContentFileError


def check_languages(root: Path, report: Report) -> None:
    """Check the languages of the project folder `root`."""
    try:
        registry = load_registry(root / "content")
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    path = root / "content" / "languages.yaml"
    for language in registry.languages.values():
        report.saw("languages")
        _check_locale(path, language, report)
    by_locale = {language.locale: language for language in registry.languages.values()}
    _check_folders(root / "locales", by_locale, registry, report)
    _check_folders(root / "nlu_data" / "nlu", dict(registry.languages), registry, report)
    report.require("language folders", root)


def _check_locale(path: Path, language: Language, report: Report) -> None:
    try:
        direction = Locale.parse(language.locale).text_direction
    except (UnknownLocaleError, ValueError):
        report.add(path, f"{language.code}: Babel knows no locale {language.locale!r}", "correct the locale")
        return
    if direction != language.direction:
        report.add(path, f"{language.code}: Babel says it is written {direction}", "correct the direction")


def _check_folders(parent: Path, by_name: dict[str, Language], registry: Registry, report: Report) -> None:
    """Every offered language has a folder in `parent`, and every folder belongs to a language of the registry."""
    folders = {path.name for path in parent.glob("*") if path.is_dir()}
    report.saw("language folders", len(folders))
    for name in sorted(folders - by_name.keys()):
        report.add(parent / name, "belongs to no language of the registry", "rename the folder or add the language")
    for name, language in by_name.items():
        if registry.is_offered(language.code) and name not in folders:
            report.add(parent / name, f"{language.english_name} is offered and has no folder", "add the folder")
