"""Registry, folders and training data: each planted error is found."""

import json
import shutil
from pathlib import Path

import pytest

from bot.checks.findings import Report
from bot.checks.languages import check_languages
from bot.checks.nlu import check_nlu, fold
from bot.i18n.registry import load_registry
from tests.data.conftest import PROJECT, Plant

LANGUAGES = load_registry(PROJECT / "content").offered()
CODES = tuple(language.code for language in LANGUAGES)
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PAPERS = "  - lookup: province\n    examples: |\n      - Van\n  - lookup: document\n    examples: |\n      - card\n"
SYNONYM = "  - synonym: tp_card\n    examples: |\n      - card\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The registry alone: these rules read nothing else of the content."""
    folder = tmp_path / "content"
    folder.mkdir()
    shutil.copy(PROJECT / "content" / "languages.yaml", folder)
    return folder


@pytest.fixture
def project(content: Path) -> Path:
    """A project of two intents with twelve examples each in every offered language, and enough annotations."""
    root = content.parent
    domain = root / "nlu_data" / "domain"
    domain.mkdir(parents=True)
    (domain / "intents.yml").write_text(
        'version: "3.1"\nintents:\n  - greeting\n  - education\n  - nlu_fallback\n', encoding="utf-8"
    )
    (domain / "entities.yml").write_text('version: "3.1"\nentities: [province, document, date]\n', encoding="utf-8")
    for language in LANGUAGES:
        (root / "locales" / language.locale).mkdir(parents=True)
        _list_words(root, language.code, PAPERS + SYNONYM)
        for intent in ("greeting", "education"):
            _teach(root, language.code, intent, [f"{intent} {language.code} {_annotated(word)}" for word in WORDS])
    return root


def _annotated(word: str) -> str:
    return f'{word} [card](document) [Van](province) [on Monday]{{"entity": "date"}}'


def _list_words(root: Path, code: str, blocks: str) -> None:
    path = root / "nlu_data" / "entities" / f"{code}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'version: "3.1"\nnlu:\n{blocks}', encoding="utf-8")


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
    assert _nlu(project)[0] == "nlu_data/nlu/fa/education.yml: 0 examples: write at least 12"


def test_a_carelessly_taught_language_is_found(project: Path) -> None:
    _teach(project, "tr", "education", [f"okul {_annotated(str(number))}" for number in range(40)])
    lines = _nlu(project)
    assert len(lines) == len(CODES) - 1
    assert all("12 examples where another language has 40: write more examples" in line for line in lines)


def test_the_same_words_for_two_intents_are_found(project: Path) -> None:
    _teach(
        project, "en", "greeting", [f"Education, en: {_annotated('ONE')}!", *(f"hello {_annotated(w)}" for w in WORDS)]
    )
    # Annotations are no words: the sentence is compared as a person would type it.
    _teach(project, "ar", "greeting", ["education ar one card Van on Monday", *(f"hi {_annotated(w)}" for w in WORDS)])
    english, arabic = sorted(_nlu(project), reverse=True)
    assert english.startswith("nlu_data/nlu/en/greeting.yml: 'Education, en: ONE card Van on Monday!'")
    assert english.endswith("also teaches 'education': keep it in one intent")
    assert arabic.startswith("nlu_data/nlu/ar/greeting.yml: ")


def test_an_example_that_is_there_twice_is_found(project: Path) -> None:
    _teach(project, "en", "greeting", ["Hello there", "hello there!", *(f"hello {_annotated(w)}" for w in WORDS)])
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
    rows = [{"text": "something else"}, {"text": "Education - fa - two card, Van: on Monday?"}]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    [line] = _nlu(project, questions)
    assert line.startswith("nlu_data/nlu/fa/education.yml: an example is question 2 of questions.jsonl")


PLANTED = [
    pytest.param("[card](paper)", "unknown entity 'paper': use one of date, document, province", id="entity"),
    pytest.param("[pass](document)", "unknown paper 'pass': use one of tp_card", id="paper-without-value"),
    pytest.param('[x]{"entity": "document", "value": "visa"}', "unknown paper 'visa': use one of tp_card", id="value"),
    pytest.param("[x]{entity: document}", "not an annotation: '[x]{entity: document}': write", id="not-json"),
    pytest.param('[x]{"name": "document"}', "not an annotation: ", id="no-entity"),
    pytest.param("card](document)", "half an annotation: 'card](document)': close its brackets", id="half"),
    pytest.param("see [card", "half an annotation: 'see [card': close its brackets", id="unclosed"),
]


@pytest.mark.parametrize(("sentence", "says"), PLANTED)
def test_a_wrong_annotation_is_found(project: Path, sentence: str, says: str) -> None:
    _teach(project, "en", "greeting", [sentence, *(f"hello {_annotated(word)}" for word in WORDS)])
    [line] = _nlu(project)
    assert line.startswith(f"nlu_data/nlu/en/greeting.yml: {says}")


def test_braces_that_a_stranger_types_are_no_annotation(project: Path) -> None:
    strange = ["{{ user }}", "run ${jndi}", "[] or [x] what"]
    _teach(project, "en", "greeting", [f"{word} {_annotated(word)}" for word in (*WORDS, *strange)])
    assert _nlu(project) == []


def test_too_few_annotations_are_found_by_language_and_entity(project: Path) -> None:
    for intent in ("greeting", "education"):
        _teach(project, "so", intent, [f"{intent} {word} [Van](province)" for word in WORDS])
    assert _nlu(project) == [
        "nlu_data/nlu/so: 0 annotations of 'document': annotate at least 20",
        "nlu_data/nlu/so: 0 annotations of 'date': annotate at least 5",
    ]


LISTS = [
    pytest.param(SYNONYM, "no lookup table of 'province': list the words", id="no-provinces"),
    pytest.param(PAPERS, "no word for the paper 'tp_card': add a synonym", id="no-word"),
    pytest.param(
        PAPERS + SYNONYM.replace("tp_card", "pass"), "the unknown paper 'pass': use one of tp_card", id="value"
    ),
    pytest.param(
        PAPERS + SYNONYM + SYNONYM.replace("tp_card", "Van"), "'card' stands for Van and tp_card: keep it", id="two"
    ),
    pytest.param(
        PAPERS.replace("- card", "- card\n      - pass") + SYNONYM,
        "the paper 'pass' stands for nothing: add",
        id="none",
    ),
]


@pytest.mark.parametrize(("blocks", "says"), LISTS)
def test_a_defect_of_a_word_list_is_found(project: Path, blocks: str, says: str) -> None:
    _list_words(project, "ps", blocks)
    assert any(line.startswith(f"nlu_data/entities/ps.yml: {says}") for line in _nlu(project)), _nlu(project)


def test_a_missing_word_list_is_found(project: Path) -> None:
    (project / "nlu_data" / "entities" / "kmr.yml").unlink()
    assert "nlu_data/entities/kmr.yml: the file is missing: create it, or correct the name" in _nlu(project)


def test_no_training_data_and_no_questions_fail(project: Path) -> None:
    questions = project / "questions.jsonl"
    questions.write_text("\n", encoding="utf-8")
    assert any("looked at no questions" in line for line in _nlu(project, questions))
    shutil.rmtree(project / "nlu_data" / "nlu")
    assert any("looked at no examples" in line for line in _nlu(project))


@pytest.mark.parametrize(("one", "other"), [("Hello!", "hello"), ("نوبت؟", "نوبت"), ("a  b", "A b")])
def test_folding_ignores_case_spaces_and_punctuation(one: str, other: str) -> None:
    assert fold(one) == fold(other)
