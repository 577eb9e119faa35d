"""`make evaluate` as it is called: any file in, a report and one last line of JSON out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

pytestmark = pytest.mark.timeout(600)


def evaluate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.rasa.evaluate", *arguments], capture_output=True, text=True, cwd=ROOT
    )


def test_every_line_is_asked_and_reported_in_order(trained_model: Path, tmp_path: Path) -> None:
    rows = [
        {"text": "Çocuğumu hangi okula yazdırabilirim?", "lang": "tr", "expect": ["education"]},
        {"text": "أحتاج إلى محام مجاني", "lang": "ar", "expect": ["legal-aid-and-counselling"]},
        {"text": "Where is the nearest cinema?", "expect": "out-of-scope"},
        {"text": "", "lang": "en", "expect": ["help"]},
        {"text": "/restart", "lang": "en", "expect": ["help"]},
        {"text": '/education{"a": "b"}', "lang": "en", "expect": ["work-permit"]},
        {"text": "yardım\x00 \ud83d lütfen", "lang": "tr", "expect": ["help"]},
        {"text": "hastane " * 20_000, "lang": "tr", "expect": ["health-care"]},
        {"text": "ohne Erwartung", "lang": "de"},
    ]
    questions, report = tmp_path / "q.jsonl", tmp_path / "out" / "r.jsonl"
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    done = evaluate(str(questions), "--report", str(report))

    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout.splitlines()[-1])
    assert scores["n"] == len(rows)
    assert set(scores) == {
        *("n", "accuracy", "macro", "top3", "by_language", "by_topic", "out_of_scope", "ablation", "p50_ms", "p95_ms"),
    }
    assert scores["by_language"]["tr"]["n"] == 3
    reported = [json.loads(line) for line in report.read_text(encoding="utf-8").split("\n") if line]
    assert [row["expect"] for row in reported[:3]] == [["education"], ["legal-aid-and-counselling"], ["out-of-scope"]]
    assert [row["intent"] for row in reported[:2]] == ["education", "legal-aid-and-counselling"]
    assert reported[0]["language"] == "tr"
    assert reported[0]["ranking"][0]["name"] == "education"
    # Nothing to ask is nothing understood; a command is not a way to be "understood" with full confidence.
    assert reported[3]["intent"] is None
    assert reported[5]["confidence"] < 1
    shown = report.with_suffix(".html").read_text(encoding="utf-8")
    assert shown.startswith("<!doctype html>")
    assert str(questions) in shown


@pytest.mark.parametrize(
    ("content", "said"), [("{broken\n", "line 1"), ("", "holds no questions"), (None, "Cannot read")]
)
def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path, content: str | None, said: str) -> None:
    questions = tmp_path / "q.jsonl"
    if content is not None:
        questions.write_text(content, encoding="utf-8")
    done = evaluate(str(questions))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_without_a_file_the_sentences_held_out_are_asked(tmp_path: Path) -> None:
    """With another root, so that nothing is measured: the folder that it misses is the one it would have asked."""
    done = evaluate("", "--root", str(tmp_path))
    assert done.returncode == 2
    assert str(tmp_path / "tests" / "nlu" / "held_out") in done.stderr


def test_the_page_never_takes_the_place_of_the_lines(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"text": "a"}', encoding="utf-8")
    done = evaluate(str(questions), "--report", str(tmp_path / "r.html"))
    assert done.returncode == 2
    assert "would be both reports" in done.stderr
