"""`python -m bot.checks`: runs the validators, or one of the commands that write.

Exit code 0: nothing to do; 1: there are findings. Each finding is one line, `path: reason: remedy`; the last
line says how much was looked at.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.checks.answers import check_answers
from bot.checks.catalogues import check_catalogues
from bot.checks.clips import check_clips
from bot.checks.content import check_content
from bot.checks.extraction import compile_all, update_all
from bot.checks.findings import Report
from bot.checks.languages import check_languages
from bot.checks.minor import SINCE, mark_minor
from bot.checks.nlu import check_nlu
from bot.checks.review import review
from bot.checks.translated import mark_translated
from bot.checks.voices import make_voices
from bot.errors import ContentError
from bot.i18n.formats import OFFICE_ZONE
from bot.i18n.registry import load_registry

PROJECT = Path(__file__).resolve().parents[2]
CHECKS = ("content", "languages", "catalogues", "clips", "nlu")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of `arguments` (default: the command line's) and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "extract":
            return _say_written(update_all(options.root, load_registry(options.root / "content")))
        if options.command == "compile":
            return _say_written(compile_all(options.root, load_registry(options.root / "content")))
        if options.command == "voices":
            return make_voices(options.root.resolve(), options.languages, list_only=options.list_only)
        if options.command in _ON_TEXTS:
            for line in _ON_TEXTS[options.command](options):
                print(line)
            return 0
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    if options.command == "answers":
        answers = Report()
        check_answers(options.root.resolve(), options.report.resolve(), options.risks.resolve(), answers)
        return _say(answers, options.root.resolve())
    names = CHECKS if options.command == "all" else (options.command,)
    root = options.root.resolve()
    return _check(names, root, options.questions or _real_questions(root))


def _real_questions(root: Path) -> Path | None:
    """Questions that people really asked, where the machine has them: they measure, so no example may equal one."""
    path = root.parent / "shared" / "nlu" / "real_questions.jsonl"
    return path if path.exists() else None


def _check(names: Sequence[str], root: Path, questions: Path | None) -> int:
    report = Report()
    for name in names:
        if name == "content":
            check_content(root / "content", datetime.now(UTC).date(), report)
        elif name == "languages":
            check_languages(root, report)
        elif name == "catalogues":
            check_catalogues(root, report)
        elif name == "clips":
            check_clips(root, datetime.now(OFFICE_ZONE).date(), report)
        else:
            check_nlu(root, report, questions)
    return _say(report, root)


def _say(report: Report, root: Path) -> int:
    for finding in report.findings:
        print(finding.line(root))
    print(report.summary())
    return int(report.failed)


def _translated(options: argparse.Namespace) -> Iterator[str]:
    for path in options.files:
        yield f"{path}: translated from {mark_translated(path)}"


def _review(options: argparse.Namespace) -> Iterator[str]:
    today = datetime.now(OFFICE_ZONE).date()
    yield from review(options.files, options.reviewer, options.date or today, today, source=options.source)


def _minor(options: argparse.Namespace) -> Iterator[str]:
    for path in options.files:
        changes = mark_minor(path, options.since)
        yield from changes
        yield f"{path}: {'translations stay up to date' if changes else 'no words changed, nothing to do'}"


_FILES: Final = "content/topics/<slug>/<language>.md or content/case/<language>.yaml"

_ON_TEXTS: Final = {"translated": _translated, "review": _review, "minor": _minor}


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
    for name in ("content", "languages", "catalogues", "clips"):
        commands.add_parser(name, help=f"check the {name}")
    nlu = commands.add_parser("nlu", help="check the training data")
    nlu.add_argument("--questions", type=Path, help="a JSON Lines file none of whose questions may be an example")
    answers = commands.add_parser("answers", help="check a report of `make answers` on a file of risks")
    answers.add_argument("report", type=Path, help="what `make answers QUESTIONS=… REPORT=…` wrote")
    answers.add_argument("--risks", type=Path, required=True, help="the file it was made from, with a `rule` a line")
    voices = commands.add_parser("voices", help="make the sounds of all texts beforehand, and lists of what to record")
    voices.add_argument("languages", nargs="*", metavar="language", help="codes (default: every offered language)")
    voices.add_argument("--list-only", action="store_true", help="count and list, and make no sound")
    commands.add_parser("extract", help="write the template and update the catalogues from the code")
    commands.add_parser("compile", help="write the .mo files")
    translated = commands.add_parser("translated", help="mark translations as made from the current Turkish text")
    reviewed = commands.add_parser("review", help="record that a person compared translations with the Turkish text")
    reviewed.add_argument("--reviewer", required=True, help="the name of that person")
    reviewed.add_argument("--date", type=date.fromisoformat, help="the day of the review, 2026-11-23 (default: today)")
    reviewed.add_argument("--source", action="store_true", help="the Turkish texts were compared with the law")
    minor = commands.add_parser("minor", help="a correction of Turkish texts that leaves translations up to date")
    minor.add_argument("--since", default=SINCE, help="git's revision with the texts before it (default: HEAD)")
    for on_texts in (translated, reviewed, minor):
        on_texts.add_argument("files", type=Path, nargs="+", help=_FILES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
