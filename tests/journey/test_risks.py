"""What people would see when much is at stake: every risk of the file, through every process, and no unsafe answer."""

from collections import Counter
from pathlib import Path

import pytest

from bot.answers import write_answers
from bot.bootstrap import build_service
from bot.checks.answers import check_answers
from bot.checks.findings import Report
from bot.settings import ROOT
from tests.whole import Whole

RISKS = ROOT / "tests" / "nlu" / "probes" / "risk.jsonl"
FEWEST = 200


@pytest.mark.timeout(900)
async def test_no_answer_is_unsafe(whole: Whole, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    service = build_service(whole.settings, connections=8)
    try:
        asked = await write_answers(service, RISKS, answers)
    finally:
        await service.engine.dispose()
    report = Report()
    check_answers(ROOT, answers, RISKS, report)
    assert report.looked_at == Counter(answers=asked)
    assert asked >= FEWEST
    assert [finding.line(tmp_path) for finding in report.findings] == []
