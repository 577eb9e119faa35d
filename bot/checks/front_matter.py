"""The front matter of a text file: changes single fields and leaves every other character as it is.

A text file is a topic in a language, or the words of codes in one.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.content.case_words import parse_case_text
from bot.content.text import TextStatus, parse_text, read_text_file, split_text, wordings
from bot.i18n.yaml_files import read_text

Value = TextStatus | str | date | None | tuple[str, ...]


def set_fields(path: Path, fields: Mapping[str, Value]) -> None:
    """Write `fields` into the front matter; an empty tuple takes a field out. Raises ContentFileError.

    The file is written only when its front matter is valid afterwards.
    """
    read_text_file(path)
    _, front, body = read_text(path).split("---\n", maxsplit=2)
    for name, value in fields.items():
        line = "" if value == () else f"{name}: {_written(value)}\n"
        front, found = re.subn(rf"(?m)^{name}:.*\n", line.replace("\\", r"\\"), front, count=1)
        if not found:
            front += line
    text = f"---\n{front}---\n{body}"
    split_text(path, text)
    path.write_text(text, encoding="utf-8")


def content_folder(path: Path) -> Path:
    """The content folder that a text file lies in, a topic's or one of the words of codes."""
    return next(folder for folder in path.resolve().parents if (folder / "languages.yaml").exists())


def source_path(path: Path, source: str) -> Path:
    """The file in the source language `source` that the text file `path` is a translation of."""
    return path.with_name(f"{source}{path.suffix}")


def is_outdated(path: Path, source: str) -> bool:
    """Whether the text file `path` was made from other words than its source has now. Raises ContentFileError."""
    file, sources = read_text_file(path), wordings(read_text_file(source_path(path, source)))
    if path.suffix == ".yaml":
        return parse_case_text(path, file, sources).outdated
    return parse_text(path, file, path.stem, sources).outdated


def _written(value: Value) -> str:
    """As YAML. Words are quoted, so that a person may be called Null."""
    match value:
        case None:
            return "null"
        case TextStatus():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(_written(part) for part in value)}]"
    return json.dumps(value, ensure_ascii=False)
