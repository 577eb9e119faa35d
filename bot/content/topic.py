"""One topic: its facts, its texts in every language that has one, and the laws and phones it refers to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bot.content.clocks import Clock
from bot.content.facts import Facts
from bot.content.reference import Law, Phone
from bot.content.text import TopicText
from bot.i18n.registry import Registry


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A law in the reader's language, and the article that carries the rule (None: the law as a whole).

    The sentence around it belongs to the catalogues, for example "Legal basis: {law_name}, No. {law_number},
    article {article}".
    """

    law_number: str
    law_name: str
    article: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is on disk. `texts` has the languages that exist; `text()` falls back."""

    slug: str
    facts: Facts
    texts: Mapping[str, TopicText]
    laws: Mapping[str, Law]
    phones: tuple[Phone, ...]
    languages: Registry
    clocks: Mapping[str, Clock]

    def text(self, language: str) -> TopicText:
        """The topic in `language`, or in the first of its fallbacks that has a text.

        `TopicText.language` is the language really used: say so to the person where it differs.
        Raises UnknownLanguageError for a code that the registry does not know.
        """
        for code in self.languages.chain(language):
            if code in self.texts:
                return self.texts[code]
        return self.texts[self.languages.source.code]

    def original(self) -> TopicText:
        """The Turkish text that the others are translated from."""
        return self.texts[self.languages.source.code]

    def withheld(self, on: date) -> bool:
        """Whether the review is overdue on that day: then the text may not be shown to anybody."""
        return on > self.facts.review_due

    def legal_basis(self, language: str) -> tuple[LegalBasis, ...]:
        """The laws behind the topic, in the order of the file, named in `language` or a fallback of it."""
        return tuple(
            LegalBasis(
                law_number=reference.law,
                law_name=self._named(self.laws[reference.law].names, language),
                article=reference.article,
            )
            for reference in self.facts.legal_basis
        )

    def phone_names(self, language: str) -> Mapping[str, str]:
        """Whose each phone number of the topic is, in `language` or a fallback of it, by number."""
        return MappingProxyType({phone.number: self._named(phone.names, language) for phone in self.phones})

    def _named(self, names: Mapping[str, str], language: str) -> str:
        codes = (*self.languages.chain(language), self.languages.source.code)
        return next(names[code] for code in codes if code in names)
