"""A file that is not written yet, and its working file: the same name with `.todo` behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.i18n.yaml_files import ContentFileError, read_text

SUFFIX: Final = ".todo"


class Step(StrEnum):
    """What became of one file in this run."""

    THERE = "already written"
    BEGUN = "working files begun"
    WAITING = "working files not complete yet"
    FINISHED = "completed and put into their place"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Why a working file is not complete, for the person who writes it."""

    reason: str


def working_path(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def advance(path: Path, begin: Callable[[], str], finish: Callable[[str], str | Unfinished]) -> tuple[Step, str]:
    """Take one file a step further. `begin` gives a working file's text; `finish` the real one, or why not yet.

    Returns the step and, for a file that waits, the reason. Raises ContentFileError for one that cannot be read.
    """
    working = working_path(path)
    if path.exists():
        return Step.THERE, ""
    if not working.exists():
        working.parent.mkdir(parents=True, exist_ok=True)
        working.write_text(begin(), encoding="utf-8")
        return Step.BEGUN, ""
    try:
        finished = finish(read_text(working))
    except ContentFileError as error:
        return Step.WAITING, f"{error.reason}: {error.remedy}"
    if isinstance(finished, Unfinished):
        return Step.WAITING, finished.reason
    path.write_text(finished, encoding="utf-8")
    working.unlink()
    return Step.FINISHED, ""
