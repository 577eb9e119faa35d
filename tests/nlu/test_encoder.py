"""The sentence encoder in Rasa's own environment: the same vectors as ever, and nothing that a text can do to it."""

import json
import math
import os
import subprocess
import time
from pathlib import Path

import pytest

from bot.rasa.commands import rasa_python
from bot.settings import ROOT

HERE = Path(__file__).parent
GOLDEN = HERE / "golden_vectors.json"
Vector = list[float]


def encode(texts: list[str], **environment: str) -> list[Vector | None]:
    done = subprocess.run(
        [str(rasa_python(ROOT)), str(HERE / "probes" / "encoder.py")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environment},
    )
    vectors: list[Vector | None] = json.loads(done.stdout)
    return vectors


def cosine(left: Vector, right: Vector) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True)) / (math.hypot(*left) * math.hypot(*right))


def test_vectors_are_the_stored_ones() -> None:
    golden: dict[str, Vector] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    vectors = encode(list(golden))
    for (text, stored), vector in zip(golden.items(), vectors, strict=True):
        assert vector is not None
        assert cosine(vector, stored) > 0.999, text


def test_one_meaning_in_two_languages_is_closer_than_two_meanings_in_one() -> None:
    work_tr, work_fa, school_tr = encode(["Çalışma izni istiyorum", "مجوز کار می‌خواهم", "Çocuğum okula gidecek"])
    assert work_tr is not None
    assert work_fa is not None
    assert school_tr is not None
    assert cosine(work_tr, work_fa) > cosine(work_tr, school_tr)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\n\t"])
def test_nothing_is_not_encoded(text: str) -> None:
    assert encode([text]) == [None]


def test_nul_does_not_end_a_text() -> None:
    with_nul, without, cut = encode(["çalışma\x00izni", "çalışma izni", "çalışma"])
    assert with_nul == without
    assert with_nul != cut


def test_a_text_of_five_thousand_words_is_encoded_in_bounded_time_with_its_end() -> None:
    story = "Sonra başka bir şehre gittik ve orada uzun zaman bekledik. " * 500
    began = time.monotonic()
    first, second = encode([story + "Avukat istiyorum.", story + "Okul ne zaman açılıyor?"])
    # Unbounded, one of them took more than ten seconds on an idle machine.
    assert time.monotonic() - began < 10
    assert first is not None
    assert second is not None
    assert first != second


def test_it_can_be_switched_off() -> None:
    assert encode(["merhaba"], REHBER_ENCODER="off") == [None]
