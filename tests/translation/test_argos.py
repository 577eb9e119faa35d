"""The real Argos code path, on models that say nothing but are models."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.translation.argos import Argos
from bot.translation.model import LONGEST, NotTranslatable, NoWay

PROBE = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
from pathlib import Path
from bot.translation.argos import Argos
said = Argos(Path(sys.argv[1])).translate("canary 1234", "ar", "tr")
assert said
print("modules", sorted({"torch", "stanza", "spacy", "minisbd", "onnxruntime"} & sys.modules.keys()))
"""


def test_the_way_goes_by_english(models: Path) -> None:
    argos = Argos(models)
    assert argos.leads("ar", "en")
    assert argos.leads("ar", "tr")
    assert argos.leads("tr", "ar")
    for code in ("ps", "prs", "kmr", "so", "fa"):
        assert not argos.leads(code, "tr"), code
        with pytest.raises(NoWay):
            argos.translate("a", code, "tr")


def test_lines_stay_lines_and_the_same_text_gives_the_same(models: Path) -> None:
    text = "please come tomorrow.\n\nyarın 9:00"
    first = Argos(models).translate(text, "en", "tr")
    assert first == Argos(models).translate(text, "en", "tr")
    lines = first.split("\n")
    assert len(lines) == 3
    assert lines[1] == ""
    assert lines[0]
    assert lines[2]
    assert lines[0] != lines[2]


def test_a_text_that_is_too_long_is_not_begun(models: Path) -> None:
    with pytest.raises(NotTranslatable):
        Argos(models).translate("a" * (LONGEST + 1), "en", "tr")
    with pytest.raises(NotTranslatable):
        Argos(models).translate("\n \n", "en", "tr")


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    assert not Argos(tmp_path / "none").leads("ar", "en")
    broken = tmp_path / "models" / "ar_en"
    broken.mkdir(parents=True)
    (broken / "metadata.json").write_text("[]", encoding="utf-8")
    assert not Argos(tmp_path / "models").leads("ar", "en")


def test_nothing_heavy_is_imported_and_no_word_is_logged(models: Path) -> None:
    """In a process of its own, where every logger says all it has to say."""
    said = subprocess.run([sys.executable, "-c", PROBE, str(models)], check=True, capture_output=True, text=True)
    assert "modules []" in said.stdout
    assert "canary" not in said.stdout + said.stderr
    assert sorted(path.name for path in models.parent.iterdir()) == ["allowed.sha256", "argos", "models"]
