"""Numbers and Latin names stay readable inside right-to-left text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load_library
from bot.i18n.bidi import ISOLATES, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE, is_balanced, isolate, isolate_unknown
from tests.data.conftest import PROJECT

MIXED = st.text(alphabet="ابپ تث 0123456789 abcİ-+/.:@،؛(),", max_size=60)


def _shown(text: str) -> str:
    """Isolates made visible."""
    return isolate(text, "rtl").replace(LEFT_TO_RIGHT_ISOLATE, "[").replace(POP_ISOLATE, "]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("شماره 444 48 68 است", "شماره [444 48 68] است"),
        ("من الخارج: +90 312 157 11 22.", "من الخارج: [+90 312 157 11 22]."),
        ("الأرقام 112، 157، 183", "الأرقام [112]، [157]، [183]"),
        ("منذ 01.01.2026 تؤخذ", "منذ [01.01.2026] تؤخذ"),
        ("القانون رقم 6458، المادة 89/4", "القانون رقم [6458]، المادة [89/4]"),
        ("عبر e-Devlet أو (SYDV)", "عبر [e-Devlet] أو ([SYDV])"),
        ("اسمه Baro Adli Yardım Bürosu.", "اسمه [Baro Adli Yardım Bürosu]."),
        ("طلبكم #A12 محفوظ", "طلبكم [#A12] محفوظ"),
        ("بدون شماره", "بدون شماره"),
    ],
)
def test_runs_are_isolated_whole(text: str, shown: str) -> None:
    assert _shown(text) == shown


def test_left_to_right_text_is_untouched() -> None:
    assert isolate("Call 444 48 68 now", "ltr") == "Call 444 48 68 now"


@given(MIXED)
def test_isolation_adds_marks_only_and_is_balanced_and_repeatable(text: str) -> None:
    once = isolate(text, "rtl")
    assert "".join(char for char in once if char not in ISOLATES) == text
    assert is_balanced(once)
    assert isolate(once, "rtl") == once


def test_unknown_words_are_isolated_too() -> None:
    assert is_balanced(isolate_unknown("مريم Smith"))


@pytest.mark.parametrize("broken", ["\u2066x", "x\u2069", "\u2069x\u2066"])
def test_unbalanced_isolates_are_noticed(broken: str) -> None:
    assert not is_balanced(broken)


LIBRARY = load_library(PROJECT / "content")
RIGHT_TO_LEFT = [language.code for language in LIBRARY.languages.offered() if language.direction == "rtl"]


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_latin_letters_and_digits_of_every_topic_stand_in_isolates(code: str) -> None:
    seen = 0
    for topic in LIBRARY.topics.values():
        for string in topic.text(code).strings():
            outside = re.sub(f"{LEFT_TO_RIGHT_ISOLATE}.*?{POP_ISOLATE}", "", isolate(string, "rtl"))
            assert not re.search(r"[A-Za-z0-9]", outside), string
            seen += outside != string
    assert seen >= 50


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_every_phone_number_of_every_topic_stays_in_one_piece(code: str) -> None:
    seen = 0
    for topic in LIBRARY.topics.values():
        shown = isolate("\n".join(topic.text(code).strings()), "rtl")
        for number in topic.facts.phones:
            runs = [run.split(POP_ISOLATE)[0] for run in shown.split(LEFT_TO_RIGHT_ISOLATE)[1:]]
            assert any(number in run for run in runs), (topic.slug, number)
            seen += 1
    assert seen >= 10
