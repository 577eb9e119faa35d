"""Speaks a text by espeak-ng, in a process of its own that gets the text and nothing else: no secret and no shell.

The text goes in by the standard input, so no list of processes shows it and no part of it can be an option. The sound
comes out by the standard output; nothing touches the disk.
"""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from bot.voice.errors import VoiceFailedError
from bot.voice.sound import compact, read_wave
from bot.voice.voices import Voice

log = structlog.get_logger()

PROGRAM: Final = "espeak-ng"
WORDS_A_MINUTE: Final = 145
"""espeak-ng's own 175 is too fast for whoever is afraid, or hears their second language."""
DEADLINE_SECONDS: Final = 10.0
"""A text of the greatest length takes a tenth of a second; longer means that something is wrong."""


@dataclass(frozen=True, slots=True)
class Synthesiser:
    """`program` is the full path of espeak-ng."""

    program: str

    async def speak(self, words: str, voice: Voice) -> bytes:
        """A WAVE file of `words` (markup of `bot.voice.spoken`) by `voice`. Raises VoiceFailedError."""
        command = (self.program, "-v", voice.name, "-s", str(WORDS_A_MINUTE), "-b", "1", "-m", "--stdin", "--stdout")
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, cwd="/", env={"LC_ALL": "C.UTF-8"}
            )
        except OSError as error:
            raise VoiceFailedError(
                f"{self.program} does not start ({type(error).__name__}): install espeak-ng"
            ) from None
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                sound, _ = await process.communicate(words.encode())
        except TimeoutError:
            raise VoiceFailedError(f"{self.program} was not ready after {DEADLINE_SECONDS:g} s") from None
        finally:
            # Also when whoever asked has gone: nobody hears it any more.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        try:
            return await asyncio.to_thread(_compacted, sound)
        except ValueError:
            raise VoiceFailedError(f"{self.program} made no sound (exit code {process.returncode})") from None


def _compacted(sound: bytes) -> bytes:
    wave = read_wave(sound)
    if not wave.data:
        raise ValueError("no sound")
    return compact(wave)


def find_synthesiser() -> Synthesiser | None:
    """The voice program of this machine, or None: then only recordings are heard, and pages say so."""
    program = shutil.which(PROGRAM)
    if program is None:
        log.warning("voice.absent", remedy="install espeak-ng: `make setup` does it as root")
        return None
    return Synthesiser(program)
