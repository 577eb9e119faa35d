"""What the voice is given: numbers as they are dialled, dates as they are said, Turkish names by a Turkish voice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Library
from bot.i18n.registry import load_registry
from bot.settings import ROOT
from bot.voice.clips import key_of
from bot.voice.reading import Reading
from bot.voice.spoken import markup, plain
from bot.voice.voices import VOICES

ARABIC = load_registry(ROOT / "content").get("ar")
SAID = [
    ("tr", "Acil durumda 112'yi arayın.", "Acil durumda 1 1 2'yi arayın."),
    ("en", "Call 157.", "Call 1 5 7."),
    ("ar", "اتصل على \u2066+90 312 157 11 22\u2069", "اتصل على 0 0 9 0, 3 1 2, 1 5 7, 1 1, 2 2"),
    ("ru", "0532 000 00 00", "0 5 3 2, 0 0 0, 0 0, 0 0"),
    ("en", "within 1157 days, 157%, 157.5", "within 1157 days, 157%, 157.5"),
    ("en", "Law 6458 of 2013", "Law 6458 of 2013"),
    ("tr", "15.03.2025 günü", "15 Mart 2025 günü"),
    ("en", "99.99.2025", "99.99.2025"),
    ("ar", "15.03.2025", "15 آذار مارس 2025"),
    ("ar", "عبر e-İkamet فقط", 'عبر <voice xml:lang="tr">e-İkamet</voice> فقط'),
    ("fa", "در Göç İdaresi است", 'در <voice xml:lang="tr">Göç İdaresi</voice> است'),
    ("en", "via e-İkamet", "via e-İkamet"),
    ("en", "[[f'U@]] <audio src='x'/> &lt;voice&gt;", "f'U@ audio src='x'/ lt;voice gt;"),
    ("en", "a\x00b\u202ec\nd", "a bc d"),
]


@pytest.mark.parametrize(("language", "shown", "said"), SAID)
def test_a_text_is_said_as_people_understand_it(reading: Reading, language: str, shown: str, said: str) -> None:
    voice = reading.voice(language)
    assert voice is not None
    assert reading.words(language, shown, voice) == said


@given(st.text(max_size=300))
def test_whatever_is_shown_the_only_markup_is_ours(text: str) -> None:
    voice = VOICES["ar"]
    assert voice is not None
    words = markup(text, ARABIC, voice, {"112"})
    rest = words.replace('<voice xml:lang="tr">', "").replace("</voice>", "")
    assert not set("<>&[]\x00") & set(rest)
    assert words.count("<voice") == words.count("</voice>")


def test_every_language_is_decided_about(library: Library) -> None:
    assert VOICES.keys() == library.languages.languages.keys()
    assert {code for code in VOICES if VOICES[code] is None} == {"ps", "so", "ckb"}


def test_a_key_is_that_of_the_words_and_of_nothing_invisible() -> None:
    assert key_of("ps", "\u2066112\u2069  ته\nزنګ") == key_of("ps", "112 ته زنګ")
    assert plain("e\u0301") == "é"
    keys = {key_of("ps", "112 ته زنګ"), key_of("ps", "112 ته زنګ."), key_of("fa", "112 ته زنګ")}
    assert len(keys) == 3
