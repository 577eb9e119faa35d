"""Rule: no sentence teaches two intents, none is there twice, and none is a question that measures."""

import json
from collections.abc import Iterable
from pathlib import Path

from bot.checks.findings import Report
from bot.checks.nlu.examples import Example, fold


def check(examples: Iterable[Example], report: Report) -> None:
    seen: dict[str, Example] = {}
    for example in examples:
        earlier = seen.setdefault(example.folded, example)
        if earlier.intent != example.intent:
            report.add(example.path, f"{example.text[:40]!r} also teaches {earlier.intent!r}", "keep it in one intent")
        elif earlier is not example and earlier.path == example.path:
            report.add(example.path, f"{example.text[:40]!r} is there twice", "remove one")


def check_questions(questions: Path, examples: Iterable[Example], report: Report) -> None:
    taught = {example.folded: example for example in examples}
    for number, line in enumerate(questions.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        report.saw("questions")
        example = taught.get(fold(str(json.loads(line)["text"])))
        if example:
            report.add(example.path, f"an example is question {number} of {questions.name}", "remove the example")
    report.require("questions", questions)
