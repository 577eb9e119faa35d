"""`python -m bot.checks`: what it prints and how it exits."""

from pathlib import Path

import pytest

from bot.checks.__main__ import main
from bot.checks.findings import Report
from bot.content import load_library
from tests.data.conftest import Plant

ADDRESS = "topics/address-registration/"


def test_no_findings_exit_zero_and_say_how_much_was_looked_at(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(content.parent), "content"]) == 0
    assert "checked" in capsys.readouterr().out
    assert main(["content"]) == 0


def test_a_finding_is_one_line_with_path_reason_and_remedy(
    content: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(f"{ADDRESS}en.md", "call 157", "call 158")
    assert main(["--root", str(content.parent), "content"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"content/{ADDRESS}en.md: 158 is in no published fact: ") for line in lines)


def test_a_broken_file_is_a_finding_and_not_a_traceback(
    content: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    plant("languages.yaml", "source: tr", "source: [")
    assert main(["--root", str(content.parent), "all"]) == 1
    assert "languages.yaml: not valid YAML" in capsys.readouterr().out


def test_looking_at_nothing_fails(tmp_path: Path) -> None:
    assert main(["--root", str(tmp_path)]) == 1
    report = Report()
    assert report.summary() == "checked nothing: 0 findings"
    report.require("texts", tmp_path)
    assert report.failed


def test_a_translator_marks_a_text_as_up_to_date(content: Path, plant: Plant) -> None:
    plant(f"{ADDRESS}tr.md", "Son günü beklemeyin.", "Geç kalmayın.")
    path = content / ADDRESS / "ar.md"
    before = path.read_text(encoding="utf-8")
    assert main(["translated", str(path)]) == 0
    topic = load_library(content).topic("address-registration")
    assert not topic.text("ar").outdated
    assert topic.text("fa").outdated
    assert path.read_text(encoding="utf-8").splitlines()[2:] == before.splitlines()[2:]


def test_the_source_text_cannot_be_marked(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translated", str(content / ADDRESS / "tr.md")]) == 1
    assert "this is the source text" in capsys.readouterr().err
