"""The interface's words in a language, from the gettext catalogues of `locales/`.

Owns the look-up, not the files: `python -m bot.checks compile` builds the `.mo` files from the `.po` files. A missing
word falls back along the language's chain and in the end to the English message id, never to an empty string.
"""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.mofile import read_mo

from bot.errors import ContentError
from bot.i18n.registry import Registry

DOMAIN = "rehber"


def N_(text: str) -> str:  # noqa: N802 - the name that xgettext and Babel know
    """Mark a phrase for extraction where it is defined; it is translated where it is said."""
    return text


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Translations by language code, and which phrases each language has of its own."""

    by_language: Mapping[str, gettext.NullTranslations]
    phrases: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @property
    def all_phrases(self) -> frozenset[str]:
        """Every phrase that some language has: what a complete catalogue says."""
        return frozenset().union(*self.phrases.values())

    def say(self, language: str, msgid: str, /, **values: object) -> str:
        """The phrase in a language with its named places filled in (`{name}` in the phrase)."""
        return self.by_language[language].gettext(msgid).format(**values)

    def count(self, language: str, singular: str, plural: str, n: int, **values: object) -> str:
        """The phrase in the plural form that the language uses for `n`."""
        return self.by_language[language].ngettext(singular, plural, n).format(n=n, **values)

    def gettext(self, language: str) -> Callable[[str], str]:
        return self.by_language[language].gettext


def load_catalogues(root: Path, registry: Registry) -> Catalogues:
    """Read the compiled catalogue of every offered language. Raises ContentError when one is missing."""
    loaded: dict[str, gettext.NullTranslations] = {}
    phrases: dict[str, frozenset[str]] = {}
    for language in registry.offered():
        try:
            loaded[language.code] = gettext.translation(DOMAIN, root / "locales", languages=[language.locale])
            phrases[language.code] = _phrases(root / "locales" / language.locale / "LC_MESSAGES" / f"{DOMAIN}.mo")
        except FileNotFoundError:
            raise ContentError(
                f"locales/{language.locale}: there is no compiled catalogue for {language.code}: "
                "run `make catalogues` (or `python -m bot.checks compile`)"
            ) from None
    return Catalogues(loaded, phrases)


def _phrases(path: Path) -> frozenset[str]:
    """The message ids that a compiled catalogue has words for; of a plural, the id for one."""
    with path.open("rb") as file:
        messages = list(read_mo(file))
    return frozenset(
        message.id if isinstance(message.id, str) else message.id[0]
        for message in messages
        if message.id and message.string and all(message.string)
    )
