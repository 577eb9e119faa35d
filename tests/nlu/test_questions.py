"""Files of questions, messy ones too, and the scores made of the answers."""

import json
from pathlib import Path

import pytest

from bot.rasa.questions import Heard, Question, QuestionsError, read_questions, summary


def heard(expect: tuple[str, ...], intent: str | None, *ranking: str, lang: str = "tr") -> Heard:
    return Heard(Question("x", lang, expect), lang, intent, 0.5, tuple((name, 0.1) for name in ranking), 0.010)


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


def test_scores() -> None:
    scores = summary(
        [
            heard(("education",), "education", "education", "help"),
            heard(("education", "help"), "nlu_fallback", "thanks", "deny", "help", lang="ar"),
            heard(("work-permit",), "education", "education", "help", "deny", "work-permit", lang="ar"),
            heard((), "education", "education"),
        ]
    )
    assert (scores["n"], scores["accuracy"], scores["top3"]) == (4, 0.3333, 0.6667)
    assert scores["by_language"]["ar"] == {"n": 2, "accuracy": 0.0, "top3": 0.5}
    assert scores["by_topic"]["education"] == {"n": 2, "accuracy": 0.5, "top3": 1.0}
    assert scores["p50_ms"] == scores["p95_ms"] == 10.0


def test_the_scores_of_one_question_are_json() -> None:
    assert json.loads(json.dumps(summary([heard((), None)])))["accuracy"] is None
