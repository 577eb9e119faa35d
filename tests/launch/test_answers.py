"""`make answers`: what a person would see, one row a question, and clear sentences about bad files."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import func, select

from bot import answers
from bot.answers import read_questions, write_answers
from bot.assistant.rasa import RasaAssistant
from bot.bootstrap import Service
from bot.channels import terminal
from bot.errors import SettingsError
from bot.hub.identity_check import IdentityCheck, case_client
from bot.hub.reminders import Reminders
from bot.hub.turn import Hub
from bot.i18n.phrases import LABELS, PHRASES
from bot.storage.tables import conversations
from tests.assistant.rest_channel import Asked, RestChannel, keys, rest_channel, said

FIELDS = {"text", "lang", "language", "keys", "answer", "buttons", "offers_person"}


@pytest.fixture
async def rasa() -> AsyncIterator[RestChannel]:
    def answer(question: Asked) -> object:
        key = "handoff.open" if "person" in question.message else "topic:education"
        return [{"recipient_id": question.sender, "custom": {"keys": [key]}}]

    async with rest_channel(said(answer)) as channel:
        yield channel


@pytest.fixture
async def running(service: Service, rasa: RestChannel) -> AsyncIterator[Service]:
    """A service whose worker answers."""

    async def work(hub: Hub) -> None:
        while True:
            if not await hub.take_turn():
                await asyncio.sleep(0.01)

    with structlog.testing.capture_logs():
        async with RasaAssistant(rasa.url, 2) as assistant, case_client(service) as client:
            check = IdentityCheck(service, client)
            hub = Hub(service, assistant, check, Reminders(service, client, check))
            worker = asyncio.create_task(work(hub))
            yield service
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def test_one_row_a_question_in_the_order_of_the_file(running: Service, tmp_path: Path) -> None:
    questions = [f"How do I put my child in school? {number}" for number in range(9)]
    rows = [{"text": text, "lang": "en", "expect": ["education"]} for text in questions]
    rows += [{"text": "كيف أسجل طفلي في المدرسة؟"}, {"text": "I want to talk to a person"}]
    report = tmp_path / "deep" / "report.jsonl"
    count = await write_answers(running, write(tmp_path / "q.jsonl", *map(json.dumps, rows)), report)
    answered = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert count == len(answered) == 11
    assert [row["text"] for row in answered] == [row["text"] for row in rows]
    assert all(set(row) == FIELDS for row in answered)
    english, arabic, person = answered[0], answered[9], answered[10]
    assert (english["lang"], english["language"], english["keys"]) == ("en", "en", ["topic:education"])
    assert running.library.topic("education").text("en").answer in english["answer"]
    assert running.catalogues.say("en", LABELS["person"]) in english["buttons"]
    assert english["offers_person"] is True
    assert (arabic["lang"], arabic["language"]) == (None, "ar")
    assert (person["keys"], person["offers_person"]) == (["handoff.open"], True)
    assert PHRASES["handoff-opened"] in person["answer"]
    async with running.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(conversations)) == 0, "a conversation is left behind"


async def test_a_question_that_fails_has_its_notice_in_the_report(
    running: Service, rasa: RestChannel, tmp_path: Path
) -> None:
    rasa.act = keys("topic:none")
    report = tmp_path / "report.jsonl"
    await write_answers(running, write(tmp_path / "q.jsonl", '{"text": "school, please tell me"}'), report)
    row = json.loads(report.read_text(encoding="utf-8"))
    assert (row["answer"], row["keys"], row["offers_person"]) == (PHRASES["gave-up"], ["say:gave-up"], True)


async def test_when_nobody_works_each_row_says_so(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def impatient(service: Service, text: str) -> terminal.Answer:
        return await terminal.ask(service, text, patience=0.1)

    monkeypatch.setattr(answers, "ask", impatient)
    report = tmp_path / "report.jsonl"
    await write_answers(service, write(tmp_path / "q.jsonl", '{"text": "school?"}'), report)
    row = json.loads(report.read_text(encoding="utf-8"))
    assert set(row) == FIELDS | {"error"}
    assert "make run" in row["error"]
    assert (row["answer"], row["language"], row["offers_person"]) == ("", None, False)


NO_QUESTIONS = [
    "not json",
    '{"txt": "x"}',
    '{"text": 7}',
    '{"text": null}',
    "[]",
    '"text"',
    "7",
    "null",
    '{"text": "x"',
]
STRANGE = ['{"text": ["x"]}', '{"text": "half a pair \\ud83d"}', "[" * 100_000]


@pytest.mark.parametrize("line", [*NO_QUESTIONS, *STRANGE])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "q.jsonl", '{"text": "fine"}', line, '{"text": "fine"}')
    with pytest.raises(SettingsError) as error:
        read_questions(path)
    assert "q.jsonl:2: " in str(error.value)
    assert "\n" not in str(error.value)


def test_a_question_may_hold_what_unicode_calls_a_line_end(tmp_path: Path) -> None:
    text = "one\u2028two\x85three\x0cfour"
    path = write(tmp_path / "q.jsonl", "", json.dumps({"text": text}, ensure_ascii=False) + "\r", "  ")
    assert [row["text"] for row in read_questions(path)] == [text]


def test_a_byte_order_mark_is_no_part_of_the_first_question(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "x"}\n')
    assert read_questions(path) == [{"text": "x"}]


@pytest.mark.parametrize("content", [b"", b"\n \n", b'{"text": "\xff"}', b"\xff\xfe{\x00"])
def test_a_file_that_holds_no_questions_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"q\.jsonl"):
        read_questions(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(SettingsError, match="QUESTIONS="):
            read_questions(path)


async def test_a_report_that_cannot_be_written_is_said_before_the_first_question(
    service: Service, tmp_path: Path
) -> None:
    questions = write(tmp_path / "q.jsonl", '{"text": "school?"}')
    with pytest.raises(SettingsError, match="REPORT="):
        await write_answers(service, questions, tmp_path)
    with pytest.raises(SettingsError, match="REPORT="):
        await write_answers(service, questions, questions / "below-a-file.jsonl")
    async with service.engine.connect() as db:
        assert await db.scalar(select(func.count()).select_from(conversations)) == 0
