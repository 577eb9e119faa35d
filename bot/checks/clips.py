"""Recordings: each belongs to a text that is still said, is listed, and sounds like the others."""

from datetime import date
from pathlib import Path
from typing import Final

from bot.checks.findings import Report
from bot.content import load_library
from bot.errors import ContentError
from bot.i18n.catalogues import load_catalogues
from bot.i18n.yaml_files import ContentFileError
from bot.voice.clips import FOLDER, LIST, SUFFIX, ClipList, key_of, read_list
from bot.voice.sound import Wave, read_wave
from bot.voice.texts import public_texts

RATES: Final = range(16_000, 48_001)
SHORTEST_SECONDS: Final = 0.3
LOUDNESS: Final = (-24.0, -15.0)
"""Mean level of speech in dB below full scale. The voices of espeak-ng lie at -19 to -22: one touch of the ear after
another shall be equally loud."""
HIGHEST_PEAK: Final = -0.1
"""Above it a recording was cut off."""

_AGAIN: Final = "record it again as content/audio/README.md says"


def check_clips(root: Path, on: date, report: Report) -> None:
    """Check `content/audio` of the project folder `root` as it stands on the day `on`.

    No recordings at all are no finding: the pages say where a language has no voice.
    """
    folders = sorted(path for path in (root / "content" / FOLDER).glob("*") if path.is_dir())
    report.saw("folders of recordings", len(folders))
    if not folders:
        return
    try:
        library = load_library(root / "content")
        catalogues = load_catalogues(root, library.languages)
    except ContentFileError as error:
        report.add(error.path, error.reason, error.remedy)
        return
    except ContentError as error:
        report.add(root / "locales", str(error), "run `make catalogues`")
        return
    for folder in folders:
        if not library.languages.is_offered(folder.name):
            report.add(folder, "a language that nobody is offered", "name the folder by the language's code")
            continue
        try:
            listed = read_list(folder)
        except ContentFileError as error:
            report.add(error.path, error.reason, error.remedy)
            continue
        said = {text.key for text in public_texts(library, catalogues, folder.name, on)}
        _listed(folder, listed, said, report)
        for path in sorted(folder.glob("*")):
            if path.name != LIST:
                _file(path, listed, report)


def _listed(folder: Path, listed: ClipList, said: set[str], report: Report) -> None:
    for key, clip in listed.clips.items():
        path = folder / f"{key}{SUFFIX}"
        if key != key_of(folder.name, clip.text):
            report.add(folder / LIST, f"{key}: is not the key of its text", "take the name from `make voices`")
        elif key not in said:
            report.add(path, "its text is said nowhere any more", "take it out of clips.yaml and delete the file")
        if not path.is_file():
            report.add(path, "is listed and is not there", "add the file, or take it out of clips.yaml")


def _file(path: Path, listed: ClipList, report: Report) -> None:
    report.saw("recordings")
    if path.suffix != SUFFIX:
        report.add(path, "not a WAVE file", _AGAIN)
        return
    if path.stem not in listed.clips:
        report.add(path, "is not listed in clips.yaml, so it is never played", "list it with its text and its speaker")
    try:
        wave = read_wave(path.read_bytes())
    except ValueError as error:
        report.add(path, str(error), _AGAIN)
        return
    if not wave.is_plain or wave.bits != 16 or wave.channels != 1 or wave.rate not in RATES:
        report.add(path, "not 16-bit PCM of one channel with 16 to 48 kHz", _AGAIN)
        return
    _level(path, wave, report)


def _level(path: Path, wave: Wave, report: Report) -> None:
    loudness = wave.loudness()
    if wave.seconds < SHORTEST_SECONDS or loudness <= -50:
        report.add(path, "nothing is heard", _AGAIN)
    elif loudness < LOUDNESS[0]:
        report.add(path, f"too quiet: {loudness:.1f} dB, {LOUDNESS[0]:g} or more is needed", _AGAIN)
    elif loudness > LOUDNESS[1] or wave.peak() > HIGHEST_PEAK:
        report.add(path, f"too loud: {loudness:.1f} dB, at most {LOUDNESS[1]:g}, and no peak cut off", _AGAIN)
