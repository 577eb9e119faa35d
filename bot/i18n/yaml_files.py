"""Reads the YAML files that people edit, strictly.

Owns the difference between "YAML accepts it" and "the author meant it": a key written twice is refused
instead of silently winning, and every failure names the file, the reason and the remedy. What the data means
is its reader's business.
"""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import ContentError

File = TypeVar("File", bound=BaseModel)


class ContentFileError(ContentError):
    """A file of `content/` cannot be used. `path`, `reason` and `remedy` are for the person who edits it."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{path}: {reason}: {remedy}")
        self.path = path
        self.reason = reason
        self.remedy = remedy


class _StrictLoader(yaml.CSafeLoader):
    """libyaml's SafeLoader that refuses a key given twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                problem = f"the key {key!r} is written twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_text(path: Path) -> str:
    """The file's text as UTF-8. Raises ContentFileError when it is missing or in another encoding."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ContentFileError(path, "the file is missing", "create it, or correct the name") from error
    except UnicodeDecodeError as error:
        raise ContentFileError(path, "the file is not UTF-8", "save it again as UTF-8") from error


def parse_mapping(path: Path, text: str) -> dict[str, Any]:
    """`text` as one YAML mapping; `path` is only for the error. Raises ContentFileError."""
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - derived from CSafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise ContentFileError(path, f"not valid YAML{where}: {problem}", "correct that line") from error
    if not isinstance(data, dict):
        raise ContentFileError(path, "expected names with values", "begin the file with `name: value`")
    return data


def parse_model(path: Path, shape: type[File], text: str) -> File:
    """`text` as YAML in the shape of a pydantic model; `path` is only for the error. Raises ContentFileError."""
    try:
        return shape.model_validate(parse_mapping(path, text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ContentFileError(path, f"{where}: {first['msg']}", "correct that field") from error


def read_model(path: Path, shape: type[File]) -> File:
    """The file as YAML in the shape of a pydantic model. Raises ContentFileError."""
    return parse_model(path, shape, read_text(path))
