"""To be forgotten on Telegram: Rasa's own tables remember nothing either."""

import re
import time

from bot.content import load_library
from bot.i18n.catalogues import load_catalogues
from bot.i18n.phrases import LABELS, PHRASES
from bot.settings import ROOT
from tests.whole import Whole

CATALOGUES = load_catalogues(ROOT, load_library(ROOT / "content").languages)
ISOLATES = re.compile("[\u2066-\u2069]")


def events(whole: Whole) -> int:
    """How many events Rasa keeps of words that only this test says."""
    with whole.database() as db:
        row = db.execute(
            "SELECT count(*) FROM rasa.events WHERE sender_id IN"
            " (SELECT DISTINCT sender_id FROM rasa.events WHERE data LIKE '%forgettable%')"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))


def test_nothing_is_left_in_rasas_tracker(whole: Whole) -> None:
    emulator = whole.emulator
    chat = emulator.new_person(language_code="en").chat_id
    emulator.send_text(chat, "How do I put my child in school? forgettable")
    seen = emulator.wait_for(chat, seconds=30)[-1]
    assert events(whole) > 3
    emulator.send_text(chat, "/forget")
    seen = emulator.wait_for(chat, after=seen.message_id, seconds=30)[-1]
    emulator.press(chat, CATALOGUES.say("en", LABELS["forget-yes"]))
    seen = emulator.wait_for(chat, after=seen.message_id, seconds=30)[-1]
    assert ISOLATES.sub("", seen.text) == CATALOGUES.say("en", PHRASES["forgotten"])
    time.sleep(1)
    assert events(whole) == 0
