"""Every line that the service itself can say in a language: from `content/` and from the catalogues, and nothing else.

An answer is made of such lines only. So whatever is in no text of ours (a person's own words said back, a promise, a
price, a key that nobody turned into words) is found without knowing beforehand what it will be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.checks.content.texts import folded
from bot.content import LegalBasis, Library
from bot.i18n.bidi import ISOLATES
from bot.i18n.catalogues import Catalogues
from bot.i18n.formats import format_date
from bot.i18n.phrases import NOTES, PHRASES

BULLET: Final = "• "
_PLACE: Final = re.compile(r"\\\{([a-z]+)\\\}")
"""A named place of a phrase, as `re.escape` leaves it."""
_BETWEEN_WORDS: Final = re.compile(r"\W+")
_NOTES: Final = ("draft", "machine", "outdated", "not-on-the-page")
"""The notes that are said as they are; those with values are put together below."""
_SOURCE_OF_THE_PHRASES: Final = "en"


@dataclass(frozen=True, slots=True)
class OurWords:
    """The lines of one language. `untranslated` holds the phrases that this language still says in English."""

    language: str
    lines: frozenset[str]
    phrases: tuple[re.Pattern[str], ...]
    untranslated: tuple[re.Pattern[str], ...]

    def has(self, line: str) -> bool:
        """Whether `line`, as `lines_of` gives it, is ours."""
        return line in self.lines or any(phrase.fullmatch(line) for phrase in self.phrases)

    def is_untranslated(self, line: str) -> bool:
        """Whether `line` is a phrase that stands in the answer in English, for want of a translation."""
        return any(phrase.fullmatch(line) for phrase in self.untranslated)


def lines_of(answer: str) -> list[str]:
    """The lines of an answer without bullets and without the invisible characters that keep numbers in order."""
    plain = "".join(char for char in answer if char not in ISOLATES)
    lines = (" ".join(line.removeprefix(BULLET).split()) for line in plain.split("\n"))
    return [line for line in lines if line]


def our_words(library: Library, catalogues: Catalogues, language: str) -> OurWords:
    """What can be said to somebody who reads `language`, or who is shown the text of a fallback of it."""
    values = {
        "place": r"\d{1,4}",
        "phone": "|".join(re.escape(number) for number in library.phones),
        "language": "|".join(re.escape(known.name) for known in library.languages.offered()),
        "name": "|".join(re.escape(name) for name in _owners(library, language)),
        "address": "|".join(re.escape(domain) for domain in library.sites),
        "day": r"[\w ,.()/]{6,60}",
    }
    phrases, untranslated = [], []
    for msgid in (*PHRASES.values(), *(NOTES[name] for name in _NOTES)):
        said = catalogues.gettext(language)(msgid)
        phrases.append(_pattern(said, values))
        if said == msgid and language != _SOURCE_OF_THE_PHRASES:
            untranslated.append(_pattern(msgid, values))
    lines = {" ".join(line.split()) for line in _lines(library, catalogues, language)}
    return OurWords(language, frozenset(lines), tuple(phrases), tuple(untranslated))


def says(text: str, words: str, language: str) -> bool:
    """Whether `words` stand in `text`, whatever the case, the vowel marks and the punctuation."""
    return _bare(words, language) in _bare(text, language)


def _bare(text: str, language: str) -> str:
    plain = "".join(char for char in text if char not in ISOLATES)
    return f" {' '.join(_BETWEEN_WORDS.sub(' ', folded(plain, language)).split())} "


def _pattern(phrase: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """The phrase with what may stand in its named places. Raises KeyError for a place that nobody described."""
    plain = " ".join(phrase.split())
    return re.compile(_PLACE.sub(lambda place: f"(?:{values[place[1]]})", re.escape(plain)))


def _lines(library: Library, catalogues: Catalogues, language: str) -> Iterator[str]:
    codes = library.languages.chain(language)
    yield from (group.name(codes) for group in library.arrangement.groups.values())
    for topic in library.topics.values():
        text = topic.text(language)
        yield from (line for string in text.strings() for line in string.split("\n"))
        yield from (f"{number}: {name}" for number, name in topic.phone_names(language).items())
        day = format_date(topic.facts.last_reviewed, library.languages.get(text.language))
        yield catalogues.say(text.language, NOTES["reviewed"], date=day)
        if laws := [_law(catalogues, text.language, basis) for basis in topic.legal_basis(text.language)]:
            yield catalogues.say(text.language, NOTES["law"], laws=" · ".join(laws))


def _owners(library: Library, language: str) -> Iterator[str]:
    """Whose the official numbers and addresses are."""
    codes = library.languages.chain(language)
    lines = (phone.names for phone in library.phones.values())
    for names in (*lines, *(site.names for site in library.sites.values())):
        yield next(names[code] for code in codes if code in names)


def _law(catalogues: Catalogues, language: str, basis: LegalBasis) -> str:
    note = NOTES["law-with-article" if basis.article else "law-as-a-whole"]
    return catalogues.say(language, note, law=basis.law_name, number=basis.law_number, article=basis.article)
