"""Files of questions, messy ones too, and folders of sentences."""

import json
from pathlib import Path

import pytest

from bot.rasa.questions import Question, QuestionsError, read_questions
from tests.nlu.examples import HELD_OUT, sentences


def test_messy_lines_are_read_as_they_are(tmp_path: Path) -> None:
    rows = [{"text": ""}, {"text": "/restart"}, {"text": "a\x00b\u2028c"}, {"text": None}, {"text": "x" * 100_000}, {}]
    file = tmp_path / "q.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\ufeff" + "\n\n".join(lines) + "\n", encoding="utf-8")
    texts = [question.text for question in read_questions(file)]
    assert texts == ["", "/restart", "a\x00b\u2028c", "", "x" * 100_000, ""]


def test_expect_may_be_one_name(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"text": "a", "lang": "ar", "expect": "education"}', encoding="utf-8")
    assert read_questions(file) == [Question("a", "ar", ("education",))]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"text": "a"}\n{"text": ', "line 2: not JSON"),
        ("[1]", "line 1: list instead of an object"),
        ('{"text": "a", "expect": 3}', "`expect` must be a list"),
        ("\n \n", "holds no questions"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError, match=reason):
        read_questions(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"absent\.jsonl"):
        read_questions(tmp_path / "absent.jsonl")


def test_a_folder_of_sentences_says_language_and_meaning_by_its_places(tmp_path: Path) -> None:
    for language, text in (("so", "shaqo"), ("ar", "شغل")):
        (tmp_path / language).mkdir()
        content = (
            f'version: "3.1"\nnlu:\n  - intent: work-permit\n    examples: |\n      - {text}\n      - {text} - 2?\n'
        )
        (tmp_path / language / "work-permit.yml").write_text(content, encoding="utf-8")
    assert read_questions(tmp_path) == [
        Question("شغل", "ar", ("work-permit",)),
        Question("شغل - 2?", "ar", ("work-permit",)),
        Question("shaqo", "so", ("work-permit",)),
        Question("shaqo - 2?", "so", ("work-permit",)),
    ]


def test_the_sentences_held_out_are_all_read() -> None:
    asked = [(question.text, question.lang, question.expect) for question in read_questions(HELD_OUT)]
    assert asked == [(sentence.text, sentence.language, (sentence.intent,)) for sentence in sentences(HELD_OUT)]


@pytest.mark.parametrize(
    ("content", "reason"), [("[", "ParserError"), ("nlu:\n  - lookup: x\n", "KeyError"), (None, "holds no sentences")]
)
def test_a_folder_that_cannot_be_read_is_explained(tmp_path: Path, content: str | None, reason: str) -> None:
    (tmp_path / "en").mkdir()
    if content is not None:
        (tmp_path / "en" / "help.yml").write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError, match=reason):
        read_questions(tmp_path)
