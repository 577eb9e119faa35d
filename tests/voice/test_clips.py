"""A recording goes before the voice while its words are said, and each planted error of a recording is found."""

import json
import math
import shutil
import struct
from array import array
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.checks.clips import check_clips
from bot.checks.findings import Report
from bot.content import Library
from bot.i18n.yaml_files import ContentFileError
from bot.settings import ROOT
from bot.voice.clips import key_of, load_clips
from bot.voice.reading import make_reading
from bot.voice.sound import read_wave

TODAY = date(2026, 11, 23)
TEXT = "په دې ژبه لا غږ نشته."
KEY = key_of("ps", "No")


def tone(amplitude: int = 4600, seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> bytes:
    """A WAVE file as a recorder writes it."""
    wave = (round(amplitude * math.sin(2 * math.pi * 220 * n / rate)) for n in range(round(seconds * rate)))
    data = array("h", (sample for value in wave for sample in [value] * channels)).tobytes()
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    head = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(data)) + b"WAVE" + head + data


@pytest.fixture
def project(tmp_path: Path, catalogues: None) -> Path:
    """The project's content and words in a folder of their own, with one good recording in Pashto."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "locales").symlink_to(ROOT / "locales")
    folder = tmp_path / "content" / "audio" / "ps"
    folder.mkdir(parents=True)
    write(folder, said(tmp_path))
    return tmp_path


def said(project: Path) -> str:
    """The title of a topic in Pashto: a text that pages show."""
    text = (project / "content" / "topics" / "work-permit" / "ps.md").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")


def write(folder: Path, text: str, content: bytes | None = None, **other: object) -> Path:
    key = str(other.get("key", key_of("ps", text)))
    clip = {"text": text, "speaker": "s", "recorded": "2026-11-23"} | dict(other.get("clip", {}))  # type: ignore[call-overload]
    speakers = {"s": {"name": "S", "consent": "2026-11-22", "licence": "CC-BY-4.0"}}
    (folder / "clips.yaml").write_text(json.dumps({"speakers": speakers, "clips": {key: clip}}, ensure_ascii=False))
    path = folder / f"{key}.wav"
    path.write_bytes(tone() if content is None else content)
    return path


def findings(project: Path) -> list[str]:
    report = Report()
    check_clips(project, TODAY, report)
    return [finding.line(project) for finding in report.findings]


def test_a_good_recording_has_no_finding(project: Path) -> None:
    report = Report()
    check_clips(project, TODAY, report)
    assert report.findings == []
    assert report.looked_at["recordings"] == 1


PLANTED: list[tuple[str, Callable[[Path], object]]] = [
    ("is said nowhere any more", lambda folder: write(folder, "د کار اجازه نه ده.")),
    ("is not the key of its text", lambda folder: write(folder, "بل څه", key="0" * 16)),
    ("is listed and is not there", lambda folder: next(folder.glob("*.wav")).unlink()),
    ("is not listed in clips.yaml", lambda folder: (folder / "1234567890abcdef.wav").write_bytes(tone())),
    ("not a WAVE file", lambda folder: (folder / "greeting.mp3").write_bytes(b"ID3")),
    ("not a WAVE file", lambda folder: next(folder.glob("*.wav")).write_bytes(b"OggS")),
    ("not a WAVE file", lambda folder: next(folder.glob("*.wav")).write_bytes(b"")),
    ("not 16-bit PCM of one channel", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(channels=2))),
    ("not 16-bit PCM of one channel", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(rate=8_000))),
    ("nothing is heard", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(amplitude=0))),
    ("nothing is heard", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(seconds=0.1))),
    ("too quiet", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(amplitude=800))),
    ("too loud", lambda folder: next(folder.glob("*.wav")).write_bytes(tone(amplitude=20_000))),
    ("nobody is called 'x'", lambda folder: write(folder, "x", clip={"speaker": "x"})),
    ("clips: Input should be", lambda folder: (folder / "clips.yaml").write_text("speakers: {}\nclips: 3\n")),
    ("that nobody is offered", lambda folder: folder.rename(folder.with_name("xx"))),
]


@pytest.mark.parametrize(("reason", "plant"), PLANTED, ids=[f"{n} {reason}" for n, (reason, _) in enumerate(PLANTED)])
def test_a_planted_error_is_found(project: Path, reason: str, plant: Callable[[Path], object]) -> None:
    plant(project / "content" / "audio" / "ps")
    found = findings(project)
    assert any(reason in line and line.startswith("content/audio/") for line in found), found


async def test_a_recording_is_played_and_the_old_one_never_for_new_words(project: Path, library: Library) -> None:
    reading = make_reading(library, project / "content", project / "data")
    sound = await reading.sound("ps", f"\u2068{said(project)}\u2069")
    assert sound is not None
    assert sound.content == tone()
    assert sound.language == "ps"
    assert await reading.sound("ps", said(project) + ".") is None


async def test_a_recording_goes_before_the_voice(project: Path, library: Library) -> None:
    folder = project / "content" / "audio" / "prs"
    folder.mkdir()
    shutil.copy(project / "content" / "audio" / "ps" / "clips.yaml", folder)
    listed = (folder / "clips.yaml").read_text().replace(key_of("ps", said(project)), key_of("prs", said(project)))
    (folder / "clips.yaml").write_text(listed)
    (folder / f"{key_of('prs', said(project))}.wav").write_bytes(tone(seconds=2))
    sound = await make_reading(library, project / "content", project / "data").sound("prs", said(project))
    assert sound is not None
    assert read_wave(sound.content).seconds == 2
    assert sound.language == "prs"


def test_who_is_taken_out_of_the_list_is_not_played(project: Path) -> None:
    (project / "content" / "audio" / "ps" / "clips.yaml").write_text("speakers: {}\nclips: {}\n")
    assert load_clips(project / "content").files == {}


def test_a_broken_list_stops_the_start(project: Path, library: Library) -> None:
    (project / "content" / "audio" / "ps" / "clips.yaml").write_text("speakers: [\n")
    with pytest.raises(ContentFileError, match=r"clips\.yaml"):
        make_reading(library, project / "content", project / "data")
