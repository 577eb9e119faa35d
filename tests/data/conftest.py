"""A copy of the project's data that a test may damage."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

Plant = Callable[[str, str, str], Path]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content folder."""
    return Path(shutil.copytree(PROJECT / "content", tmp_path / "content"))


@pytest.fixture
def plant(content: Path) -> Plant:
    """Replace a piece of text in a file of the copied content folder, once. Returns the file."""

    def replace(name: str, old: str, new: str) -> Path:
        path = content / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{name} no longer has {old!r}: plant another error"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return replace
