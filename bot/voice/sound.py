"""Sound as bytes: what the voice made, as small as a browser plays it without a codec of ours, and how loud it is.

The voice speaks 44 kB a second (16 bits, 22,050 Hz). µ-law (ITU-T G.711) keeps the half of it and is heard as the same;
every browser plays it, and a table of 65,536 bytes is all it takes. Smaller needs an encoder that is not installed.
"""

import struct
import sys
from array import array
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import Final

MEDIA_TYPE: Final = "audio/wav"
_PCM: Final = 1
_MU_LAW: Final = 7
_BIAS: Final = 0x84
_CLIP: Final = 32_635


@dataclass(frozen=True, slots=True)
class Sound:
    """`content` is a whole file. `language` is that of the voice, which may be a neighbour's."""

    content: bytes
    media_type: str
    language: str


@dataclass(frozen=True, slots=True)
class Wave:
    """A WAVE file, read: `bits` of one sample, and the samples as they lie in the file."""

    encoding: int
    channels: int
    rate: int
    bits: int
    data: bytes

    @property
    def is_plain(self) -> bool:
        return self.encoding == _PCM

    @property
    def seconds(self) -> float:
        return len(self.data) / max(1, self.rate * self.channels * self.bits // 8)

    def samples(self) -> "array[int]":
        """16-bit samples of a plain or µ-law file. Raises ValueError for anything else."""
        if self.encoding == _MU_LAW and self.bits == 8:
            table = _decoding()
            return array("h", [table[value] for value in self.data])
        if not self.is_plain or self.bits != 16:
            raise ValueError("neither 16-bit PCM nor µ-law")
        return _from_little_endian(self.data[: len(self.data) // 2 * 2])

    def loudness(self) -> float:
        """The mean level of what is not silence, in dB below full scale (RMS of 50 ms with more than -50 dB).

        Silence between words does not count, so a slow speaker is not held for a quiet one. -100 for silence alone.
        """
        samples, step = self.samples(), max(1, self.rate // 20)
        powers = [_power(samples[at : at + step]) for at in range(0, len(samples), step)]
        heard = [power for power in powers if power > 1e-5]
        return 10 * log10(sum(heard) / len(heard)) if heard else -100.0

    def peak(self) -> float:
        """The highest sample in dB below full scale; -100 for silence."""
        highest = max((abs(sample) for sample in self.samples()), default=0)
        return 20 * log10(highest / 32_768) if highest else -100.0


def read_wave(content: bytes) -> Wave:
    """Read a WAVE file. A program that writes to a pipe knows no length: then everything to the end is sound.

    Raises ValueError when it is none.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError("not a WAVE file")
    at, form = 12, None
    while at + 8 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + length]
        if name == b"fmt " and len(body) >= 16:
            form = struct.unpack("<HHIIHH", body[:16])
        elif name == b"data":
            if form is None:
                break
            encoding, channels, rate, _, _, bits = form
            return Wave(encoding, channels, rate, bits, body)
        at += 8 + length + length % 2
    raise ValueError("a WAVE file without sound")


def compact(wave: Wave) -> bytes:
    """A WAVE file of 8-bit µ-law with the sound of a mono file."""
    # A sample's own 16 bits are its place in the table.
    data = bytes(map(_encoding().__getitem__, array("H", wave.samples().tobytes())))
    form = struct.pack("<HHIIHHH", _MU_LAW, 1, wave.rate, wave.rate, 1, 8, 0)
    body = b"".join(
        name + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2)
        for name, part in ((b"fmt ", form), (b"fact", len(data).to_bytes(4, "little")), (b"data", data))
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WAVE" + body


@cache
def _encoding() -> bytes:
    """The µ-law byte of every 16-bit sample, by the sample's own 16 bits."""
    return bytes(_encoded(value - 0x10000 if value > 0x7FFF else value) for value in range(0x10000))


def _encoded(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> exponent + 3) & 0x0F) & 0xFF


@cache
def _decoding() -> tuple[int, ...]:
    return tuple(_decoded(~value & 0xFF) for value in range(0x100))


def _decoded(value: int) -> int:
    magnitude = (((value & 0x0F) << 3) + _BIAS << (value >> 4 & 0x07)) - _BIAS
    return -magnitude if value & 0x80 else magnitude


def _power(samples: "array[int]") -> float:
    return sum(sample * sample for sample in samples) / len(samples) / 32_768**2


def _from_little_endian(data: bytes) -> "array[int]":
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
