"""`python -m bot.checks`: runs the validators, or one of the commands that write.

Exit code 0: nothing to do; 1: there are findings. Each finding is one line, `path: reason: remedy`; the last
line says how much was looked at.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.checks.catalogues import check_catalogues
from bot.checks.content import check_content
from bot.checks.extraction import compile_all, update_all
from bot.checks.findings import Report
from bot.checks.languages import check_languages
from bot.checks.nlu import check_nlu
from bot.checks.translated import mark_translated
from bot.errors import ContentError
from bot.i18n.registry import load_registry

PROJECT = Path(__file__).resolve().parents[2]
CHECKS = ("content", "languages", "catalogues", "nlu")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of `arguments` (default: the command line's) and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "extract":
            return _say_written(update_all(options.root, load_registry(options.root / "content")))
        if options.command == "compile":
            return _say_written(compile_all(options.root, load_registry(options.root / "content")))
        if options.command == "translated":
            for path in options.files:
                print(f"{path}: translated from {mark_translated(path)}")
            return 0
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    names = CHECKS if options.command == "all" else (options.command,)
    return _check(names, options.root.resolve(), options.questions)


def _check(names: Sequence[str], root: Path, questions: Path | None) -> int:
    report = Report()
    for name in names:
        if name == "content":
            check_content(root / "content", datetime.now(UTC).date(), report)
        elif name == "languages":
            check_languages(root, report)
        elif name == "catalogues":
            check_catalogues(root, report)
        else:
            check_nlu(root, report, questions)
    for finding in report.findings:
        print(finding.line(root))
    print(report.summary())
    return int(report.failed)


def _say_written(paths: Sequence[Path]) -> int:
    for path in paths:
        print(f"wrote {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.checks", description="The repository's own validators.")
    parser.add_argument("--root", type=Path, default=PROJECT, help="the project folder (default: this one)")
    parser.set_defaults(command="all", questions=None)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("all", help="every check (default)")
    for name in ("content", "languages", "catalogues"):
        commands.add_parser(name, help=f"check the {name}")
    nlu = commands.add_parser("nlu", help="check the training data")
    nlu.add_argument("--questions", type=Path, help="a JSON Lines file none of whose questions may be an example")
    commands.add_parser("extract", help="write the template and update the catalogues from the code")
    commands.add_parser("compile", help="write the .mo files")
    translated = commands.add_parser("translated", help="mark translations as made from the current Turkish text")
    translated.add_argument("files", type=Path, nargs="+", help="content/topics/<slug>/<language>.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
