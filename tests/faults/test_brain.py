"""Rasa is slow or gone: people are told within five seconds, in their language, and answered once when it is back."""

import os
import re
import signal
import time

import pytest

from bot.content import load_library
from bot.i18n.catalogues import load_catalogues
from bot.i18n.phrases import LABELS, PHRASES
from bot.settings import ROOT
from tests.whole import Whole

LIBRARY = load_library(ROOT / "content")
CATALOGUES = load_catalogues(ROOT, LIBRARY.languages)
ISOLATES = re.compile("[\u2066-\u2069]")
QUESTIONS = {"ar": "كيف أسجل طفلي في المدرسة؟", "en": "How do I put my child in school?"}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_notice_within_five_seconds_and_one_answer_after_it(whole: Whole, language: str) -> None:
    rasa = whole.pid("rasa")
    person = whole.emulator.new_person()
    os.kill(rasa, signal.SIGSTOP)
    try:
        asked = time.monotonic()
        whole.emulator.send_text(person.chat_id, QUESTIONS[language])
        notice = whole.emulator.wait_for(person.chat_id, seconds=20)[0]
        assert notice.arrived - asked <= 5.5
        assert ISOLATES.sub("", notice.text) == CATALOGUES.say(language, PHRASES["please-wait"])
        assert CATALOGUES.say(language, LABELS["person"]) in notice.labels
    finally:
        os.kill(rasa, signal.SIGCONT)
    title = LIBRARY.topic("education").text(language).title
    messages = whole.emulator.wait_for(person.chat_id, count=2, seconds=40)
    assert title in ISOLATES.sub("", messages[1].text)
    time.sleep(3)
    assert len(whole.emulator.delivered(person.chat_id)) == 2, "answered more than once"


def test_buttons_work_without_rasa(whole: Whole) -> None:
    rasa = whole.pid("rasa")
    person = whole.emulator.new_person(language_code="en")
    whole.emulator.send_text(person.chat_id, "/help")
    helped = whole.emulator.wait_for(person.chat_id, seconds=30)[-1]
    os.kill(rasa, signal.SIGSTOP)
    try:
        whole.emulator.press(person.chat_id, CATALOGUES.say("en", LABELS["menu"]))
        menu = whole.emulator.wait_for(person.chat_id, after=helped.message_id, seconds=5)[-1]
        title = LIBRARY.topic("health-care").text("en").title
        whole.emulator.press(person.chat_id, title)
        page = whole.emulator.wait_for(person.chat_id, after=menu.message_id, seconds=5)[-1]
        assert title in page.text
    finally:
        os.kill(rasa, signal.SIGCONT)
