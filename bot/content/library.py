"""Reads the whole content folder once, at start-up, and refuses to start with a broken one.

Owns the layout of `content/`. A topic that cannot be read is an error here, never a gap in an answer later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.content.case_words import CaseText, CaseWords, load_case_words
from bot.content.clocks import Clock, clocks_of
from bot.content.duties import Duty, load_duties
from bot.content.facts import Facts
from bot.content.groups import Arrangement, load_arrangement
from bot.content.pictures import Pictures, load_pictures
from bot.content.reference import Law, Phone, Site, load_laws, load_phones, load_sites
from bot.content.text import TextStatus, TopicText, parse_text, read_text_file, wordings
from bot.content.topic import Topic
from bot.errors import ContentError
from bot.i18n.registry import Registry, load_registry
from bot.i18n.yaml_files import ContentFileError, read_model

_TRUSTED: Final = frozenset({TextStatus.SOURCE, TextStatus.REVIEWED})


class UnknownTopicError(ContentError):
    """A slug that the library does not have."""


@dataclass(frozen=True, slots=True)
class Library:
    """All topics, laws, phones, websites, office duties, words of codes and drawings.

    Immutable: a changed file is seen after a restart.
    """

    languages: Registry
    topics: Mapping[str, Topic]
    laws: Mapping[str, Law]
    phones: Mapping[str, Phone]
    sites: Mapping[str, Site]
    arrangement: Arrangement
    duties: tuple[Duty, ...]
    case_words: CaseWords
    pictures: Pictures

    @property
    def slugs(self) -> tuple[str, ...]:
        """The topics in alphabetical order."""
        return tuple(self.topics)

    def topic(self, slug: str) -> Topic:
        """The topic of that name. Raises UnknownTopicError."""
        try:
            return self.topics[slug]
        except KeyError:
            raise UnknownTopicError(f"no topic {slug!r} in content/topics") from None

    def reviewed_only(self) -> "Library":
        """The same knowledge, offered only in the languages whose every text a person has reviewed, and the source.

        An outdated translation stays reviewed: it says so itself, and one edit must not take a language from people.
        """
        offered = [
            code
            for code in self.languages.languages
            if all(code in of and of[code].status in _TRUSTED for of in self._texts())
        ]
        languages = self.languages.only(offered)
        topics = {slug: replace(topic, languages=languages) for slug, topic in self.topics.items()}
        case_words = replace(self.case_words, languages=languages)
        return replace(self, languages=languages, topics=MappingProxyType(topics), case_words=case_words)

    def _texts(self) -> Iterator[Mapping[str, TopicText | CaseText]]:
        """Each thing that a language needs a reviewed text of, by language."""
        yield from (topic.texts for topic in self.topics.values())
        yield self.case_words.texts


def load_library(root: Path) -> Library:
    """Read and validate the content folder `root`. Raises ContentFileError with file, reason and remedy."""
    languages = load_registry(root)
    laws = load_laws(root)
    phones = load_phones(root)
    folders = sorted(path for path in (root / "topics").glob("*") if path.is_dir())
    if not folders:
        raise ContentFileError(root / "topics", "there is no topic", "add a folder with facts.yaml and texts")
    topics = {folder.name: _load_topic(folder, languages, laws, phones) for folder in folders}
    arrangement = load_arrangement(root, topics.keys(), languages)
    return Library(
        languages=languages,
        topics=MappingProxyType(topics),
        laws=MappingProxyType(laws),
        phones=MappingProxyType(phones),
        sites=MappingProxyType(load_sites(root)),
        arrangement=arrangement,
        duties=load_duties(root, topics.keys()),
        case_words=load_case_words(root, languages),
        pictures=load_pictures(root, topics.keys(), arrangement.groups.keys()),
    )


def _load_topic(folder: Path, languages: Registry, laws: Mapping[str, Law], phones: Mapping[str, Phone]) -> Topic:
    path = folder / "facts.yaml"
    facts = read_model(path, Facts)
    if facts.slug != folder.name:
        raise ContentFileError(path, f"slug is {facts.slug!r}", f"write {folder.name!r}, the folder's name")
    _require_known(path, "law", {reference.law for reference in facts.legal_basis}, laws)
    _require_known(path, "law", {law for fact in facts.facts for law in fact.laws}, laws)
    _require_known(path, "phone", set(facts.phones), phones)

    source_code = languages.source.code
    source_path = folder / f"{source_code}.md"
    source = read_text_file(source_path)
    if source.front.status is not TextStatus.SOURCE or source.front.source is not None:
        raise ContentFileError(source_path, "not marked as the source", "set status: source and source: null")
    sources = wordings(source)
    texts = {}
    for text_path in sorted(folder.glob("*.md")):
        code = text_path.stem
        if code not in languages.languages:
            raise ContentFileError(text_path, f"unknown language {code!r}", "name it <code>.md, see languages.yaml")
        file = read_text_file(text_path)
        if code != source_code and (file.front.status is TextStatus.SOURCE or file.front.source is None):
            raise ContentFileError(text_path, "a translation is marked as source", "set source and status")
        texts[code] = parse_text(text_path, file, code, sources)
    return Topic(
        slug=facts.slug,
        facts=facts,
        texts=MappingProxyType(texts),
        laws=laws,
        phones=tuple(phones[number] for number in facts.phones),
        languages=languages,
        clocks=_clocks(path, facts),
    )


def _clocks(path: Path, facts: Facts) -> Mapping[str, Clock]:
    try:
        return clocks_of(facts)
    except ValueError as error:
        raise ContentFileError(path, str(error), "remove the clock, or correct the fact first") from None


def _require_known(path: Path, what: str, names: set[str], known: Mapping[str, object]) -> None:
    for name in sorted(names - known.keys()):
        raise ContentFileError(path, f"unknown {what} {name}", f"add it to content/{what}s.yaml or correct it")
