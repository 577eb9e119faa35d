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
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}): give a file with QUESTIONS=…") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["text"] + ""
        except (ValueError, TypeError, KeyError):
            raise SettingsError(f'{path}:{number}: not a question: each line is {{"text": "…"}} in JSON') from None
        rows.append(row)
    if not rows:
        raise SettingsError(f"{path}: holds no question")
    return rows


async def write_answers(service: Service, questions: Path, report: Path) -> int:
    """Ask everything and write the report. A question that nobody answers gets a row with an empty answer."""
    rows = read_questions(questions)
    gate = asyncio.Semaphore(AT_ONCE)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Asking", total=len(rows))

        async def one(row: dict[str, Any]) -> dict[str, Any]:
            async with gate:
                result = await _row(service, row)
            progress.advance(task)
            return result

        answered = await asyncio.gather(*(one(row) for row in rows))
    report.parent.mkdir(parents=True, exist_ok=True)
    with report.open("w", encoding="utf-8") as out:
        for row in answered:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return len(answered)


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
