"""A person's recordings: `content/audio/<language>/<key>.wav` and the list of them, `clips.yaml`.

The key is made from the exact words, so a text that was changed never plays what was recorded before. Only what stands
in the list is played: whoever withdraws their consent is taken out of it. How to record: `content/audio/README.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.i18n.yaml_files import ContentFileError, read_model
from bot.voice.spoken import plain

FOLDER: Final = "audio"
LIST: Final = "clips.yaml"
SUFFIX: Final = ".wav"

Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def key_of(language: str, text: str) -> str:
    """The name of a text's sound: 16 hexadecimal digits that change with any letter of it."""
    return sha256(f"{language}\n{plain(text)}".encode()).hexdigest()[:16]


class Speaker(BaseModel):
    """Who speaks. `name` may be one they chose; `consent`: the day they agreed in writing that the office plays it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    consent: date
    licence: Words


class Clip(BaseModel):
    """One recording: the words that are spoken, by whom, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words
    speaker: str
    recorded: date


class ClipList(BaseModel):
    """A language's `clips.yaml`: speakers by a short name, recordings by the key of their text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speakers: Mapping[str, Speaker]
    clips: Mapping[Key, Clip]


@dataclass(frozen=True, slots=True)
class Clips:
    """The recordings that may be played, by key."""

    files: Mapping[str, Path]

    def find(self, language: str, text: str) -> Path | None:
        return self.files.get(key_of(language, text))


def clip_folders(content: Path) -> list[Path]:
    """The folders of the languages that have recordings."""
    return sorted(path.parent for path in (content / FOLDER).glob(f"*/{LIST}"))


def read_list(folder: Path) -> ClipList:
    """The list of one language. Raises ContentFileError, also for a speaker nobody knows."""
    path = folder / LIST
    listed = read_model(path, ClipList)
    for key, clip in listed.clips.items():
        if clip.speaker not in listed.speakers:
            raise ContentFileError(
                path, f"{key}: nobody is called {clip.speaker!r}", "name the speaker under `speakers`"
            )
    return listed


def load_clips(content: Path) -> Clips:
    """Every recording of the content folder whose words are those it is named by. Raises ContentFileError."""
    files = {
        key: folder / f"{key}{SUFFIX}"
        for folder in clip_folders(content)
        for key, clip in read_list(folder).clips.items()
        if key == key_of(folder.name, clip.text)
    }
    return Clips(MappingProxyType({key: path for key, path in files.items() if path.is_file()}))
