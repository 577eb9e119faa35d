"""`kill -9` of the worker, of Rasa and of the Telegram process in the middle of 200 messages."""

import time

import pytest

from tests.reconciler import reconcile
from tests.whole import Whole

PEOPLE = 10
EACH = 20
VICTIMS = {60: "worker", 100: "rasa", 140: "telegram"}
QUESTIONS = (
    "How do I register my new address?",
    "Can I travel to another city for a wedding?",
    "How do I put my child in school?",
    "Do I need a work permit to work here?",
    "How do I find a free lawyer?",
)
REST_SECONDS = 150.0


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_answered_twice_when_processes_die(whole: Whole) -> None:
    before = _stored(whole)
    people = [whole.emulator.new_person(language_code="en") for _ in range(PEOPLE)]
    asked: dict[int, tuple[int, str]] = {}
    killed = []
    for number in range(PEOPLE * EACH):
        person = people[number % PEOPLE]
        token = f"t{number:03d}x"
        question = QUESTIONS[(number // PEOPLE) % len(QUESTIONS)]
        sent = whole.emulator.send_text(person.chat_id, f"{question} ({token})")
        asked[sent.update_id] = (person.chat_id, token)
        if victim := VICTIMS.get(number):
            killed.append((victim, whole.kill(victim)))
        time.sleep(0.1)
    _wait_for_rest(whole, before + len(asked))
    ledger = reconcile(whole, asked)
    assert ledger.findings == []
    assert len(killed) == len(VICTIMS)
    for victim, pid in killed:
        assert whole.pid(victim) not in (0, pid), f"{victim} was not started again"
    # At most one message a sender can be in flight when the Telegram process dies.
    assert ledger.uncertain <= 8


def _stored(whole: Whole) -> int:
    with whole.database() as db:
        row = db.execute("SELECT count(*) FROM inbox WHERE channel = 'telegram'").fetchone()
    assert row is not None
    return int(str(row[0]))


def _wait_for_rest(whole: Whole, count: int) -> None:
    until = time.monotonic() + REST_SECONDS
    open_rows: object = None
    while time.monotonic() < until:
        with whole.database() as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM inbox WHERE channel = 'telegram'),"
                " (SELECT count(*) FROM inbox WHERE channel = 'telegram' AND state = 'received'),"
                " (SELECT count(*) FROM outbox WHERE channel = 'telegram' AND state IN ('queued', 'sending'))"
            ).fetchone()
        if row is not None and row[0] == count and row[1] == 0 and row[2] == 0:
            return
        open_rows = row
        time.sleep(0.5)
    raise AssertionError(f"not at rest after {REST_SECONDS:.0f} s: (stored, unanswered, unsent) = {open_rows}")
