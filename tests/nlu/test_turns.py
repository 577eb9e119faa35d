"""Whole turns: real Rasa, real actions, real PostgreSQL, over the channel that the worker uses."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from bot.keys import Key
from bot.launch.database import EmbeddedDatabase
from tests.nlu.turns import Rasa, conversing

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def rasa(
    trained_model: Path, database_server: EmbeddedDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rasa]:
    with conversing(trained_model, database_server, "rasa_turns", tmp_path_factory.mktemp("turns")) as server:
        yield server


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("Çalışma iznini kim alıyor, işveren mi?", "topic:work-permit"),
        ("How can my daughter start school?", "topic:education"),
        ("ابني ما عم يتنفس", "topic:emergency-and-contacts"),
        ("نوبت من چه روزی است؟", "check:appointment"),
        ("Başvurum sonuçlandı mı acaba", "check:status"),
        ("I would like to speak with an officer", "handoff.open"),
        ("زبان را عوض کن", "languages"),
        ("Bugün maç var mı", "say:out-of-scope"),
        ("merhaba", "say:greeting"),
    ],
)
def test_a_question_is_answered_with_its_key(rasa: Rasa, message: str, key: str) -> None:
    assert rasa.keys(f"one-{key}", message) == [key]


def test_yes_goes_on_with_what_the_hub_remembers(rasa: Rasa) -> None:
    assert rasa.keys("focus-a", "Çocuğumu okula nasıl yazdırırım") == ["topic:education"]
    assert rasa.keys("focus-a", "evet") == rasa.keys("focus-b", "evet") == ["go-on"]


def test_doubt_offers_topics_and_tells_what_was_likely(rasa: Rasa) -> None:
    vague = [
        *(
            "para",
            "çocuğum için",
            "soru belge",
            "randevu okul ikamet hastane",
            "bir yakınımın meselesi hakkında yazıyorum",
        ),
        *(
            "okul hastane iş ev",
            "şehir değişimi çalışma izni okul sigorta",
            "ev para çocuk kağıt mahkeme",
            "imza pasaport vize",
        ),
    ]
    answers = [answer for text in vague for answer in rasa.say("doubt", text)]
    doubted = [a for a in answers if a["custom"]["understanding"]["intent"] == "nlu_fallback"]
    assert doubted
    answer = doubted[0]
    [key] = answer["custom"]["keys"]
    assert Key.parse(key).name == "topics"
    assert 1 <= len(Key.parse(key).argument.split(",")) <= 3
    understanding = answer["custom"]["understanding"]
    assert 0 < len(understanding["ranking"]) <= 10
    assert all(guess["name"] != "nlu_fallback" for guess in understanding["ranking"])


def test_the_tracker_is_in_postgresql(rasa: Rasa) -> None:
    rasa.say("kept", "Adres değişikliğini nereye bildiririm?")
    with psycopg.connect(rasa.database) as line:
        row = line.execute(
            "SELECT intent_name FROM rasa.events WHERE sender_id = 'kept' AND type_name = 'user'"
        ).fetchone()
    assert row == ("address-registration",)


def test_every_turn_of_a_long_conversation_is_kept_once_and_follows_the_one_before(rasa: Rasa) -> None:
    """More turns than the tracker reads back."""
    for _ in range(6):
        assert rasa.keys("long", "Avukat tutacak param yok") == ["topic:legal-aid-and-counselling"]
        assert rasa.keys("long", "evet") == ["go-on"]
    with psycopg.connect(rasa.database) as line:
        rows = line.execute(
            "SELECT type_name, count(*) FROM rasa.events WHERE sender_id = 'long' GROUP BY type_name"
        ).fetchall()
    counts: dict[str, int] = dict(rows)
    assert counts["user"] == counts["bot"] == 12
    assert counts["session_started"] == 1


@pytest.mark.parametrize("path", ["/model/parse", "/conversations/kept/tracker", "/domain", "/status", "/model"])
def test_rasas_own_interface_is_closed(rasa: Rasa, path: str) -> None:
    for parameters in ({}, {"token": "t" * 32}):
        assert rasa.client.get(path, params=parameters).status_code == httpx2.codes.NOT_FOUND
        assert rasa.client.post(path, params=parameters, json={"text": "a"}).status_code == httpx2.codes.NOT_FOUND


def test_an_answer_comes_soon(rasa: Rasa) -> None:
    """Not a benchmark: it notices when Rasa does something slow in every turn again."""
    seconds = []
    for number in range(20):
        began = time.perf_counter()
        rasa.say("soon", f"Yol izin belgesi için hangi evrak gerekir {number}")
        seconds.append(time.perf_counter() - began)
    assert sorted(seconds)[10] < 0.5


def test_when_actions_are_gone_rasa_answers_nothing_and_quotes_nobody(rasa: Rasa) -> None:
    """The last test of this file: it stops the actions. An empty answer is what the worker takes for a failure."""
    rasa.actions.terminate()
    rasa.actions.wait(20)
    assert rasa.say("quoted", "Oturduğum ev Karanfilsokak yanında, adres kaydım lazım") == []
    log = rasa.log.read_text(encoding="utf-8")
    assert "Failed to run custom action" in log
    assert "Karanfilsokak" not in log
    assert "quoted" not in log
