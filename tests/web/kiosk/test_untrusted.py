"""Words of people: nothing hidden, reversed or piled up is shown, and nothing that they meant is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.web.untrusted import MOST_MARKS, readable, revealed

HIDDEN = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF, 0xE0041, 0x2060]


@pytest.mark.parametrize("code", HIDDEN)
def test_a_hidden_character_is_left_out_or_shown(code: int) -> None:
    assert readable(f"99{chr(code)}01") == "9901"
    assert revealed(f"99{chr(code)}01") == f"99[U+{code:04X}]01"


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم درخواست بدهم",  # Persian with its joiner
        "اَلْعَرَبِيَّةُ",  # Arabic with all its vowels
        "İl Göç İdaresi – Müdürlüğü’nü",
        "👨‍👩‍👧 aile",
        "Tiếng Việt",
        "line one\nline two\tend",
    ],
)
def test_real_writing_is_untouched(text: str) -> None:
    assert readable(text) == text
    assert revealed(text) == text


def test_a_tower_of_marks_is_cut_down() -> None:
    tower = "Z" + "\u0300" * 500 + "algo"
    assert readable(tower) == "Z" + "\u0300" * MOST_MARKS + "algo"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_whatever_is_typed_can_be_stored_and_shown(text: str) -> None:
    shown = readable(text)
    shown.encode("utf-8")
    assert "\x00" not in shown
    assert not {"\u202e", "\u2066", "\u2069", "\ufeff"} & set(shown)
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in shown)
    assert readable(shown) == shown
    assert set(shown) <= set(text) | {"\n"}
    revealed(text).encode("utf-8")


@given(st.integers(0xD800, 0xDFFF))
def test_half_a_character_is_left_out(code: int) -> None:
    assert readable(f"a{chr(code)}b") == "ab"


def test_staff_read_a_phone_number_in_the_order_in_which_it_is_dialled() -> None:
    shown = revealed("رقمي 0532 000 00 00 اتصلوا")
    assert "\u20660532 000 00 00\u2069" in shown
    assert revealed("غرفة 12") == "غرفة 12"
