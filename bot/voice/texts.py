"""Every text that is the same for everybody and may be read aloud: the topics' pages, and the words of the interface.

Each text is one paragraph, item or heading, as a page shows it. A recording is made of it, a sound is kept for it, and
a language's share of them says how much of it can be heard. What is said to one person is not among them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.content import Library
from bot.hub.capabilities import capabilities
from bot.hub.render import Renderer
from bot.hub.topic_sheet import Sheet, topic_sheet
from bot.i18n.catalogues import Catalogues
from bot.model import Block
from bot.voice.clips import key_of
from bot.voice.spoken import plain

_CHANNEL = "kiosk"


@dataclass(frozen=True, slots=True)
class Text:
    """`where` says for people in which part it stands: "interface", or the slug of a topic."""

    language: str
    text: str
    where: str

    @property
    def key(self) -> str:
        return key_of(self.language, self.text)


def public_texts(
    library: Library, catalogues: Catalogues, language: str, on: date, phrases: Collection[str] | None = None
) -> list[Text]:
    """The texts in a language as they stand on the day `on`, each once, in the order in which people meet them.

    `phrases` are the message ids of the pages in question; without it all of the interface. A phrase with a gap for a
    name or a number is left out: its words are whole only when it is said.
    """
    words = Renderer(library, catalogues, language, capabilities(_CHANNEL), on)
    found: dict[str, Text] = {}
    for where, text in (*_interface(words, phrases), *_groups(words), *_topics(words)):
        if shown := plain(text):
            found.setdefault(shown, Text(language, shown, where))
    return list(found.values())


def _interface(words: Renderer, phrases: Collection[str] | None) -> Iterator[tuple[str, str]]:
    yield "interface", words.library.languages.get(words.language).name
    for msgid in sorted(words.catalogues.all_phrases if phrases is None else phrases):
        if "{" not in msgid:
            yield "interface", words.catalogues.say(words.language, msgid)


def _groups(words: Renderer) -> Iterator[tuple[str, str]]:
    codes = words.library.languages.chain(words.language)
    for group in words.library.arrangement.groups.values():
        yield "interface", group.name(codes)


def _topics(words: Renderer) -> Iterator[tuple[str, str]]:
    for slug in words.library.slugs:
        sheet = topic_sheet(words, slug)
        own = sheet.language.code == words.language
        blocks = _blocks(sheet) if own else sheet.card
        if own:
            yield slug, sheet.title
        for block in blocks:
            for line in (*block.text.split("\n"), *block.items):
                yield slug, line


def _blocks(sheet: Sheet) -> tuple[Block, ...]:
    return (*sheet.card, *sheet.answer, *(part.block for part in sheet.parts), *sheet.notes)
