"""The languages Rehber knows, read once from `content/languages.yaml`.

Owns which languages are offered, how they are written and what to show where a text is missing. Which
language a conversation is in is the hub's decision; words are the catalogues' and the topics' business.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.errors import ContentError
from bot.i18n.yaml_files import ContentFileError, read_model

Direction = Literal["ltr", "rtl"]
Status = Literal["offered", "planned"]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]


class UnknownLanguageError(ContentError):
    """A language code that the registry does not know."""


class Language(BaseModel):
    """One row of the registry; `content/languages.yaml` says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    name: str
    english_name: str
    direction: Direction
    locale: str
    fallback: tuple[Code, ...]
    digits: Literal["latin"]
    status: Status
    detectable: bool

    @property
    def offered(self) -> bool:
        return self.status == "offered"


@dataclass(frozen=True, slots=True)
class Registry:
    """All languages in the order of the file. `source` is the language the topics are written in first."""

    source: Language
    languages: Mapping[str, Language]

    def get(self, code: str) -> Language:
        """The language with this BCP-47 code. Raises UnknownLanguageError."""
        try:
            return self.languages[code]
        except KeyError:
            raise UnknownLanguageError(f"no language {code!r}: add it to content/languages.yaml") from None

    def offered(self) -> tuple[Language, ...]:
        """The languages people may choose, in the order in which to show them."""
        return tuple(language for language in self.languages.values() if language.offered)

    def is_offered(self, code: str) -> bool:
        return code in self.languages and self.languages[code].offered

    def only(self, codes: Collection[str]) -> "Registry":
        """The same languages, of which those outside `codes` and the source are no longer offered."""
        kept = {self.source.code, *codes}
        languages = {
            code: language if code in kept else language.model_copy(update={"status": "planned"})
            for code, language in self.languages.items()
        }
        return Registry(source=self.source, languages=MappingProxyType(languages))

    def chain(self, code: str) -> tuple[str, ...]:
        """The codes to try for a text: the language itself, its offered fallbacks, and always the source."""
        language = self.get(code)
        codes = [code, *(c for c in language.fallback if self.get(c).offered), self.source.code]
        return tuple(dict.fromkeys(codes))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Code
    languages: tuple[Language, ...]


def load_registry(root: Path) -> Registry:
    """Read `languages.yaml` in the content folder `root`. Raises ContentFileError."""
    path = root / "languages.yaml"
    file = read_model(path, _File)
    languages = {language.code: language for language in file.languages}
    if len(languages) != len(file.languages):
        raise ContentFileError(path, "a language is listed twice", "keep one row a code")
    _require_known(path, [file.source], languages)
    for language in file.languages:
        _require_known(path, language.fallback, languages)
    if not languages[file.source].offered:
        raise ContentFileError(path, "the source language is not offered", "set its status to `offered`")
    return Registry(source=languages[file.source], languages=MappingProxyType(languages))


def _require_known(path: Path, codes: Iterable[str], languages: Mapping[str, Language]) -> None:
    for code in codes:
        if code not in languages:
            raise ContentFileError(path, f"the language {code!r} has no row", "add it or correct the code")
