"""Questions with known meanings: reads the files that measure understanding. How they are scored is `bot.rasa.scores`.

Two forms: JSON lines with `text`, optional `lang`, optional `expect` (the acceptable names); and a folder of sentences
in Rasa's format, `<language>/<intent>.yml`, where the file's place says language and meaning.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import RehberError


class QuestionsError(RehberError):
    """A file of questions cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the file. Without `expect` it is asked and reported, and counts in no score."""

    text: str
    lang: str
    expect: tuple[str, ...]


def read_questions(path: Path) -> list[Question]:
    """Read a file of JSON lines, or a folder of sentences. Raises QuestionsError with place, reason and remedy."""
    return _read_folder(path) if path.is_dir() else _read_lines(path)


def _read_folder(folder: Path) -> list[Question]:
    questions: list[Question] = []
    for path in sorted(folder.glob("*/*.yml")):
        try:
            blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
            lines = [(block["intent"], line) for block in blocks for line in block["examples"].splitlines()]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise QuestionsError(
                f"Cannot read {path}: {type(error).__name__}. Write `nlu:` with `intent:` and `examples: |`."
            ) from error
        questions += [Question(line.removeprefix("- ").strip(), path.parent.name, (intent,)) for intent, line in lines]
    if not questions:
        raise QuestionsError(f"{folder} holds no sentences. They belong into <language>/<intent>.yml below it.")
    return questions


def _read_lines(path: Path) -> list[Question]:
    try:
        # Not splitlines(): a text may hold separators that are line ends for Python and not for JSON lines.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"Cannot read {path}: {error}. Give the path of a UTF-8 file of JSON lines.") from error
    questions = [_read_line(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not questions:
        raise QuestionsError(f'{path} holds no questions. Each line must be like {{"text": "…", "expect": ["…"]}}.')
    return questions


def _read_line(path: Path, number: int, line: str) -> Question:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionsError(f"{path}, line {number}: not JSON ({error}). Put one JSON object on each line.") from error
    if not isinstance(row, dict):
        raise QuestionsError(f"{path}, line {number}: {type(row).__name__} instead of an object with a `text`.")
    text, lang, expect = row.get("text"), row.get("lang"), row.get("expect") or []
    names = [expect] if isinstance(expect, str) else expect
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise QuestionsError(f"{path}, line {number}: `expect` must be a list of names.")
    return Question(text if isinstance(text, str) else "", lang if isinstance(lang, str) else "", tuple(names))
