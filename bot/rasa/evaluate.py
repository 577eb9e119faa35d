"""`make evaluate`: asks the trained model every question of a file and says how often it understood.

Without a file it asks the sentences of `tests/nlu/held_out`. The last line of standard output is one JSON object
(`bot.rasa.scores.summary`); the page `reports/evaluation.html`, or the one beside the named report, shows it
(`bot.rasa.report`). Each text goes the way of a person's message: made harmless first, then understood. Nothing is
answered.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.actions.table import FALLBACK
from bot.assistant.neutral import neutral
from bot.errors import RehberError
from bot.i18n.identify import identify
from bot.launch.model import ready_model
from bot.launch.steps import Steps
from bot.rasa.listening import Listener, listening
from bot.rasa.questions import Question, QuestionsError, read_questions
from bot.rasa.report import Measurement, page
from bot.rasa.scores import Heard, Ranking, summary
from bot.settings import ROOT, load_settings

HELD_OUT: Final = Path("tests/nlu/held_out")
PAGE: Final = Path("reports/evaluation.html")


def hear(listener: Listener, question: Question) -> Heard:
    """Ask one question. A text of which nothing is left when made harmless means nothing to Rasa either."""
    text = neutral(question.text)
    began = time.perf_counter()
    body = listener.parse(text) if text else {}
    seconds = time.perf_counter() - began
    intent = body.get("intent") or {}
    return Heard(
        question=question,
        language=identify(question.text).language,
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=_ranking(body.get("intent_ranking") or ()),
        seconds=seconds,
        retrieved=_ranking(body["retrieved"]) if body.get("retrieved") is not None else None,
    )


def _ranking(entries: Sequence[dict[str, Any]]) -> Ranking:
    return tuple((str(e["name"]), float(e["confidence"])) for e in entries if e["name"] != FALLBACK)


def evaluate(questions: Sequence[Question], model: Path, root: Path, console: Console) -> list[Heard]:
    """Ask every question of a trained model, showing progress."""
    with (
        tempfile.TemporaryDirectory(prefix="rehber-evaluate-") as folder,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=not console.is_terminal,
        ) as progress,
    ):
        task = progress.add_task("Starting Rasa", total=len(questions))
        with listening(root, model, Path(folder) / "rasa.log") as listener:
            # The first call pays for what the server loads late; it is not the service's speed.
            listener.parse("?")
            progress.update(task, description="Asking")
            heard = []
            for question in questions:
                heard.append(hear(listener, question))
                progress.advance(task)
    return heard


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns 0, or 2 when it could not measure."""
    parser = argparse.ArgumentParser(prog="python -m bot.rasa.evaluate", description=__doc__)
    parser.add_argument(
        "questions",
        nargs="?",
        default="",
        help="JSON lines (text, optional lang, expect: a list of acceptable names) or a folder like tests/nlu/held_out",
    )
    parser.add_argument("--report", type=Path, help="write one JSON line a question here, and the page beside it")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository")
    options = parser.parse_args(arguments)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    root: Path = options.root.resolve()
    report: Path | None = options.report
    try:
        shown = _page_beside(report) if report else root / PAGE
        questions = read_questions(Path(options.questions) if options.questions else root / HELD_OUT)
        model = ready_model(load_settings(), Steps(console))
        heard = evaluate(questions, model, root, console)
        if report:
            _write(report, "".join(json.dumps(h.row(), ensure_ascii=False) + "\n" for h in heard))
        source = options.questions or HELD_OUT.as_posix()
        _write(shown, page(heard, Measurement(source, model.name.removesuffix(".tar.gz"), datetime.now(UTC))))
    except RehberError as error:
        console.print(str(error), markup=False)
        return 2
    console.print(f"The page with the pictures: {shown}", markup=False)
    sys.stdout.write(json.dumps(summary(heard), ensure_ascii=False) + "\n")
    return 0


def _page_beside(report: Path) -> Path:
    beside = report.with_suffix(".html")
    if beside == report:
        raise QuestionsError(f"{report} would be both reports. Name the JSON lines: the page is written beside them.")
    return beside


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Lone surrogates are legal in JSON and not in UTF-8.
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise QuestionsError(
            f"Cannot write the report {path}: {error}. Name a file in a folder you may write."
        ) from error


if __name__ == "__main__":
    raise SystemExit(main())
