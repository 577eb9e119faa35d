"""The voice of this machine, on the real content."""

from pathlib import Path

import pytest

from bot.content import Library, load_library
from bot.settings import ROOT
from bot.voice.reading import Reading, make_reading


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT / "content")


@pytest.fixture
def reading(library: Library, tmp_path: Path) -> Reading:
    made = make_reading(library, ROOT / "content", tmp_path / "data")
    assert made.synthesiser is not None, "espeak-ng is missing: run `make setup` as root"
    return made
