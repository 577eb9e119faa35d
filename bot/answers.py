"""`make answers`: sends every question of a file through the whole running service and writes what people would see.

Input is JSON Lines with `text` and optionally `lang`; the report has one row a question, in the order of the file.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress

from bot.bootstrap import Service
from bot.channels.terminal import ask
from bot.errors import ChannelError, SettingsError

AT_ONCE: Final = 4


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The rows of a questions file. Raises SettingsError that names the line that is wrong."""
    try:
        # Lines end where JSON Lines says so: a question may hold U+2028.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}): give a file with QUESTIONS=…") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not written in UTF-8: save it in that encoding") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            # Also refuses halves of surrogate pairs, which JSON can spell and nobody can store.
            row["text"].encode()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise SettingsError(f'{path}:{number}: not a question: each line is {{"text": "…"}} in JSON') from None
        rows.append(row)
    if not rows:
        raise SettingsError(f"{path}: holds no question")
    return rows


async def write_answers(service: Service, questions: Path, report: Path) -> int:
    """Ask everything and write the report. A question that nobody answers gets a row with an empty answer.

    Raises SettingsError before the first question when the file or the report is not usable.
    """
    rows = read_questions(questions)
    _begin_report(report)
    gate = asyncio.Semaphore(AT_ONCE)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Asking", total=len(rows))

        async def one(row: dict[str, Any]) -> dict[str, Any]:
            async with gate:
                result = await _row(service, row)
            progress.advance(task)
            return result

        answered = await asyncio.gather(*(one(row) for row in rows))
    with report.open("w", encoding="utf-8") as out:
        for row in answered:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return len(answered)


def _begin_report(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror}): give another file with REPORT=…") from None


async def _row(service: Service, row: dict[str, Any]) -> dict[str, Any]:
    known = {"text": row["text"], "lang": row.get("lang")}
    try:
        answer = await ask(service, row["text"])
    except ChannelError as error:
        nothing: dict[str, Any] = {"language": None, "keys": [], "answer": "", "buttons": [], "offers_person": False}
        return {**known, **nothing, "error": str(error)}
    return {
        **known,
        "language": answer.language,
        "keys": list(answer.keys),
        "answer": answer.text,
        "buttons": list(answer.buttons),
        "offers_person": answer.offers_person,
    }
