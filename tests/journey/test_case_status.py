"""Appointment and permit on Telegram: the identity check never reaches Rasa, and leaves nothing behind."""

import re
from datetime import UTC, datetime

import httpx2
import pytest

from bot.caseapi.codes import Vocabulary
from bot.caseapi.sandbox.people import Person, people
from bot.content import load_library
from bot.settings import ROOT
from tests.emulator import Delivered
from tests.whole import Whole

LIBRARY = load_library(ROOT / "content")
ISOLATES = re.compile("[\u2066-\u2069]")
QUESTIONS = {
    "en": "When is my appointment?",
    "tr": "Randevum ne zaman?",
    "ar": "متى موعدي؟",
    "fa": "نوبت من چه زمانی است؟",
}


def booked() -> Person:
    return next(p for p in people(datetime.now(UTC)) if p.appointments and p.appointments[0].status == "BOOKED")


def plain(message: Delivered) -> str:
    return ISOLATES.sub("", message.text)


def last_code(whole: Whole) -> str:
    sandbox = f"http://127.0.0.1:{whole.settings.sandbox_port}/sandbox/sms"
    return str(httpx2.get(sandbox, headers={"Authorization": "Bearer sandbox"}).json()[-1]["code"])


@pytest.mark.parametrize("language", QUESTIONS)
def test_when_is_my_appointment(whole: Whole, language: str) -> None:
    person, emulator = booked(), whole.emulator
    chat = emulator.new_person(language_code=language).chat_id
    emulator.send_text(chat, QUESTIONS[language])
    seen = emulator.wait_for(chat, seconds=30)[-1]
    label = LIBRARY.case_words.of(language, Vocabulary.DOCUMENT, person.document)
    emulator.press(chat, next(shown for shown in seen.labels if ISOLATES.sub("", shown) == label))
    for typed in (person.number, person.factor_value, person.phone, ""):
        seen = emulator.wait_for(chat, after=seen.message_id, seconds=30)[-1]
        emulator.send_text(chat, typed or last_code(whole))
    answer = emulator.wait_for(chat, after=seen.message_id, seconds=30)[-1]
    assert person.appointments[0].unit in plain(answer)
    assert str(person.appointments[0].start.year) in plain(answer)
    assert answer.protected, "a private result can be forwarded"
    assert any(entity["type"] == "spoiler" for entity in answer.entities), "a private result lies open"
    _leaves_nothing(whole, person)


def _leaves_nothing(whole: Whole, person: Person) -> None:
    """Identity data is in no table, Rasa's included, and in no log."""
    secrets = [person.number, person.phone, person.phone.removeprefix("+"), person.factor_value]
    with whole.database() as db:
        tables = db.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'rasa')"
        ).fetchall()
        assert ("rasa", "events") in tables
        for schema, table in tables:
            dump = str(db.execute(f'SELECT t::text FROM "{schema}"."{table}" t').fetchall())  # noqa: S608
            assert not [secret for secret in secrets if secret in dump], f"found in {schema}.{table}"
    logs = list((whole.settings.data_dir / "run" / "logs").glob("*.log"))
    assert len(logs) > 5
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        assert not [secret for secret in secrets if secret in text], f"found in {log.name}"


def test_a_long_number_typed_by_itself_never_reaches_rasa(whole: Whole) -> None:
    chat = whole.emulator.new_person(language_code="en").chat_id
    whole.emulator.send_text(chat, "my number is 99 123 456 789, how do I register my address?")
    whole.emulator.wait_for(chat, seconds=30)
    with whole.database() as db:
        events = str(db.execute("SELECT data FROM rasa.events").fetchall())
    assert "register my address" in events
    assert "99 123 456 789" not in events
    assert "99123456789" not in events
