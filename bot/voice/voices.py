"""Which voice of espeak-ng speaks a language (https://github.com/espeak-ng/espeak-ng/blob/1.51/docs/languages.md).

Pashto, Somali and Sorani have none: there only a person's recording is heard, and the page says so where it is missing.
Dari is spoken by the Persian voice, which people of Afghanistan understand and hear as foreign: the page says that too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Voice:
    """`name` is espeak-ng's. `language` is the code of the language it was made for."""

    name: str
    language: str


VOICES: Final[Mapping[str, Voice | None]] = MappingProxyType(
    {
        "tr": Voice("tr", "tr"),
        "en": Voice("en-gb", "en"),
        "ar": Voice("ar", "ar"),
        "fa": Voice("fa", "fa"),
        "prs": Voice("fa", "fa"),
        "ps": None,
        "ru": Voice("ru", "ru"),
        "fr": Voice("fr-fr", "fr"),
        # The voice reads Latin letters, so it is Kurmanji's and not Sorani's.
        "kmr": Voice("ku", "kmr"),
        "so": None,
        "ckb": None,
        "uk": Voice("uk", "uk"),
        "uz": Voice("uz", "uz"),
        "ur": Voice("ur", "ur"),
    }
)
"""By the code of the registry. A test holds every language of the registry against it."""

NAMES_IN_LATIN: Final = Voice("tr", "tr")
"""Latin words inside another script are nearly always Turkish names: e-İkamet, Göç İdaresi, SGK."""
