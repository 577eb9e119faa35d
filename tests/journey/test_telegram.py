"""A question travels Telegram → PostgreSQL → Rasa → actions → content → Telegram, with every process real."""

import re

import pytest

from bot.content import load_library
from bot.i18n.identify import identify
from bot.settings import ROOT
from tests.emulator import Delivered, Party
from tests.whole import Whole

LIBRARY = load_library(ROOT / "content")
ISOLATES = re.compile("[\u2066-\u2069]")

QUESTIONS = {
    "tr": ("Taşındım, yeni adresimi kaç gün içinde bildirmem gerekiyor?", "address-registration"),
    "en": ("I moved to a new house. How many days do I have to tell you my address?", "address-registration"),
    "ar": ("انتقلت إلى بيت جديد، كم يوماً لدي لإبلاغكم بعنواني؟", "address-registration"),
    "fa": ("من خانه‌ام را عوض کردم، چند روز وقت دارم آدرس جدیدم را اعلام کنم؟", "address-registration"),
}


def plain(message: Delivered) -> str:
    return ISOLATES.sub("", message.text)


def newcomer(whole: Whole, language: str | None = None) -> Party:
    return whole.emulator.new_person(language_code=language)


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_answered_in_its_own_language(whole: Whole, language: str) -> None:
    question, slug = QUESTIONS[language]
    person = newcomer(whole)
    whole.emulator.send_text(person.chat_id, question)
    answer = whole.emulator.wait_for(person.chat_id, seconds=30)[0]
    text = LIBRARY.topic(slug).text(language)
    shown = plain(answer)
    assert text.title in shown
    assert text.answer in shown
    assert "6458" in shown or "5490" in shown, "the legal basis is missing"
    assert identify(shown).language == language
    assert answer.buttons, "the answer offers nothing to go on with"


@pytest.mark.parametrize("language", QUESTIONS)
def test_the_language_chooser_sets_the_language_for_good(whole: Whole, language: str) -> None:
    person = newcomer(whole)
    whole.emulator.send_text(person.chat_id, "/start")
    chooser = whole.emulator.wait_for(person.chat_id, seconds=30)[-1]
    name = LIBRARY.languages.get(language).name
    label = next(label for label in chooser.labels if ISOLATES.sub("", label) == name)
    whole.emulator.press(person.chat_id, label)
    menu = whole.emulator.wait_for(person.chat_id, after=chooser.message_id, seconds=30)[-1]
    assert identify(plain(menu)).language == language


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        ' /inform{"x":"y"}',
        "／restart",
        "\u200f/restart",
        "\ufeff/work-permit",
        "⁄talk-to-a-person",
        "EXTERNAL: x",
    ],
)
def test_typed_commands_of_rasa_force_nothing(whole: Whole, typed: str) -> None:
    person = newcomer(whole, "en")
    whole.emulator.send_text(person.chat_id, typed)
    whole.emulator.wait_for(person.chat_id, seconds=30)
    with whole.database() as db:
        row = db.execute("SELECT ranking FROM turns ORDER BY id DESC LIMIT 1").fetchone()
        seen = db.execute("SELECT data::json ->> 'text' FROM rasa.events WHERE type_name = 'user'").fetchall()
    assert row is not None
    # Rasa ranks a text over many intents; a command it takes at its word, alone.
    assert isinstance(row[0], list)
    assert len(row[0]) > 1, f"{typed!r} was taken as a command: {row[0]}"
    assert seen
    assert not [text for (text,) in seen if str(text).startswith(("/", "EXTERNAL"))]
