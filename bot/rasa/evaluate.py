"""`make evaluate`: asks the trained model every question of a file and says how often it understood.

The last line of standard output is one JSON object (`bot.rasa.questions.summary`). Each text goes the way of a
person's message: made harmless first, then understood. Nothing is answered and nothing is kept.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.assistant.neutral import neutral
from bot.errors import RehberError
from bot.i18n.identify import identify
from bot.launch.model import ready_model
from bot.launch.steps import Steps
from bot.rasa.listening import Listener, listening
from bot.rasa.questions import FALLBACK, Heard, Question, QuestionsError, read_questions, summary
from bot.settings import ROOT, load_settings


def hear(listener: Listener, question: Question) -> Heard:
    """Ask one question. A text of which nothing is left when made harmless means nothing to Rasa either."""
    text = neutral(question.text)
    began = time.perf_counter()
    body = listener.parse(text) if text else {}
    seconds = time.perf_counter() - began
    intent = body.get("intent") or {}
    ranking = tuple(
        (str(entry["name"]), float(entry["confidence"]))
        for entry in body.get("intent_ranking") or ()
        if entry["name"] != FALLBACK
    )
    return Heard(
        question=question,
        language=identify(question.text).language,
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=ranking,
        seconds=seconds,
    )


def evaluate(questions: Sequence[Question], root: Path, console: Console) -> list[Heard]:
    """Ask every question of the model that fits the present data, trained first when it is not there."""
    model = ready_model(load_settings(), Steps(console))
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
    parser.add_argument("questions", help="JSON lines: text, optional lang, expect (a list of acceptable names)")
    parser.add_argument("--report", type=Path, help="write one JSON line a question here")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository")
    options = parser.parse_args(arguments)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        if not options.questions:
            raise QuestionsError("No file of questions was named. Say make evaluate QUESTIONS=file.jsonl")
        heard = evaluate(read_questions(Path(options.questions)), options.root.resolve(), console)
        if options.report:
            _write_report(options.report, heard)
    except RehberError as error:
        console.print(str(error), markup=False)
        return 2
    sys.stdout.write(json.dumps(summary(heard), ensure_ascii=False) + "\n")
    return 0


def _write_report(path: Path, heard: Sequence[Heard]) -> None:
    rows = "".join(json.dumps(h.row(), ensure_ascii=False) + "\n" for h in heard)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Lone surrogates are legal in JSON and not in UTF-8.
        path.write_text(rows, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise QuestionsError(
            f"Cannot write the report {path}: {error}. Name a file in a folder you may write."
        ) from error


if __name__ == "__main__":
    raise SystemExit(main())
