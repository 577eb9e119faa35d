"""Where the sound of a text comes from: a recording, else what was made beforehand, else the voice, now.

The door only reads. What was made beforehand lies in `data/audio`, and `Beforehand.make` alone writes there, from texts
that everybody may read: so nothing that was said to one person can be left behind as a file.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.content import Library
from bot.i18n.registry import Registry
from bot.voice.clips import Clips, load_clips
from bot.voice.errors import VoiceBusyError
from bot.voice.sound import MEDIA_TYPE, Sound
from bot.voice.spoken import markup
from bot.voice.synthesis import WORDS_A_MINUTE, Synthesiser, find_synthesiser
from bot.voice.voices import VOICES, Voice

AT_ONCE: Final = 2
"""Voice programs that run at the same time: two processor cores are what an office's machine has at least."""
MOST_WAITING: Final = 16
"""Texts that wait for one. The last of them waits for about a second; whoever comes after is told to try again."""


@dataclass(slots=True)
class Turns:
    """Lets a few in at a time, a few more wait, and turns away the rest."""

    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _here: int = 0

    async def __aenter__(self) -> None:
        if self._here >= AT_ONCE + MOST_WAITING:
            raise VoiceBusyError("too many texts wait to be spoken: ask again in a second")
        self._here += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._here -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._here -= 1
        self._free.release()


@dataclass(frozen=True, slots=True)
class Beforehand:
    """Sounds in `folder` by what the voice was given, so that a changed rule of speaking never plays an old sound."""

    folder: Path

    def path(self, voice: Voice, words: str) -> Path:
        given = f"{voice.name} {WORDS_A_MINUTE}\n{words}"
        return self.folder / voice.name / f"{sha256(given.encode()).hexdigest()[:16]}.wav"

    async def make(self, synthesiser: Synthesiser, voice: Voice, words: str) -> Path:
        """Make a sound that is not there yet. Raises VoiceFailedError."""
        path = self.path(voice, words)
        if not path.exists():
            content = await synthesiser.speak(words, voice)
            path.parent.mkdir(parents=True, exist_ok=True)
            # Whoever reads it meanwhile finds all of it or nothing.
            beside = path.with_suffix(".part")
            beside.write_bytes(content)
            beside.replace(path)
        return path


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads texts aloud. `synthesiser` is None where no voice program is installed."""

    registry: Registry
    clips: Clips
    beforehand: Beforehand
    synthesiser: Synthesiser | None
    phones: Collection[str]
    turns: Turns = field(default_factory=Turns)

    def voice(self, language: str) -> Voice | None:
        """The voice that speaks a language on this machine, or None: then only its recordings are heard."""
        return VOICES.get(language) if self.synthesiser is not None else None

    def words(self, language: str, text: str, voice: Voice) -> str:
        return markup(text, self.registry.get(language), voice, self.phones)

    async def sound(self, language: str, text: str) -> Sound | None:
        """The sound of `text`, or None where nobody and nothing speaks it.

        Raises VoiceBusyError, VoiceFailedError, UnknownLanguageError.
        """
        if (clip := self.clips.find(language, text)) is not None:
            return Sound(await asyncio.to_thread(clip.read_bytes), MEDIA_TYPE, language)
        voice = self.voice(language)
        if voice is None or self.synthesiser is None:
            return None
        words = self.words(language, text, voice)
        if not any(letter.isalnum() for letter in words):
            return None
        made = self.beforehand.path(voice, words)
        if await asyncio.to_thread(made.is_file):
            return Sound(await asyncio.to_thread(made.read_bytes), MEDIA_TYPE, voice.language)
        async with self.turns:
            return Sound(await self.synthesiser.speak(words, voice), MEDIA_TYPE, voice.language)


def make_reading(library: Library, content: Path, data_dir: Path) -> Reading:
    """The reading of this machine. Raises ContentFileError when a list of recordings cannot be used."""
    return Reading(
        library.languages,
        load_clips(content),
        Beforehand(data_dir / "audio"),
        find_synthesiser(),
        frozenset(library.phones),
    )
