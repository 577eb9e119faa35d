"""The words of the case system's codes in every language: what a status is, what to do next, what to bring.

Owns `content/case/<lang>.yaml`: front matter like a topic's text (`bot.content.text`), then vocabulary, code, words.
Turkish is the source. Which codes there are is the contract's business; here they are names, and their words are data:
nothing in them is ever filled in or looked up.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from bot.content.text import TextFile, TextStatus, fingerprint, is_outdated, read_text_file, wordings
from bot.errors import ContentError
from bot.i18n.registry import Registry
from bot.i18n.yaml_files import ContentFileError, parse_model

FOLDER: Final = "case"
PARTS: Final = ("is", "do", "bring")
"""What it is, what to do next, what to bring: the order in which they are said."""


_NOT_WORDS: Final = re.compile(r"[*`<>\[\]{}_|#…]|https?://")


class Meaning(BaseModel):
    """The words of one code. In the file a text alone is its `is`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    is_: str = Field("", alias="is")
    do: str = ""
    bring: str = ""

    @model_validator(mode="before")
    @classmethod
    def _a_text_alone(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> "Meaning":
        if not any(self.parts.values()):
            raise ValueError("no words: write them, or take the code out")
        if found := _NOT_WORDS.search(" ".join(self.parts.values())):
            raise ValueError(f"{found[0]!r} is markup, a place for a value or a blank: write plain words")
        return self

    @property
    def parts(self) -> Mapping[str, str]:
        """The words by part, in the order in which they are said; "" for a part that there is not."""
        return dict(zip(PARTS, (self.is_, self.do, self.bring), strict=True))


class _Words(RootModel[dict[str, dict[str, Meaning]]]):
    pass


@dataclass(frozen=True, slots=True)
class CaseText:
    """The words in one language. `outdated` and `altered` as for a topic's text."""

    language: str
    words: Mapping[str, Mapping[str, Meaning]]
    status: TextStatus
    reviewer: str | None
    reviewed: date | None
    outdated: bool
    altered: bool

    def strings(self) -> Iterator[str]:
        """Every text of the file, in its order."""
        for codes in self.words.values():
            for meaning in codes.values():
                yield from (words for words in meaning.parts.values() if words)


@dataclass(frozen=True, slots=True)
class CaseWords:
    """All languages. `languages` says what to show where a language has no words of its own."""

    texts: Mapping[str, CaseText]
    languages: Registry

    def of(self, language: str, vocabulary: str, code: str, parts: Iterable[str] = PARTS) -> str:
        """The words of a code, its parts one after the other; "" where it has none of these parts.

        Raises KeyError for a code without words in any language: `require` at start-up keeps that from happening.
        """
        for name in self.languages.chain(language):
            text = self.texts.get(name)
            meaning = text.words.get(vocabulary, {}).get(code) if text else None
            if meaning is not None:
                said = meaning.parts
                return " ".join(said[part] for part in parts if said[part])
        raise KeyError(f"content/{FOLDER}: {vocabulary} has no words for {code}")

    def require(self, vocabulary: str, codes: Iterable[str]) -> None:
        """Raises ContentError unless the source has words for every one of `codes`: then every language finds some."""
        source = self.languages.source.code
        missing = sorted(set(codes) - self.texts[source].words.get(vocabulary, {}).keys())
        if missing:
            raise ContentError(f"content/{FOLDER}/{source}.yaml: {vocabulary} has no words for {', '.join(missing)}")


def case_path(root: Path, code: str) -> Path:
    return root / FOLDER / f"{code}.yaml"


def load_case_words(root: Path, languages: Registry) -> CaseWords:
    """Read the words of the content folder `root`. Raises ContentFileError."""
    source_path = case_path(root, languages.source.code)
    source = read_text_file(source_path)
    if source.front.status is not TextStatus.SOURCE or source.front.source is not None:
        raise ContentFileError(source_path, "not marked as the source", "set status: source and source: null")
    texts = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        if path.stem not in languages.languages:
            raise ContentFileError(path, f"unknown language {path.stem!r}", "name it <code>.yaml, see languages.yaml")
        file = read_text_file(path)
        if path != source_path and (file.front.status is TextStatus.SOURCE or file.front.source is None):
            raise ContentFileError(path, "a translation is marked as source", "set source and status")
        texts[path.stem] = parse_case_text(path, file, wordings(source))
    return CaseWords(MappingProxyType(texts), languages)


def parse_case_text(path: Path, file: TextFile, sources: Collection[str]) -> CaseText:
    """The words of `file`; `sources` are the fingerprints of the Turkish words that it may have been made from.

    Raises ContentFileError. There is no machine translation of a status: beside it there is no room for a warning.
    """
    front = file.front
    if front.status is TextStatus.MACHINE:
        raise ContentFileError(path, "a machine translation", "have a person translate it, and set status: draft")
    words = parse_model(path, _Words, file.body).root
    altered = front.status is TextStatus.REVIEWED and front.reviewed_words != fingerprint(file.body)
    return CaseText(
        language=path.stem,
        words=MappingProxyType({name: MappingProxyType(codes) for name, codes in words.items()}),
        status=TextStatus.DRAFT if altered else front.status,
        reviewer=front.reviewer,
        reviewed=front.reviewed,
        outdated=is_outdated(front, sources),
        altered=altered,
    )
