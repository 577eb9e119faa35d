"""`make voices`: makes every synthetic sound once, removes what no text needs, and lists what is to be recorded."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from bot.checks.voices import heard, make_voices, shown_phrases, write_list
from bot.content import Library
from bot.i18n.catalogues import load_catalogues
from bot.settings import ROOT
from bot.voice.clips import key_of
from bot.voice.reading import Reading
from bot.voice.sound import read_wave
from bot.voice.texts import Text

TEXTS = {"tr": ["Merhaba.", "157'yi arayın."], "ps": ["سلام.", "112 ته زنګ ووهئ."]}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogues: None) -> Path:
    """The command with few texts, a data folder of its own, and its lists below a folder of its own."""

    def texts(_: object, __: object, language: str, *___: object) -> list[Text]:
        return [Text(language, text, "interface") for text in TEXTS.get(language, [])]

    monkeypatch.setattr("bot.checks.voices.public_texts", texts)
    monkeypatch.setattr("bot.checks.voices.LISTS", tmp_path / "lists")
    monkeypatch.setenv("REHBER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_sounds_are_made_once_and_old_ones_removed(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_voices(ROOT, []) == 0
    made = sorted((few / "data" / "audio").glob("*/*"))
    assert [path.parent.name for path in made] == ["tr", "tr"]
    assert all(read_wave(path.read_bytes()).seconds > 0.3 for path in made)
    times = [path.stat().st_mtime_ns for path in made]
    old = few / "data" / "audio" / "tr" / "0000000000000000.wav"
    old.write_bytes(b"old")
    assert make_voices(ROOT, []) == 0
    assert [path.stat().st_mtime_ns for path in made] == times
    assert not old.exists()
    assert "2 sounds" in capsys.readouterr().out


def test_the_list_for_a_speaker_names_every_silent_text(few: Path) -> None:
    assert make_voices(ROOT, ["ps"], list_only=True) == 0
    with (few / "lists" / "ps.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == TEXTS["ps"]
    assert [row["file"] for row in rows] == [f"{key_of('ps', text)}.wav" for text in TEXTS["ps"]]
    page = (few / "lists" / "ps.html").read_text(encoding="utf-8")
    assert all(text in page for text in TEXTS["ps"])
    assert not (few / "data").exists()


def test_markup_in_a_text_stays_words_on_the_list(library: Library, tmp_path: Path, reading: Reading) -> None:
    texts = [Text("ps", "<script>x</script> & y", "interface")]
    page = write_list(tmp_path, heard(reading, library.languages.get("ps"), texts))
    assert "<script>" not in page.read_text(encoding="utf-8")


def test_an_unknown_language_is_refused(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_voices(ROOT, ["xx"]) == 1
    assert "xx" in capsys.readouterr().err


def test_every_language_is_counted_truthfully(library: Library, reading: Reading) -> None:
    for code, kinds in {"tr": "voice", "prs": "borrowed", "so": "silent"}.items():
        one = heard(reading, library.languages.get(code), [Text(code, "abc", "interface")])
        assert (bool(one.silent), one.borrowed) == (kinds == "silent", kinds == "borrowed")
        assert bool(one.to_record) == (code != "tr")
    dumb = heard(replace(reading, synthesiser=None), library.languages.get("tr"), [Text("tr", "abc", "interface")])
    assert dumb.silent


def test_the_phrases_are_those_of_the_kiosk(catalogues: None, library: Library) -> None:
    phrases = shown_phrases(ROOT)
    assert "Read aloud" in phrases
    assert "A new case is in the queue." not in phrases, "the console's"
    assert phrases <= load_catalogues(ROOT, library.languages).all_phrases
