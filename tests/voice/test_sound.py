"""The sound is really sound: as long as the text, loud enough, another one for another text, voice and language."""

import asyncio
import math
import struct
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from bot.voice.errors import VoiceBusyError, VoiceFailedError
from bot.voice.reading import AT_ONCE, MOST_WAITING, Reading
from bot.voice.sound import Wave, compact, read_wave
from bot.voice.spoken import LONGEST
from bot.voice.synthesis import Synthesiser
from bot.voice.voices import VOICES

GREETINGS = {
    "tr": "Merhaba. Size nasıl yardım edebilirim?",
    "en": "Hello. How can I help you?",
    "ar": "مرحبًا. كيف يمكنني مساعدتكم؟",
    "fa": "سلام. چگونه می‌توانم به شما کمک کنم؟",
    "prs": "سلام. چطور می‌توانم به شما کمک کنم؟",
    "ru": "Здравствуйте. Чем я могу вам помочь?",
    "fr": "Bonjour. Comment puis-je vous aider ?",
    "kmr": "Silav. Ez dikarim çawa alîkariya we bikim?",
}
STOLEN = Path("/tmp/rehber-stolen")  # noqa: S108 - the file that hostile texts ask for
HOSTILE = {
    "options": "-f /etc/passwd -w /tmp/rehber-stolen --stdout",
    "file by markup": '<audio src="/etc/passwd"/> <speak><voice name="en">x</voice>',
    "half markup": '<voice xml:lang="ru"',
    "phonemes": "[[h@'loU]] [[" * 20,
    "nul": "before\x00after",
    "marks": "a" + "\u0301" * 900,
    "shell": "$(id) `id`; id | id > /tmp/rehber-stolen",
    "entities": "&lt;audio src='/etc/passwd'/&gt; &amp;#0; &xxe;",
    "very long": "kelime " * 15_000,
    "surrogate": "x \ud800 y",
}


async def wave(reading: Reading, language: str, text: str) -> Wave:
    sound = await reading.sound(language, text)
    assert sound is not None
    return read_wave(sound.content)


@pytest.mark.parametrize("language", GREETINGS)
async def test_a_greeting_is_heard(reading: Reading, language: str) -> None:
    sound = await reading.sound(language, GREETINGS[language])
    assert sound is not None
    assert sound.language == ("fa" if language == "prs" else language)
    heard = read_wave(sound.content)
    assert 1.5 < heard.seconds < 6
    assert -26 < heard.loudness() < -14
    assert len(sound.content) < 23_000 * heard.seconds


async def test_sounds_differ_by_text_and_by_language(reading: Reading) -> None:
    sounds = {(await wave(reading, language, text)).data for language in GREETINGS for text in ("157", "Ankara 7")}
    # Dari is spoken by the Persian voice.
    assert len(sounds) == 2 * (len(GREETINGS) - 1)
    once, twice = "Bugün açığız.", "Bugün açığız. Yarın kapalıyız."
    assert (await wave(reading, "tr", twice)).seconds > (await wave(reading, "tr", once)).seconds + 0.5


async def test_a_number_to_dial_is_heard_digit_by_digit(reading: Reading) -> None:
    assert (await wave(reading, "en", "157")).data == (await wave(reading, "en", "1 5 7")).data
    assert (await wave(reading, "en", "156")).data != (await wave(reading, "en", "1 5 6")).data


@pytest.mark.parametrize("language", ["ps", "so", "ckb"])
async def test_a_language_without_a_voice_is_silent(reading: Reading, language: str) -> None:
    assert await reading.sound(language, "112") is None
    assert reading.voice(language) is None


async def test_without_the_program_everything_is_silent(reading: Reading) -> None:
    assert await replace(reading, synthesiser=None).sound("tr", "Merhaba") is None


