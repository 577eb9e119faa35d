"""Changes single fields in the front matter of a text file and leaves every other character as it is."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.content.text import TextStatus, read_text_file, split_text
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
