"""Sentence vectors of texts that do not change, on disk between trainings: encoding them is most of a training's time.

One file of two arrays. A damaged or foreign file is no file; losing it costs minutes and nothing else. Texts of people
never come here: only examples and passages of the repository are encoded in bulk.
"""

import hashlib
import logging
import os
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.rasa.commands import VECTOR_CACHE

logger = logging.getLogger(__name__)

_KEY_BYTES: Final = 16


class VectorCache:
    """Vectors by text, for one encoder and one way of shortening, which `model` names."""

    def __init__(self, path: Path | None, model: str) -> None:
        self._path = path
        self._model = model
        self._known = _read(path) if path else {}

    @classmethod
    def of_the_environment(cls, model: str) -> "VectorCache":
        """The cache that the caller of the training named."""
        place = os.environ.get(VECTOR_CACHE)
        return cls(Path(place) if place else None, model)

    def vectors(self, texts: Sequence[str], encode: Callable[[str], Any]) -> list[Any]:
        """The vector of each text, or None where `encode` gives none. Encodes what is new, on every core."""
        keys = [self._key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                found = zip(new, pool.map(encode, new.values()), strict=True)
                self._known.update((key, vector) for key, vector in found if vector is not None)
            self._write()
        return [self._known.get(key) for key in keys]

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._model}\0{text}".encode()).digest()[:_KEY_BYTES]

    def _write(self) -> None:
        if self._path is None or not self._known:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: a training that is interrupted must not leave half a file.
        fresh = self._path.with_suffix(".new.npz")
        keys = np.frombuffer(b"".join(self._known), dtype=np.uint8).reshape(-1, _KEY_BYTES)
        np.savez(fresh, keys=keys, vectors=np.stack(list(self._known.values())))
        fresh.replace(self._path)


def _read(path: Path) -> dict[bytes, Any]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {key.tobytes(): vector for key, vector in zip(arrays["keys"], arrays["vectors"], strict=True)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        logger.warning("The stored sentence vectors cannot be used (%s); they are made again.", type(error).__name__)
        return {}