async def test_what_has_no_letters_has_no_sound(reading: Reading) -> None:
    assert await reading.sound("tr", " … · <> \u2066\u2069 ") is None


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_text_is_words_like_any_other(reading: Reading, text: str) -> None:
    heard = await wave(reading, "en", text)
    assert heard.seconds > 0.2
    assert len(heard.data) < 250 * LONGEST * 22, "not much more than so many letters take"
    assert not await asyncio.to_thread(STOLEN.exists)


async def test_many_at_once_are_all_heard_and_too_many_are_told_to_come_again(reading: Reading) -> None:
    texts = [f"Cümle {number}" for number in range(AT_ONCE + MOST_WAITING + 5)]
    results = await asyncio.gather(*(reading.sound("tr", text) for text in texts), return_exceptions=True)
    assert sum(isinstance(result, VoiceBusyError) for result in results) == 5
    assert await reading.sound("tr", "Cümle sonra") is not None, "the turns are given back"


async def test_a_program_that_fails_or_hangs_is_an_error(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = VOICES["tr"]
    assert voice is not None
    monkeypatch.setattr("bot.voice.synthesis.DEADLINE_SECONDS", 0.3)
    for script in ("exit 3", "exec sleep 60", "cat"):
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        with pytest.raises(VoiceFailedError):
            await Synthesiser(str(program)).speak("Merhaba", voice)
    with pytest.raises(VoiceFailedError, match="does not start"):
        await Synthesiser(str(tmp_path / "nothing")).speak("Merhaba", voice)


async def test_the_program_gets_no_secret_and_no_words_to_be_seen(reading: Reading, tmp_path: Path) -> None:
    voice = VOICES["tr"]
    assert voice is not None
    program, seen = tmp_path / "program", tmp_path / "seen"
    program.write_text(f'#!/bin/sh\n{{ env; echo "$0 $@"; }} > {seen}\nexec espeak-ng "$@"\n')
    program.chmod(0o755)
    await Synthesiser(str(program)).speak("kanarya", voice)
    given = seen.read_text()
    assert "kanarya" not in given
    assert {line.partition("=")[0] for line in given.splitlines()[:-1]} <= {
        "LC_ALL",
        "PWD",
        "PATH",
        "OLDPWD",
        "SHLVL",
        "_",
    }


async def test_the_door_writes_nothing(reading: Reading) -> None:
    await reading.sound("tr", "Yalnızca sizin için.")
    assert not reading.beforehand.folder.exists()


async def test_what_was_made_beforehand_is_played_and_not_made_again(reading: Reading) -> None:
    voice = reading.voice("tr")
    assert voice is not None
    assert reading.synthesiser is not None
    words = reading.words("tr", "Her gün açığız.", voice)
    path = await reading.beforehand.make(reading.synthesiser, voice, words)
    made = path.read_bytes()
    sound = await reading.sound("tr", "Her gün açığız.")
    assert sound is not None
    assert sound.content == made
    path.write_bytes(b"another sound")
    assert await reading.beforehand.make(reading.synthesiser, voice, words) == path
    sound = await reading.sound("tr", "Her gün açığız.")
    assert sound is not None
    assert sound.content == b"another sound"


def test_a_smaller_file_holds_the_same_sound() -> None:
    tone = array("h", [round(12_000 * math.sin(2 * math.pi * 440 * n / 16_000)) for n in range(16_000)])
    plain = Wave(1, 1, 16_000, 16, tone.tobytes())
    small = read_wave(compact(plain))
    assert small.seconds == plain.seconds == 1
    assert small.loudness() == pytest.approx(plain.loudness(), abs=0.1)
    noise = math.sqrt(sum((a - b) ** 2 for a, b in zip(tone, small.samples(), strict=True)) / len(tone))
    signal = math.sqrt(sum(a * a for a in tone) / len(tone))
    assert 20 * math.log10(signal / noise) > 33


@pytest.mark.parametrize(
    "content", [b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEdata" + struct.pack("<I", 4) + b"abcd"]
)
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="WAVE"):
        read_wave(content)
