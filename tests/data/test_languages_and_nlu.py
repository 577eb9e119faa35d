"""Registry, folders and training data: each planted error is found."""

import json
import shutil
from pathlib import Path

import pytest

from bot.checks.findings import Report
from bot.checks.languages import check_languages
from bot.checks.nlu import check_nlu, fold
from tests.data.conftest import Plant

CODES = ("tr", "en", "ar", "fa")
WORDS = ("one", "two", "three", "four", "five", "six")


@pytest.fixture
def project(content: Path) -> Path:
    """A project of two intents with six examples each in every offered language."""
    root = content.parent
    (root / "nlu_data" / "domain").mkdir(parents=True)
    (root / "nlu_data" / "domain" / "intents.yml").write_text(
        'version: "3.1"\nintents:\n  - greeting\n  - education\n  - nlu_fallback\n', encoding="utf-8"
    )
    for code in CODES:
        (root / "locales" / code).mkdir(parents=True)
        for intent in ("greeting", "education"):
            _teach(root, code, intent, [f"{intent} {code} {word}" for word in WORDS])
    return root


def _teach(root: Path, code: str, intent: str, examples: list[str], name: str | None = None) -> Path:
    path = root / "nlu_data" / "nlu" / code / f"{name or intent}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"      - {example}\n" for example in examples)
    path.write_text(f'version: "3.1"\nnlu:\n  - intent: {intent}\n    examples: |\n{lines}', encoding="utf-8")
    return path


def _languages(root: Path) -> list[str]:
    report = Report()
    check_languages(root, report)
    return [finding.line(root) for finding in report.findings]


def _nlu(root: Path, questions: Path | None = None) -> list[str]:
    report = Report()
    check_nlu(root, report, questions)
    return [finding.line(root) for finding in report.findings]


def test_a_sound_project_has_no_findings(project: Path) -> None:
    assert _languages(project) == []
    assert _nlu(project) == []


def test_a_missing_and_a_stray_language_folder_are_found(project: Path) -> None:
    shutil.rmtree(project / "locales" / "fa")
    (project / "nlu_data" / "nlu" / "tlh").mkdir()
    assert [line.split(":")[0] for line in _languages(project)] == ["locales/fa", "nlu_data/nlu/tlh"]


def test_a_wrong_direction_and_an_unknown_locale_are_found(project: Path, plant: Plant) -> None:
    plant("languages.yaml", "direction: rtl", "direction: ltr")
    plant("languages.yaml", "locale: so,", "locale: zz,")
    lines = _languages(project)
    assert any("ar: Babel says it is written rtl" in line for line in lines)
    assert any("so: Babel knows no locale 'zz'" in line for line in lines)


def test_an_intent_that_a_language_does_not_teach_is_found(project: Path) -> None:
    (project / "nlu_data" / "nlu" / "fa" / "education.yml").unlink()
    assert _nlu(project) == ["nlu_data/nlu/fa/education.yml: 0 examples: write at least 5"]


def test_a_carelessly_taught_language_is_found(project: Path) -> None:
    _teach(project, "tr", "education", [f"okul {number}" for number in range(20)])
    lines = _nlu(project)
    assert len(lines) == 3
    assert all("6 examples where another language has 20" in line for line in lines)


def test_the_same_words_for_two_intents_are_found(project: Path) -> None:
    _teach(project, "en", "greeting", ["Education, en: ONE!", *(f"hello {word}" for word in WORDS)])
    [line] = _nlu(project)
    assert "also teaches 'education'" in line


def test_an_example_that_is_there_twice_is_found(project: Path) -> None:
    _teach(project, "en", "greeting", ["Hello there", "hello there!", *(f"hello {word}" for word in WORDS)])
    [line] = _nlu(project)
    assert "is there twice" in line


def test_a_misnamed_file_an_unknown_intent_and_an_empty_example_are_found(project: Path) -> None:
    _teach(project, "en", "weather", ["rain", ""], name="sky")
    lines = " | ".join(_nlu(project))
    assert "teaches 'weather'" in lines
    assert "not in the domain" in lines
    assert "not an example" in lines


def test_a_question_that_is_an_example_is_found(project: Path) -> None:
    questions = project / "questions.jsonl"
    rows = [{"text": "something else"}, {"text": "Education - fa - two?"}]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    [line] = _nlu(project, questions)
    assert line.startswith("nlu_data/nlu/fa/education.yml: an example is question 2 of questions.jsonl")


def test_no_training_data_and_no_questions_fail(project: Path) -> None:
    questions = project / "questions.jsonl"
    questions.write_text("\n", encoding="utf-8")
    assert any("looked at no questions" in line for line in _nlu(project, questions))
    shutil.rmtree(project / "nlu_data" / "nlu")
    assert any("looked at no examples" in line for line in _nlu(project))


@pytest.mark.parametrize(("one", "other"), [("Hello!", "hello"), ("نوبت؟", "نوبت"), ("a  b", "A b")])
def test_folding_ignores_case_spaces_and_punctuation(one: str, other: str) -> None:
    assert fold(one) == fold(other)
