"""Which language a text is in, or that nobody can tell; whatever it is made of, and however long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load_library
from bot.i18n.identify import KNOWN, UNSURE, identify
from bot.settings import ROOT

SENTENCES = {
    "tr": "Çocuğumu okula nasıl kaydettirebilirim?",
    "en": "How do I put my child in school?",
    "ar": "كيف يمكنني تسجيل طفلي في المدرسة؟",
    "fa": "چگونه می‌توانم فرزندم را در مدرسه ثبت نام کنم؟",
    "ps": "زه څنګه کولای شم خپل ماشوم په ښوونځي کې شامل کړم؟",
    "ru": "Что мне делать, если я потерял документ?",
    "fr": "Comment puis-je inscrire mon enfant à l'école ?",
    "kmr": "Ez çawa dikarim zarokê xwe li dibistanê qeyd bikim?",
    "so": "Sideen ilmahayga iskuulka ugu diiwaan gelin karaa?",
    "ckb": "چۆن دەتوانم منداڵەکەم لە قوتابخانە تۆمار بکەم؟",
    "uk": "Як мені записати дитину до школи, будь ласка?",
    "ur": "میں اپنے بچے کو اسکول میں کیسے داخل کروا سکتا ہوں؟",
    "uz": "Bolamni maktabga qanday yozdirsam boʻladi, iltimos ayting?",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_plain_sentence(code: str) -> None:
    found = identify(SENTENCES[code])
    assert found.language == code
    assert 0.5 < found.confidence <= 1


@pytest.mark.parametrize("code", ["tr", "en", "ar", "fa"])
def test_numbers_marks_and_emoji_do_not_disturb(code: str) -> None:
    assert identify(f"\u202e123 🙏🏽 {SENTENCES[code]} !!! \0 99 123 456 789 \u2066").language == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "ok",
        "123456789",
        "٩٩١٢٣٤",
        "🙂🙂🙂",
        "\0\0\0",
        "\ufeff",
        "\ud800\udfff",
        "…",
        "a b",
        "\u0301" * 50,
        "。。。",
    ],
)
def test_what_nobody_can_tell_is_unsure(text: str) -> None:
    assert identify(text) == UNSURE


@pytest.mark.parametrize(
    "text", ["shu lazem jib ma3i", "5alas 2arraret mut hal leile", "akhi ta7 3al ard", "rja3 lal qa2ime"]
)
def test_arabic_in_latin_letters_is_known_by_its_digits(text: str) -> None:
    assert identify(text).language == "ar"


@pytest.mark.parametrize(
    "text",
    [
        "My appointment is at 3pm on the 2nd floor, can I come?",
        "Kod N82 ve V-87 ne demek, 2024 yılında girdim, lütfen söyleyin",
        "Gabadhayda fasalka 7aad waxay rabtaa inay beddesho dugsiga, sidee?",
        "J'ai 3 enfants, la carte coûte combien, le 112 est gratuit ?",
        "Min 2 zarok hene, mala me 5km dûr e, ez çawa bikim?",
    ],
)
def test_other_digits_are_no_letters(text: str) -> None:
    assert identify(text).language != "ar"


def test_it_looks_at_the_beginning_of_a_very_long_text() -> None:
    began = time.monotonic()
    assert identify("word " * 200_000).language in {"en", None}
    assert identify(SENTENCES["ar"] + " \0" * 500_000).language == "ar"
    assert identify("ش" * 1_000_000).language in KNOWN | {None}
    assert time.monotonic() - began < 5


def test_it_names_only_languages_of_the_registry_that_may_be_detected() -> None:
    languages = load_library(ROOT / "content").languages.languages
    assert {code for code in languages if languages[code].detectable} == KNOWN


@settings(max_examples=300, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from([*SENTENCES.values(), "\0", "\ud800", "👍🏽", "ǅ", "\U0002f800"])).map(" ".join)
)
def test_whatever_comes(text: str) -> None:
    found = identify(text)
    assert found.language is None or found.language in KNOWN
    assert 0 <= found.confidence <= 1
    assert identify(text) == found
