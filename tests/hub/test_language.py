"""Chosen before said, said before remembered, remembered before guessed, guessed before the default."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bot.content import load_library
from bot.hub.language import language_of, language_without_text
from bot.model import Kind
from bot.post.conversations import Conversation
from bot.settings import ROOT

REGISTRY = load_library(ROOT / "content").languages
NEW = Conversation(uuid4(), "test", "a", None, False, (), 0)
TURKISH = "Çocuğumu okula nasıl kaydettirebilirim, lütfen söyleyin"
PASHTO = "زه څنګه کولای شم خپل ماشوم په ښوونځي کې شامل کړم؟"
RUSSIAN = "Как мне записать ребёнка в школу, скажите пожалуйста"
UKRAINIAN = "Як мені записати дитину до школи, скажіть, будь ласка"
DARI_OR_PERSIAN = "چگونه فرزندم را در مدرسه ثبت نام کنم؟"


def decide(talk: Conversation, text: str, hint: str | None = None, default: str = "tr", kind: Kind = Kind.TEXT) -> str:
    argument = text if kind is Kind.UNREADABLE else ""
    return language_of(REGISTRY, talk, kind, text, argument, hint, default)


def remembered(language: str, *, chosen: bool = False) -> Conversation:
    return replace(NEW, language=language, language_chosen=chosen)


@pytest.mark.parametrize(
    ("talk", "text", "hint", "expected"),
    [
        (remembered("ar", chosen=True), TURKISH, "en", "ar"),
        (NEW, TURKISH, "en", "tr"),
        (NEW, DARI_OR_PERSIAN, "en", "fa"),
        (remembered("ar"), TURKISH, "en", "tr"),
        (remembered("ar"), "ok", "en", "ar"),
        (remembered("ar"), "99 12", "en", "ar"),
        (NEW, "ok", "fa", "fa"),
        (NEW, "ok", "fa-IR", "fa"),
        (NEW, "ok", "FA", "fa"),
        (NEW, "ok", "ps", "ps"),
        (NEW, "ok", "prs", "prs"),
        (NEW, "ok", "ur", "en"),
        (NEW, "ok", "xx", "tr"),
        (NEW, "ok", "", "tr"),
        (NEW, "ok", None, "tr"),
        # One short word in a script tells more than the default language, and than an app in another script.
        (NEW, "کمک", None, "fa"),
        (NEW, "کمک", "en", "fa"),
        (NEW, "کمک", "prs", "prs"),
        (NEW, "سلام", "ps", "ps"),
        (NEW, "نعم", None, "ar"),
        (NEW, "مرسته", None, "ar"),
        (NEW, "څه", None, "ps"),
        (NEW, "да", None, "ru"),
        (NEW, "да", "tr", "ru"),
        (NEW, "ні", None, "en"),
        (NEW, "ok 12", "ar", "ar"),
        (remembered("tr"), "کمک", None, "fa"),
        (remembered("ar"), "کمک", None, "ar"),
        (remembered("prs"), "سلام", "en", "prs"),
        # Known to the code, offered to nobody yet: the nearest that its readers are likely to know.
        (NEW, UKRAINIAN, None, "en"),
        (NEW, RUSSIAN, None, "ru"),
        (NEW, PASHTO, None, "ps"),
        # What was chosen or remembered and is offered no more is no language to answer in.
        (remembered("uk", chosen=True), TURKISH, None, "tr"),
        (remembered("xx", chosen=True), "ok", "en", "en"),
    ],
)
def test_the_order(talk: Conversation, text: str, hint: str | None, expected: str) -> None:
    assert decide(talk, text, hint) == expected


def test_a_button_says_nothing_about_a_language() -> None:
    for kind in (Kind.CHOICE, Kind.COMMAND, Kind.EDIT):
        assert decide(remembered("ar"), TURKISH, kind=kind) == "ar"
        assert decide(NEW, TURKISH, "en", kind=kind) == "en"
    assert decide(remembered("ar"), TURKISH, kind=Kind.UNREADABLE) == "tr"
    assert language_without_text(REGISTRY, NEW, None, "ar") == "ar"


def test_the_answer_is_always_in_an_offered_language() -> None:
    for talk in (NEW, *(remembered(code, chosen=chosen) for code in REGISTRY.languages for chosen in (True, False))):
        for text in ("", "ok", TURKISH, PASHTO, RUSSIAN, DARI_OR_PERSIAN):
            for hint in (None, "kmr", "zz-ZZ"):
                assert REGISTRY.is_offered(decide(talk, text, hint))
